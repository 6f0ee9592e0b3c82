"""Working-time arithmetic: pure, no ORM, no clock.

A deadline is a function of (start, budget, calendar, pauses) and of nothing else (DESIGN §4).
What it knows today: the weekdays and slots of a calendar's week. Holidays, make-up workdays and
pauses come with the time engine, behind the same signatures: `pauses` is accepted and recorded
by callers, but not yet computed here.

Slots are wall-clock time of the calendar's zone. URGENT_HOUR and NATURAL_DAY run through
nights and days off alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MICROSECOND = timedelta(microseconds=1)
MONDAY = datetime(1970, 1, 5)  # any Monday: weeks are counted from it


class Kind(StrEnum):
    """时限类别: what one unit of a budget is."""

    URGENT_HOUR = "URGENT_HOUR"
    WORK_HOUR = "WORK_HOUR"
    WORK_DAY = "WORK_DAY"
    NATURAL_DAY = "NATURAL_DAY"


class Counting(StrEnum):
    """计法: RUNNING counts nominal time; CIVIL counts whole days after 民法典 201–203."""

    RUNNING = "RUNNING"
    CIVIL = "CIVIL"


@dataclass(frozen=True, slots=True)
class Budget:
    """时限额度: so many hours or days."""

    value: Decimal
    kind: Kind
    counting: Counting = Counting.RUNNING

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value < 0:
            raise ValueError(f"A budget must be zero or more, not {self.value}.")
        civil = self.counting is Counting.CIVIL and self.kind in (Kind.WORK_DAY, Kind.NATURAL_DAY)
        if civil and self.value != int(self.value):
            raise ValueError(f"CIVIL counting knows whole days only, not {self.value}.")


@dataclass(frozen=True, slots=True)
class Pause:
    """暂停: from start to end; no end means it still lasts."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """日历: the slots of each weekday (0 = Monday) in minutes from midnight."""

    code: str
    zone: ZoneInfo
    slots: Mapping[int, tuple[tuple[int, int], ...]]

    def __post_init__(self) -> None:
        for weekday, day in self.slots.items():
            edges = [minute for slot in day for minute in slot]
            inside = 0 <= weekday <= 6 and all(0 <= minute <= 1440 for minute in edges)
            if not inside or edges != sorted(edges) or any(a == b for a, b in day):
                raise ValueError(
                    f"Calendar {self.code}, weekday {weekday}: slots must lie within one day, "
                    "in order, and must not overlap."
                )

    def week(self) -> timedelta:
        """Working time of one week."""
        return sum((close - open_ for open_, close in _week_slots(self)), timedelta())

    def span(self, budget: Budget) -> timedelta:
        """Nominal time of a budget; a WORK_DAY is the mean working day of the week."""
        match budget.kind:
            case Kind.URGENT_HOUR | Kind.WORK_HOUR:
                return _times(timedelta(hours=1), budget.value)
            case Kind.NATURAL_DAY:
                return _times(DAY, budget.value)
            case Kind.WORK_DAY:
                return _times(_working(self), budget.value, _workdays(self))


def add(
    start: datetime, budget: Budget, calendar: CalendarSpec, pauses: Sequence[Pause] = ()
) -> datetime:
    """到期: the earliest instant at which the budget is used up, in the zone of `start`.

    Takes the same time for an hour as for ten years. `pauses` is not computed yet.
    """
    _require_aware(start)
    if budget.counting is Counting.CIVIL and budget.kind in (Kind.WORK_DAY, Kind.NATURAL_DAY):
        return _civil_end(start, budget, calendar)
    span = calendar.span(budget)
    if budget.kind in (Kind.URGENT_HOUR, Kind.NATURAL_DAY) or not span:
        return (start.astimezone(UTC) + span).astimezone(start.tzinfo)
    week = _working(calendar)
    monday, offset = _position(start, calendar)
    target = _worked(offset, calendar) + span
    weeks = (target - MICROSECOND) // week  # a full week ends in that week, not in the next
    rest = target - weeks * week
    return _instant(monday + weeks * WEEK + _offset_of(rest, calendar), start, calendar)


def elapsed(
    start: datetime, end: datetime, calendar: CalendarSpec, pauses: Sequence[Pause] = ()
) -> timedelta:
    """已用: working time from start to end; negative when end comes first.

    For work budgets `elapsed(start, add(start, b)) == span(b)` holds. `pauses` is not
    computed yet.
    """
    _require_aware(start)
    _require_aware(end)
    week = _working(calendar)
    from_monday, from_offset = _position(start, calendar)
    to_monday, to_offset = _position(end, calendar)
    weeks = (to_monday - from_monday) // WEEK
    return weeks * week + _worked(to_offset, calendar) - _worked(from_offset, calendar)


def _civil_end(start: datetime, budget: Budget, calendar: CalendarSpec) -> datetime:
    """民法典 201–203: the first day is not counted, an end on a day off moves on."""
    _working(calendar)
    days = int(budget.value)
    date = start.astimezone(calendar.zone).date()
    open_days = [weekday for weekday in range(7) if calendar.slots.get(weekday)]
    if budget.kind is Kind.NATURAL_DAY:
        date += timedelta(days=days)
    else:
        weeks, days = divmod(days, len(open_days))
        date += weeks * WEEK
        while days:
            date += DAY
            days -= date.weekday() in open_days
    while date.weekday() not in open_days:
        date += DAY
    closes = calendar.slots[date.weekday()][-1][1]
    return _instant(datetime.combine(date, time()) + closes * MINUTE, start, calendar)


def _require_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; hand in an aware datetime.")


def _working(calendar: CalendarSpec) -> timedelta:
    week = calendar.week()
    if not week:
        raise ValueError(
            f"Calendar {calendar.code} has no working time; give it at least one slot."
        )
    return week


def _workdays(calendar: CalendarSpec) -> int:
    return sum(1 for day in calendar.slots.values() if day)


def _times(unit: timedelta, value: Decimal, parts: int = 1) -> timedelta:
    return timedelta(microseconds=round(value * (unit // MICROSECOND) / parts))


def _week_slots(calendar: CalendarSpec) -> Iterator[tuple[timedelta, timedelta]]:
    """Slots as offsets from Monday 00:00, in order."""
    for weekday in range(7):
        for opens, closes in calendar.slots.get(weekday, ()):
            yield weekday * DAY + opens * MINUTE, weekday * DAY + closes * MINUTE


def _position(moment: datetime, calendar: CalendarSpec) -> tuple[datetime, timedelta]:
    """Wall time as (Monday 00:00 of its week, offset from there)."""
    wall = moment.astimezone(calendar.zone).replace(tzinfo=None)
    weeks, offset = divmod(wall - MONDAY, WEEK)
    return MONDAY + weeks * WEEK, offset


def _instant(wall: datetime, like: datetime, calendar: CalendarSpec) -> datetime:
    return wall.replace(tzinfo=calendar.zone).astimezone(like.tzinfo)


def _worked(offset: timedelta, calendar: CalendarSpec) -> timedelta:
    """Working time of the week before `offset`."""
    done = timedelta()
    for opens, closes in _week_slots(calendar):
        if offset <= opens:
            break
        done += min(offset, closes) - opens
    return done


def _offset_of(worked: timedelta, calendar: CalendarSpec) -> timedelta:
    """The earliest offset before which `worked` (more than zero) has passed."""
    for opens, closes in _week_slots(calendar):
        if worked <= closes - opens:
            return opens + worked
        worked -= closes - opens
    raise ValueError(f"Calendar {calendar.code} works less than {worked} a week.")
