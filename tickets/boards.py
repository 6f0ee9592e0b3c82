"""What the working lists read: pages by keyset, capped counts, filters, approvals (DESIGN §6)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from common.errors import Invalid
from grids.models import Level, Person, PostKind
from tickets import choices, lights, standing, walks
from tickets.actions._approval import DISTRICT_DECIDES
from tickets.models import Approval, Assist, Ticket, Words
from tickets.models.approval import ApprovalState
from tickets.models.queries import TicketQuerySet
from tickets.models.ways import within
from tickets.walks import Walk
from tickets.words import WordsKind

PAGE = 25
SUMMARY = 200  # characters of the report beside a request
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MINE, OPEN, ENDED = "mine", "open", "ended"
PATHS = {MINE: walks.turns, OPEN: walks.running, ENDED: walks.ended}
TABS = tuple(PATHS)
Listed = Walk | TicketQuerySet
Rows = TypeVar("Rows", Walk, TicketQuerySet)
PIECE = re.compile(r"[0-9-]{1,24}")
"""Of a number."""
EQUAL = ("state", "nature", "source", "origin", "urgency")


@dataclass(frozen=True)
class Order:
    """次序: a moment and the id, both ascending or both descending."""

    moment: str
    is_descending: bool = False

    def names(self, *, backwards: bool = False) -> tuple[str, str]:
        sign = "-" if self.is_descending != backwards else ""
        return f"{sign}{self.moment}", f"{sign}id"

    def beyond(self, cursor: "Cursor", *, backwards: bool = False) -> Q:
        """Rows after the cursor (before it when backwards), so that an index can be used."""
        way = "lt" if self.is_descending != backwards else "gt"
        at, pk = cursor.at, cursor.pk
        inclusive = Q(**{f"{self.moment}__{way}e": at})
        return inclusive & (Q(**{f"{self.moment}__{way}": at}) | Q(**{f"id__{way}": pk}))


BY_DUE = Order("due_at")
BY_END = Order("ended_at", is_descending=True)
BY_ASKED = Order("asked_at", is_descending=True)


@dataclass(frozen=True)
class Cursor:
    """游标: the last row seen, as (moment, id)."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.pk}"

    @classmethod
    def read(cls, text: str, *, field: str = "after") -> "Cursor":
        """Out of an address; `Invalid` when it is not one of ours."""
        try:
            micros, pk = (int(part) for part in text[:40].split("-"))
            return cls(EPOCH + micros * MICROSECOND, pk)
        except (ValueError, OverflowError):
            raise Invalid(_("翻页的位置读不出来，请从第一页重新翻。"), field=field) from None


@dataclass(frozen=True)
class Page:
    """一页: its rows and the cursors of its neighbours, empty at the ends."""

    rows: list[Any]
    previous: str = ""
    next: str = ""


def page(
    rows: Walk | QuerySet[Any], order: Order, *,
    after: str = "", before: str = "", size: int = PAGE,
    dressed: Callable[[Any], QuerySet[Any]] = lambda rows: rows,
) -> Page:  # fmt: skip
    """翻页: one statement, one row more than is shown; `dressed` adds what a row shows."""
    backwards = bool(before)
    field = "before" if backwards else "after"
    cursor = Cursor.read(before or after, field=field) if before or after else None
    if cursor is not None:
        rows = rows.filter(order.beyond(cursor, backwards=backwards))
    names = order.names(backwards=backwards)
    nearest = (
        rows.nearest(names, size + 1) if isinstance(rows, Walk)
        else rows.order_by(*names)[: size + 1]
    )  # fmt: skip
    found = list(dressed(nearest))
    has_more = len(found) > size
    shown = found[:size][::-1] if backwards else found[:size]
    if not shown:
        return Page([])
    first, last = (str(Cursor(getattr(row, order.moment), row.pk)) for row in (shown[0], shown[-1]))
    has_previous = has_more if backwards else cursor is not None
    has_next = True if backwards else has_more
    return Page(shown, first if has_previous else "", last if has_next else "")


def order_of(tab: str) -> Order:
    """次序 of a list."""
    return BY_END if tab == ENDED else BY_DUE


def tickets_of(person: Person, tab: str, at: datetime) -> Walk:
    """工单列表: my turn, everything open, or what has ended."""
    return Walk(PATHS[tab], person, at, order_of(tab).names())


def filtered(rows: Rows, wanted: Mapping[str, Any], at: datetime) -> Rows:
    """筛选: by what the filter form found valid; empty values mean any."""
    chosen = {name: wanted[name] for name in EQUAL if wanted.get(name)}
    rows = rows.filter(**chosen) if chosen else rows
    if wanted.get("q") and PIECE.fullmatch(wanted["q"]):  # anything else is looked for: `search`
        rows = rows.filter(number__contains=wanted["q"])
    if wanted.get("category"):
        rows = rows.filter(category_id__in=choices.category_ids(wanted["category"]))
    if wanted.get("division"):
        place = choices.place(wanted["division"])
        assert place is not None  # the form found it
        rows = rows.filter(within(Level(place.level), place.pk))
    if wanted.get("unit"):
        rows = rows.filter(Q(unit=wanted["unit"]) | Q(unit__parent=wanted["unit"]))
    if wanted.get("since"):
        rows = rows.filter(reported_at__gte=_midnight(wanted["since"]))
    if wanted.get("until"):
        rows = rows.filter(reported_at__lt=_midnight(wanted["until"] + timedelta(days=1)))
    if wanted.get("ended_since"):
        rows = rows.filter(ended_at__gte=_midnight(wanted["ended_since"]))
    if wanted.get("ended_until"):
        rows = rows.filter(ended_at__lt=_midnight(wanted["ended_until"] + timedelta(days=1)))
    return rows.filter(_of_light(wanted["light"], at)) if wanted.get("light") else rows


def listed(rows: TicketQuerySet) -> TicketQuerySet:
    """列表字段: everything a row shows, in the same statement; small tables are known."""
    return rows.with_summary().select_related("handler")


def to_decide(person: Person, at: datetime) -> QuerySet[Approval]:
    """待我审批: pending requests this person may countersign or decide (`_approval.may_…`)."""
    mine = Q(pk__in=())
    for post in person.posts_at(at):
        mine |= _of_post(post, person, at)
    pending = Approval.objects.filter(state=ApprovalState.PENDING).filter(mine)
    visible = Ticket.objects.visible_to(person, at)
    return pending.exclude(asked_by__in=person.selves(at)).filter(ticket__in=visible)


def asked_by(person: Person, at: datetime) -> QuerySet[Approval]:
    """我提出的: what this person asked for, whatever became of it."""
    visible = Ticket.objects.visible_to(person, at)
    return Approval.objects.filter(asked_by=person, ticket__in=visible)


def assists_of(person: Person, at: datetime) -> QuerySet[Assist]:
    """协办: of tickets this person sees as staff."""
    if not standing.is_staff(person, at=at):
        return Assist.objects.none()
    visible = Ticket.objects.visible_to(person, at).exclude(reporter_person=person)
    return Assist.objects.filter(ticket__in=visible)


def with_request(rows: QuerySet[Approval]) -> QuerySet[Approval]:
    """审批字段: what a row shows, with the words of request and report, in the same statement."""
    words = Words.objects.filter(
        ticket=OuterRef("ticket"), event__seq=OuterRef("asked_seq"),
        kind__in=(WordsKind.REASON, WordsKind.ANSWER),
    )  # fmt: skip
    reports = Words.objects.filter(ticket=OuterRef("ticket"), kind=WordsKind.REPORT).order_by("id")
    return rows.annotate(
        words=Subquery(words.values("text")[:1]),
        summary=Subquery(reports.annotate(cut=Left("text", SUMMARY)).values("cut")[:1]),
    ).select_related(
        "ticket__handler", "asked_by", "countersigned_by", "decider"
    )  # fmt: skip


def _of_post(post: Any, person: Person, at: datetime) -> Q:
    others = ~Q(ticket__handler__in=person.selves(at)) | Q(ticket__handler=None)
    if post.kind == PostKind.UNIT_HEAD and post.unit_id:
        unsigned = Q(needs_countersign=True, countersigned_at=None)
        return unsigned & Q(ticket__unit_id=post.unit_id) & others
    found = Q(pk__in=())
    if post.division is None:
        return found
    if post.division.level == Level.DISTRICT:
        found |= Q(level=Level.DISTRICT, decided_by=post.kind)
        if post.kind in DISTRICT_DECIDES:
            found |= Q(level=Level.DISTRICT) | Q(due_at__lte=at)
    found |= Q(
        level=Level.SUBDISTRICT, decided_by=post.kind, ticket__subdistrict_id=post.division_id
    )
    return found & others


def _of_light(colour: str, at: datetime) -> Q:
    return {
        lights.RED: Q(due_at__lte=at),
        lights.YELLOW: Q(due_at__gt=at, soon_at__lte=at),
        lights.GREEN: Q(soon_at__gt=at),
    }[colour]


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))
