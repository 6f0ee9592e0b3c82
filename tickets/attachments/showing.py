"""Who is shown which attachment, and as what: one place for pages, doors and programs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from common.errors import NotVisible
from tickets import permits, standing
from tickets.attachments.storing import DISPLAY, KEPT, PUBLIC, THUMB
from tickets.keys import ReporterKey
from tickets.models import Attachment, Client, FollowKey, Ticket
from tickets.standing import Group, Reader
from tickets.states import Who
from tickets.words import FileKind

USES = 3
"""So many earlier uses of the same original are named."""
OUTCOMES = ("resolve", "settle")
"""Their after-photos are part of the answer."""


@dataclass(frozen=True)
class Shown:
    """一个附件, ready for a page: an address for each use, never a file name."""

    row: Attachment
    url: str
    is_outside: bool
    used: tuple[str, ...] = ()  # numbers of visible tickets that had the same original before
    is_again: bool = False  # this one had it before

    @property
    def label(self) -> str:
        return str(self.row.get_kind_display())

    @property
    def thumb(self) -> str:
        return f"{self.url}?copy={THUMB}"

    @property
    def original(self) -> str:
        return "" if self.is_outside else f"{self.url}?original=1"

    @property
    def seconds(self) -> int:
        return -(-(self.row.duration_ms or 0) // 1000)


def inside(ticket: Ticket, person: Reader, *, at: datetime) -> list[Shown]:
    """给登录人看的: on the ticket's page."""
    rows = _of_person(ticket, person, at)
    is_outside = is_outsider(person, ticket, at=at)
    url = reverse("attachment", args=[ticket.number, 0])[:-2]
    if is_outside:
        return [Shown(row, f"{url}{row.pk}/", True) for row in rows]
    before = {"attachments__sha256": OuterRef("sha256"), "attachments__pk__lt": OuterRef("pk")}
    uses = Ticket.objects.visible_to(person, at).filter(**before, attachments__erased_at=None)
    used = ArraySubquery(uses.order_by("attachments__pk").values("number")[:USES])
    shown = []
    for row in rows.annotate(used=used):
        numbers = dict.fromkeys(row.used)
        others = tuple(number for number in numbers if number != ticket.number)
        shown.append(Shown(row, f"{url}{row.pk}/", False, others, ticket.number in numbers))
    return shown


def by_event(files: Iterable[Shown]) -> dict[int, list[Shown]]:
    """按记录: what came with which event."""
    found: dict[int, list[Shown]] = defaultdict(list)
    for one in files:
        found[one.row.event_id].append(one)
    return dict(found)


def outside(ticket: Ticket, key: ReporterKey, token: str) -> list[Shown]:
    """给诉求人看的: their own, and what shows the outcome once it was answered."""
    url = reverse("follow_attachment", args=[token, 0])[:-2]
    return [Shown(row, f"{url}{row.pk}/", True) for row in _of_key(ticket, key)]


def find_inside(ticket: Ticket, person: Reader, pk: int, *, at: datetime) -> Attachment:
    """找附件: of a visible ticket; what may not be seen does not exist."""
    return _only(_of_person(ticket, person, at), pk)


def find_outside(key: ReporterKey, pk: int) -> Attachment:
    """找附件 with a follow key, of any matter of theirs."""
    row = Attachment.objects.select_related("ticket").filter(pk=pk).first()
    if row is None or row.ticket_id not in key.own_ids | key.lead_ids:
        raise _unknown()
    return _only(_of_key(row.ticket, key), pk)


def is_outsider(person: Reader, ticket: Ticket, *, at: datetime) -> bool:
    """诉求人一方: sees it as its reporter or follower only."""
    return not permits.is_inside(person, ticket, at=at)


def copy_of(row: Attachment, wanted: str, *, is_outside: bool) -> str:
    """副本: which one is served; the public never gets the copy with a member of staff's name."""
    shown = PUBLIC if is_outside and PUBLIC in row.copies else DISPLAY
    chosen = {THUMB: THUMB, KEPT: KEPT}.get(wanted, shown)
    if chosen == KEPT and is_outside and PUBLIC in row.copies:
        chosen = PUBLIC
    return chosen if chosen in row.copies else KEPT


def _of_person(ticket: Ticket, person: Reader, at: datetime) -> QuerySet[Attachment]:
    rows = _rows(ticket)
    if is_outsider(person, ticket, at=at):
        own = Q(by=person.actor_ref)
        is_clients = isinstance(person, Client) and ticket.client_id == person.pk
        if is_clients or Who.REPORTER in standing.of(person, ticket, at=at):
            own |= _told_to_reporter(ticket)
        return rows.filter(own)
    may_see = Group.PHOTOS in standing.sees(person, ticket, at=at)
    return rows if may_see else rows.none()


def _of_key(ticket: Ticket, key: ReporterKey) -> QuerySet[Attachment]:
    keys = FollowKey.objects.filter(Q(follower_id=key.follower_id), ticket_id=key.ticket_id)
    own = Q(by__in=[f"key:{pk}" for pk in keys.values_list("pk", flat=True)])
    if key.follower_id is None and ticket.pk in key.own_ids:
        own |= _told_to_reporter(ticket)
    lead = Q(ticket_id=ticket.merged_into_id) if ticket.merged_into_id else Q()
    rows = Attachment.objects.filter(Q(ticket=ticket) | lead).select_related("event")
    return rows.filter(own).order_by("id")


def _told_to_reporter(ticket: Ticket) -> Q:
    told = Q(ticket=ticket, event__verb="report")
    if ticket.replied_at is not None:
        told |= Q(ticket=ticket, event__verb__in=OUTCOMES, kind=FileKind.AFTER)
    return told


def _rows(ticket: Ticket) -> QuerySet[Attachment]:
    return Attachment.objects.filter(ticket=ticket).select_related("event").order_by("id")


def _only(rows: QuerySet[Attachment], pk: int) -> Attachment:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotVisible:
    return NotVisible(_("没有这个附件，请从工单页面打开。"))
