"""承办: what a unit's page reads: its lists, who carries how much, what is suspended.

Each list is a path of its own, so that its statement is made once for all people of the same
posts (see `walks`); what a counter counts is the list it leads to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.errors import NotYours
from grids.models import Person, PostKind
from tickets import boards, walks
from tickets.models import Approval
from tickets.models.approval import ApprovalKind, ApprovalState
from tickets.models.queries import TicketQuerySet
from tickets.models.ways import TAKERS, Ways, units_of
from tickets.states import State
from tickets.walks import Path, Walk

TODO, NEW, TODAY, LATE, WAITING, ASSIST, SUSPENDED, ENDED = (
    "todo", "new", "today", "late", "waiting", "assist", "suspended", "ended",
)  # fmt: skip
COUNTERS = {
    NEW: gettext_lazy("待签收"), TODAY: gettext_lazy("今天到期"), LATE: gettext_lazy("已超期"),
    WAITING: gettext_lazy("等待他人"),
}  # fmt: skip
TABS = {
    TODO: gettext_lazy("全部待办"), ASSIST: gettext_lazy("待协办"),
    SUSPENDED: gettext_lazy("挂账台账"), ENDED: gettext_lazy("已结束"),
}  # fmt: skip
NAMES = {**COUNTERS, **TABS}
COUNTED = (*COUNTERS, TODO, ASSIST, SUSPENDED)
"""What has ended is not counted at every look."""
Wanted = Callable[[datetime], Q]
IN_HAND = Q(state__in=(State.DISPATCHED, State.HANDLING))
ASKED = Q(has_request=True) | Q(open_assists__gt=0) | Q(asked_until__isnull=False)
BEYOND = Q(state__in=(State.RESOLVED, State.VERIFIED, State.REPLIED, State.CONTESTED))
WAITED = BEYOND | (IN_HAND & ASKED)
"""Somebody else comes next: a desk, a grid worker, a reporter, a helper, whoever decides."""


@dataclass(frozen=True)
class Load:
    """一个人手里的: of the unit's tickets; nobody's (`handler` none) are those to be claimed."""

    handler: int | None
    name: str
    todo: int
    today: int
    late: int
    waiting: int


def serves(person: Person, *, at: datetime) -> bool:
    """承办单位的人: holds a post in a unit, or stands in for one."""
    return bool(units_of(person, at))


def takes(person: Person, *, at: datetime) -> bool:
    """可以签收: a clerk or handler; a head assigns."""
    return any(post.kind in TAKERS and post.unit_id for post in person.posts_at(at))


def require(person: Person, *, at: datetime) -> None:
    """须是承办单位的人, else `NotYours`."""
    if not serves(person, at=at):
        raise NotYours(_("承办页面只对承办单位的人开放，您的工单在“我的待办”里。"))


def due_today(at: datetime) -> Q:
    """今天到期: not over yet, and due before midnight."""
    return Q(due_at__gt=at, due_at__date__lte=clock.local(at).date())


def _narrowed(start: Path, wanted: Wanted) -> Path:
    def path(person: Person, at: datetime) -> tuple[TicketQuerySet, Ways]:
        rows, found = start(person, at)
        return rows.filter(wanted(at)), found

    return path


def _always(wanted: Q) -> Wanted:
    return lambda _at: wanted


PATHS: dict[str, Path] = {
    TODO: _narrowed(walks.held, _always(IN_HAND)),
    NEW: _narrowed(walks.held, _always(Q(state=State.DISPATCHED))),
    TODAY: _narrowed(walks.held, lambda at: IN_HAND & due_today(at)),
    LATE: _narrowed(walks.held, lambda at: IN_HAND & Q(due_at__lte=at)),
    WAITING: _narrowed(walks.held, _always(WAITED)),
    ASSIST: walks.helped,
    SUSPENDED: _narrowed(walks.held, _always(Q(state=State.SUSPENDED))),
    ENDED: walks.once_held,
}


def order_of(tab: str) -> boards.Order:
    """次序: what is due first comes first; what ended last where all has ended."""
    return boards.BY_END if tab == ENDED else boards.BY_DUE


def walk(tab: str, person: Person, at: datetime) -> Walk:
    """一栏."""
    return Walk(PATHS[tab], person, at, order_of(tab).names())


def minded(person: Person, at: datetime) -> Q:
    """归自己看的: one's own, and all of the units one heads."""
    return Q(handler__in=person.selves(at)) | Q(unit_id__in=_headed(person, at))


def loads(person: Person, at: datetime) -> list[Load]:
    """工作量: of everybody in the units one heads, else one's own; who is late first."""
    rows, found = walks.held(person, at)
    today, late = IN_HAND & due_today(at), IN_HAND & Q(due_at__lte=at)
    told = (
        rows.filter(found.told).filter(minded(person, at)).filter(IN_HAND | BEYOND).order_by()
        .values("handler", name=F("handler__name"))
        .annotate(
            todo=Count("pk", filter=IN_HAND), today=Count("pk", filter=today),
            late=Count("pk", filter=late), waiting=Count("pk", filter=WAITED),
        )
    )  # fmt: skip
    loads = [Load(**{**row, "name": row["name"] or ""}) for row in told]
    return sorted(loads, key=lambda one: (-one.late, -one.today, -one.todo, one.handler or 0))


def ledger(rows: TicketQuerySet) -> TicketQuerySet:
    """挂账台账: since when, why, until when and granted by whom, in the same statement."""
    granted = Approval.objects.filter(
        ticket=OuterRef("pk"), kind=ApprovalKind.SUSPEND, state=ApprovalState.GRANTED
    ).order_by("-decided_at")
    told = JSONObject(reason="asks__reason", by="decider__name", asker="asked_by__name")
    return boards.listed(rows).annotate(
        suspended=Subquery(granted.values(told=told)[:1]),
        suspended_at=Subquery(granted.values("decided_at")[:1]),
    )


def _headed(person: Person, at: datetime) -> Sequence[int]:
    heads = (post for post in person.posts_at(at) if post.kind == PostKind.UNIT_HEAD)
    return [post.unit_id for post in heads if post.unit_id]
