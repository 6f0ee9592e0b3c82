"""Working-time arithmetic: pure, no ORM, no clock.

A deadline is a function of (start, budget, calendar, pauses) and of nothing else (DESIGN §4).
A calendar is a week of slots, dates that differ from it (holidays, make-up workdays,
emergencies) and, where it has one, a cut-off: what comes in later counts from the next
working day.

Slots are wall-clock time of the calendar's zone. URGENT_HOUR and NATURAL_DAY run through
nights and days off alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice

from grids.worktime import (
    MICROSECOND,
    MINUTE,
    Budget,
    CalendarSpec,
    Counting,
    Kind,
    Pause,
    Slots,
    YearStatus,
    at,
    instant,
    no_time,
    require_aware,
    worked,
)

__all__ = [
    "Budget", "CalendarSpec", "Counting", "Kind", "Pause", "Skipped", "Slots", "StandsStill",
    "YearStatus", "add", "at_share", "begin", "elapsed", "is_provisional", "made_up", "merged",
    "moved", "paused_days", "reach", "skipped",
]  # fmt: skip

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_TOLD = 60  # dates in an explanation
PLAIN = (Kind.URGENT_HOUR, Kind.NATURAL_DAY)


class StandsStill(ValueError):
    """停着: a pause without an end comes before the deadline, so that there is none."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """不计的日子: a date off, or one worked against the week; `why` names a date of its own."""

    date: date
    why: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """刻度: instants as numbers that rise only while time counts, and back."""

    calendar: CalendarSpec
    is_plain: bool
    like: datetime

    def measure(self, moment: datetime) -> int:
        return (moment - EPOCH) // MICROSECOND if self.is_plain else worked(moment, self.calendar)

    def instant(self, count: int) -> datetime:
        """The earliest instant of that number."""
        if self.is_plain:
            return (EPOCH + count * MICROSECOND).astimezone(self.like.tzinfo)
        return instant(count, self.like, self.calendar)

    def used_up(self, first: datetime, span: int, pauses: Sequence[Pause]) -> datetime:
        want = self.measure(first) + span
        due = self.instant(want)
        for pause in merged(pauses, first):
            if pause.start >= due:
                break
            if pause.end is None:
                raise _stands_still(pause.start)
            want += self.measure(pause.end) - self.measure(pause.start)
            due = self.instant(want)
        return due

    def between(self, first: datetime, end: datetime, pauses: Sequence[Pause]) -> int:
        used = self.measure(end) - self.measure(first)
        for pause in merged(pauses, first):
            if pause.start >= end:
                break
            used -= self.measure(min(pause.end or end, end)) - self.measure(pause.start)
        return used


def add(
    start: datetime, budget: Budget, calendar: CalendarSpec, pauses: Sequence[Pause] = ()
) -> datetime:
    """到期: the earliest instant at which the budget is used up, in the zone of `start`.

    Takes the same time for an hour as for ten years. Raises `StandsStill` when a pause that
    has no end yet comes first.
    """
    require_aware(start)
    if budget.is_civil:
        return _civil_end(start, budget, calendar, pauses)
    span = calendar.span(budget) // MICROSECOND
    if not span:
        return start
    scale = _Scale(calendar, budget.kind in PLAIN, start)
    return scale.used_up(_first(start, scale), span, pauses)


def elapsed(
    start: datetime, end: datetime, calendar: CalendarSpec, pauses: Sequence[Pause] = ()
) -> timedelta:
    """已用: working time from start to end; negative when end comes first.

    For work budgets `elapsed(start, add(start, b)) == span(b)` holds, under the same pauses.
    """
    require_aware(start)
    require_aware(end)
    _require_time(calendar)
    if end < start:
        return -elapsed(end, start, calendar, pauses)
    first = begin(start, calendar)
    if end <= first:
        return timedelta()
    return _Scale(calendar, False, start).between(first, end, pauses) * MICROSECOND


def begin(start: datetime, calendar: CalendarSpec) -> datetime:
    """起算: after the cut-off, or on a day off, the day start of the next working day.

    A calendar without a cut-off begins at once.
    """
    require_aware(start)
    if calendar.cut_off is None or calendar.day_start is None:
        return start
    wall = start.astimezone(calendar.zone)
    if calendar.on(wall.date()) and wall.hour * 60 + wall.minute < calendar.cut_off:
        return start
    day = _count(wall.toordinal() + 1, 1, calendar, ())
    return at(day, calendar.day_start * MINUTE, start, calendar)


def at_share(
    start: datetime,
    due: datetime,
    share: Decimal,
    kind: Kind,
    calendar: CalendarSpec,
    pauses: Sequence[Pause] = (),
) -> datetime:
    """分段时点: when that share (0 to 1) of what counts between start and due is used up."""
    scale = _Scale(calendar, kind in PLAIN, start)
    first = _first(start, scale)
    if due <= first:
        return due
    part = round(scale.between(first, due, pauses) * share)
    return scale.used_up(first, part, pauses) if part > 0 else first


def moved(
    since: datetime, until: datetime, kind: Kind, calendar: CalendarSpec, pauses: Sequence[Pause]
) -> datetime:
    """顺延: a date that was told, later by what pauses after `since` take of the time to it."""
    if not any(pause.end is None or pause.end > since for pause in pauses):
        return until
    scale = _Scale(calendar, kind in PLAIN, since)
    span = scale.measure(until) - scale.measure(since)
    later = scale.used_up(since, span, pauses) if span > 0 else until
    return max(later, until)


def reach(start: datetime, due: datetime, calendar: CalendarSpec) -> range:
    """跨越年度: the years from start to due; 24:00 belongs to the day that ends."""
    last = max(start, due - MICROSECOND).astimezone(calendar.zone)
    return range(start.astimezone(calendar.zone).year, last.year + 1)


def is_provisional(start: datetime, due: datetime, budget: Budget, calendar: CalendarSpec) -> bool:
    """临时: whether the deadline hangs on days off that nobody has published yet."""
    if not calendar.observes or (budget.kind in PLAIN and not budget.is_civil):
        return False
    return any(
        calendar.statuses.get(year) is not YearStatus.OFFICIAL
        for year in reach(start, due, calendar)
    )


def skipped(start: datetime, due: datetime, calendar: CalendarSpec) -> list[Skipped]:
    """不计的日子: dates off from start to due, the first 60."""
    days = (day for day in _dates(start, due, calendar) if not calendar.on(day))
    return [Skipped(day, calendar.names.get(day, "")) for day in islice(days, MOST_TOLD)]


def made_up(start: datetime, due: datetime, calendar: CalendarSpec) -> list[Skipped]:
    """调休上班: dates from start to due that work although their weekday is off, the first 60."""
    days = (
        day
        for day in _dates(start, due, calendar)
        if calendar.on(day) and not calendar.slots.get(day.weekday())
    )
    return [Skipped(day, calendar.names.get(day, "")) for day in islice(days, MOST_TOLD)]


def paused_days(
    start: datetime, due: datetime, calendar: CalendarSpec, pauses: Sequence[Pause]
) -> list[date]:
    """暂停的日子: working dates from start to due with a pause in their working time."""
    spans = list(_paused(pauses, calendar))
    return [
        day
        for day in _dates(start, due, calendar)
        if calendar.on(day)
        and any(low <= day.toordinal() and (high is None or day.toordinal() <= high)
                for low, high in spans)
    ]  # fmt: skip


def merged(pauses: Sequence[Pause], since: datetime | None = None) -> Iterator[Pause]:
    """合并暂停: in order, joined where they touch, nothing of them before `since`."""
    held: Pause | None = None
    for pause in sorted(pauses, key=lambda one: one.start):
        begins = pause.start if since is None else max(pause.start, since)
        if pause.end is not None and pause.end <= begins:
            continue
        if held is None:
            held = Pause(begins, pause.end)
        elif held.end is None or begins <= held.end:
            ends = None if held.end is None or pause.end is None else max(held.end, pause.end)
            held = Pause(held.start, ends)
        else:
            yield held
            held = Pause(begins, pause.end)
    if held is not None:
        yield held


def _civil_end(
    start: datetime, budget: Budget, calendar: CalendarSpec, pauses: Sequence[Pause]
) -> datetime:
    """民法典 201–203: the first day is not counted, an end on a day off moves on.

    A date with a pause in its working time is not counted either; a natural day off has no
    working time, there any moment will do.
    """
    days = int(budget.value)
    last = begin(start, calendar).astimezone(calendar.zone).toordinal()
    if budget.kind is Kind.NATURAL_DAY and days:
        last = _count(last + 1, days, calendar.natural, pauses)
        days = 0
    first, days = (last + 1, days) if days else (last, 1)
    last = _count(first, days, calendar, pauses)
    closes = calendar.on(date.fromordinal(last))[-1][1]
    return at(last, closes * MINUTE, start, calendar)


def _count(first: int, days: int, calendar: CalendarSpec, pauses: Sequence[Pause]) -> int:
    """The date on which, from `first` on, so many working days have counted."""
    totals = calendar.workdays
    want = totals.before(first) + days
    last = _day(want, calendar)
    for low, high in _paused(pauses, calendar):
        low = max(low, first)
        if low > last:
            break
        if high is None:
            raise _stands_still(date.fromordinal(low))
        if high >= low:
            want += totals.before(high + 1) - totals.before(low)
            last = _day(want, calendar)
            first = high + 1
    return last


def _day(count: int, calendar: CalendarSpec) -> int:
    found = calendar.workdays.find(count)
    if found is None:
        raise no_time(calendar)
    return found[0]


def _paused(pauses: Sequence[Pause], calendar: CalendarSpec) -> Iterator[tuple[int, int | None]]:
    """First and last date of each pause that takes away working time."""
    for pause in merged(pauses):
        before = worked(pause.start, calendar)
        low = pause.start.astimezone(calendar.zone).toordinal()
        low += before >= calendar.working.before(low + 1)
        if pause.end is None:
            yield low, None
            continue
        after = worked(pause.end, calendar)
        high = pause.end.astimezone(calendar.zone).toordinal()
        high -= after <= calendar.working.before(high)
        if after > before:
            yield low, high


def _first(start: datetime, scale: _Scale) -> datetime:
    require_aware(start)
    return start if scale.is_plain else begin(start, scale.calendar)


def _require_time(calendar: CalendarSpec) -> None:
    if not calendar.week() and not any(calendar.days.values()):
        raise no_time(calendar)


def _stands_still(since: datetime | date) -> StandsStill:
    return StandsStill(f"Paused since {since} without an end: there is no deadline meanwhile.")


def _dates(start: datetime, due: datetime, calendar: CalendarSpec) -> Iterator[date]:
    last = (due - MICROSECOND).astimezone(calendar.zone).toordinal()
    first = start.astimezone(calendar.zone).toordinal()
    return map(date.fromordinal, range(first, last + 1))
