"""Which time limit holds for a ticket, and when a window that is no clock ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from common import clock as the_clock
from common.rows import rows
from grids import calendars, hours
from tickets import deadlines, law, reckoning
from tickets.models import Category, Clock, Ticket, TimeLimit
from tickets.words import Promise, Urgency, VerifyBy

SETTLED_PASSES_AFTER = timedelta(hours=24)
TOTAL_PARTS = (
    Promise.ACCEPT, Promise.DISPATCH, Promise.CLAIM, Promise.RESOLVE, Promise.VERIFY,
    Promise.REPLY,
)  # fmt: skip
"""全程 is the sum of these norms."""


def of(promise: Promise, ticket: Ticket, *, start: datetime | None = None) -> TimeLimit:
    """时限: the row for the ticket's category and urgency on the day of `start`, else the report.

    全程 may have a row of its own; else that of its first part. Where a ticket is more urgent than
    its category usually is, the category's own row and that of the urgency compete, and the
    earlier end wins. Raises NotReady when the law tables are not loaded.
    """
    start = start or ticket.reported_at
    category = law.categories().get(ticket.category_id or 0)
    chain = tuple(pk for pk in (ticket.category_id, category and category.parent_id) if pk)
    known, day = law.limits(), the_clock.local(start).date()
    limit = deadlines.limit_for(known, promise, chain, ticket.urgency, day=day)
    if limit is None and promise == Promise.TOTAL:
        return of(TOTAL_PARTS[0], ticket, start=start)
    if limit is None:
        raise law.NotReady(_("规则表还没有载入，请系统管理员先运行 load_law。"))
    hurried = deadlines.in_force(known.get((promise, None, ticket.urgency), ()), day)
    if hurried is None or category is None or not _is_raised(ticket, category):
        return limit
    return min(limit, hurried, key=lambda row: _end(row, ticket, start))


def _is_raised(ticket: Ticket, category: Category) -> bool:
    order = Urgency.values
    return order.index(ticket.urgency) > order.index(category.urgency)


def _end(limit: TimeLimit, ticket: Ticket, start: datetime) -> datetime:
    return deadlines.due(start, limit, calendars.spec(calendar(limit, ticket)))


def calendar(limit: TimeLimit, ticket: Ticket) -> str:
    """日历: the limit's own, else the category's."""
    category = law.categories().get(ticket.category_id or 0)
    return limit.calendar or (category.calendar if category else "office")


def window_end(promise: Promise, ticket: Ticket, start: datetime) -> datetime:
    """窗口: when a limit ends that is counted from `start` (退单, 审批, 询问, 重办, 全程的各段)."""
    return _end(of(promise, ticket, start=start), ticket, start)


def half_of(clock: Clock) -> datetime:
    """过半: when half of what was promised is used up, in its own time."""
    return deadlines.half(clock.started_at, clock, calendars.spec(clock.calendar))


def open_clock(ticket: Ticket, promise: Promise) -> Clock | None:
    """在计时: the lead's open clock of that promise."""
    known: list[Clock] | None = getattr(ticket, "_open_clocks", None)
    if known is None and "_clocks" in ticket.__dict__:
        remember_clocks(ticket, clocks_of(ticket, cycle=ticket.cycle))
        known = ticket._open_clocks  # type: ignore[attr-defined]
    if known is not None:
        return next((clock for clock in known if clock.promise == promise), None)
    rows = Clock.objects.filter(ticket=ticket, promise=promise, assist=None, ended_at=None)
    return rows.first()


def clocks_of(ticket: Ticket, *, cycle: int) -> list[Clock]:
    """时钟: of one cycle; a locked ticket's are read once."""
    found: list[Clock] | None = ticket.__dict__.get("_clocks")
    if found is None:
        found = rows(Clock, "WHERE ticket_id = %s AND cycle = %s ORDER BY id", [ticket.pk, cycle])
        if "_clocks" in ticket.__dict__:
            ticket._clocks = found  # type: ignore[attr-defined]
    return found


def keep_clocks(ticket: Ticket) -> None:
    """留住时钟: nobody else can change them, the ticket is locked."""
    ticket._clocks = None  # type: ignore[attr-defined]


def remember_clocks(ticket: Ticket, clocks: Iterable[Clock]) -> None:
    """记住: the clocks of a ticket, read already, so that `open_clock` need not ask again."""
    ticket._open_clocks = [  # type: ignore[attr-defined]
        clock for clock in clocks if clock.ended_at is None and clock.assist_id is None
    ]


def passes_at(ticket: Ticket) -> datetime | None:
    """放行: when a settled ticket that nobody looks at passes by itself; None for all others."""
    is_undrawn = ticket.is_settled and ticket.unit_id is None
    if not is_undrawn or ticket.verify_by != VerifyBy.NONE or ticket.resolved_at is None:
        return None
    return ticket.resolved_at + SETTLED_PASSES_AFTER


def total_parts(ticket: Ticket, start: datetime) -> list[reckoning.Part]:
    """全程的各段: together they end on the one date the reporter is told."""
    found, moment = [], start
    for promise in TOTAL_PARTS:
        limit = of(promise, ticket, start=moment)
        found.append(reckoning.Part(deadlines.budget(limit), calendar(limit, ticket)))
        moment = _end(limit, ticket, moment)
    return found


def is_shorter_by_law(limit: TimeLimit) -> bool:
    """法定时限短于内部时限: then keeping the inner norm would break the law."""
    if limit.legal_value is None:
        return False
    known = calendars.spec(limit.calendar or "office")
    plain = hours.CalendarSpec(known.code, known.zone, known.slots)
    legal = hours.Budget(
        limit.legal_value, hours.Kind(limit.legal_kind), hours.Counting(limit.legal_counting)
    )
    start = datetime(2024, 1, 1, 9, tzinfo=known.zone)  # any Monday morning
    return hours.add(start, legal, plain) < hours.add(start, deadlines.budget(limit), plain)
