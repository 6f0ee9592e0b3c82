"""Follow keys: how a reporter without an account comes back (DESIGN §6)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from common.errors import Gone, NotVisible
from tickets.models import Follower, FollowKey, Ticket, TicketLink

KEPT_AFTER_END = timedelta(days=90)


@dataclass(frozen=True)
class ReporterKey:
    """查询钥匙持有人: the actor behind a follow key."""

    id: int
    ticket_id: int
    follower_id: int | None
    lead_id: int | None  # where the ticket was merged into
    split_ids: frozenset[int] = frozenset()  # what was split off their ticket is theirs, too
    split_lead_ids: frozenset[int] = frozenset()  # where those were merged into

    @property
    def own_ids(self) -> frozenset[int]:
        """Their own matters: the reported ticket and what was split off it."""
        return self.split_ids | {self.ticket_id}

    @property
    def lead_ids(self) -> frozenset[int]:
        """Where their own matters were merged into."""
        return self.split_lead_ids | ({self.lead_id} if self.lead_id else set())

    @property
    def actor_ref(self) -> str:
        return f"key:{self.id}"


def make_key(ticket: Ticket, *, at: datetime, follower: Follower | None = None) -> str:
    """发钥匙: returns the token once; only its hash is stored."""
    token = secrets.token_urlsafe(16)
    FollowKey.objects.create(ticket=ticket, follower=follower, key_hash=_hash(token), made_at=at)
    return token


def open_key(token: str, *, at: datetime) -> tuple[ReporterKey, Ticket]:
    """用钥匙: the actor and their ticket.

    Raises `NotVisible` for an unknown token, `Gone` for a revoked or expired one.
    """
    row = _rows().filter(key_hash=_hash(token)).first()
    if row is None:
        raise NotVisible(_("没有这个查询链接，请核对地址，或拨打 12345 查询。"))
    return _opened(row, at)


def key_of(
    ticket: Ticket, follower: Follower | None, *, at: datetime
) -> tuple[ReporterKey, Ticket] | None:
    """其钥匙: the actor behind a rater's key, where something else showed that it is they.

    Of the ticket's reporter, or of whom follows it; None where they were never given one.
    Raises `Gone` where all of them were revoked.
    """
    home, holder = home_of(ticket, follower)
    rows = list(_rows().filter(ticket=home, follower=holder).order_by("-pk"))
    if not rows:
        return None
    return _opened(next((row for row in rows if row.revoked_at is None), rows[0]), at)


def need_key(
    ticket: Ticket, follower: Follower | None, *, at: datetime
) -> tuple[ReporterKey, Ticket]:
    """须有钥匙: the same; whoever had none is given one that nobody knows."""
    if (found := key_of(ticket, follower, at=at)) is None:
        home, holder = home_of(ticket, follower)
        make_key(home, at=at, follower=holder)
        found = key_of(ticket, follower, at=at)
    assert found is not None
    return found


def home_of(ticket: Ticket, follower: Follower | None) -> tuple[Ticket, Follower | None]:
    """钥匙归处: what they reported, or first followed, and as whom."""
    while follower is not None and follower.via is not None:
        follower = follower.via
    if follower is None:
        return ticket, None
    return (follower.merged, None) if follower.merged else (follower.ticket, follower)


def _rows() -> QuerySet[FollowKey]:
    return FollowKey.objects.select_related("ticket__merged_into").annotate(
        is_split=Exists(_splits().filter(ticket=OuterRef("ticket")))
    )


def _opened(row: Any, at: datetime) -> tuple[ReporterKey, Ticket]:
    ticket: Ticket = row.ticket
    split_off = _split_off(ticket.pk) if row.is_split and row.follower_id is None else {}
    key = ReporterKey(
        row.pk, ticket.pk, row.follower_id, ticket.merged_into_id, frozenset(split_off),
        frozenset(lead for lead in split_off.values() if lead),
    )  # fmt: skip
    if row.revoked_at is not None or _is_over(key, ticket, at):
        raise Gone(_("这个查询链接已失效。结案 90 天后请拨打 12345 查询。"))
    return key, ticket


def reaching(ticket: Ticket) -> list[FollowKey]:
    """通到工单的钥匙: of the ticket, of what was merged into it or it was split from."""
    found: set[int] = set()
    more = {ticket.pk}
    while more - found:
        found |= more
        merged = Ticket.objects.filter(merged_into__in=found).values_list("pk", flat=True)
        more = {*merged, *_splits().filter(other__in=found).values_list("ticket", flat=True)}
    rows = FollowKey.objects.select_related("ticket").filter(ticket__in=found, revoked_at=None)
    return list(rows.order_by("pk"))


def opened_by(key: FollowKey) -> set[int]:
    """打开的工单: its own, what was split off it, and where those were merged into."""
    split_off = _split_off(key.ticket_id) if key.follower_id is None else {}
    ids = {key.ticket_id, key.ticket.merged_into_id, *split_off, *split_off.values()}
    return {pk for pk in ids if pk is not None}


def _is_over(key: ReporterKey, ticket: Ticket, at: datetime) -> bool:
    """All of it ended long ago: the report, what was split off it, and where those went."""
    ends = [(ticket.merged_into or ticket).ended_at]
    if others := key.split_ids | key.split_lead_ids:
        rows = Ticket.objects.filter(pk__in=others)
        ends += rows.values_list("ended_at", flat=True)
    return all(end is not None and at > end + KEPT_AFTER_END for end in ends)


def _split_off(ticket_id: int) -> dict[int, int | None]:
    """拆出的工单: each with where it was merged into, at any depth."""
    found: dict[int, int | None] = {}
    parents = [ticket_id]
    while parents:
        links = _splits().filter(ticket__in=parents)
        rows = dict(links.values_list("other_id", "other__merged_into_id"))
        parents = [pk for pk in rows if pk not in found]
        found |= rows
    return found


def _splits() -> QuerySet[TicketLink]:
    return TicketLink.objects.filter(is_split=True)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
