"""What working time is made of: budgets, pauses and calendars. Pure, no ORM, no clock.

A calendar is a week of slots, dates that differ from it (holidays, make-up workdays,
emergencies) and, where it has one, a cut-off: what comes in later counts from the next
working day. Slots are wall-clock time of the calendar's zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from grids.totals import Totals

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1) // MICROSECOND
Slots = tuple[tuple[int, int], ...]
ROUND_THE_CLOCK: Slots = ((0, 1440),)


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


class YearStatus(StrEnum):
    """年度状态: whether the days off of a year are known; a year nobody gave is MISSING."""

    OFFICIAL = "OFFICIAL"
    PROVISIONAL = "PROVISIONAL"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Budget:
    """时限额度: so many hours or days."""

    value: Decimal
    kind: Kind
    counting: Counting = Counting.RUNNING

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value < 0:
            raise ValueError(f"A budget must be zero or more, not {self.value}.")
        if self.is_civil and self.value != int(self.value):
            raise ValueError(f"CIVIL counting knows whole days only, not {self.value}.")

    @property
    def is_civil(self) -> bool:
        """Whether whole dates are counted; hours always run."""
        return self.counting is Counting.CIVIL and self.kind in (Kind.WORK_DAY, Kind.NATURAL_DAY)


@dataclass(frozen=True, slots=True)
class Pause:
    """暂停: from start to end; no end means it still lasts."""

    start: datetime
    end: datetime | None

    def __post_init__(self) -> None:
        require_aware(self.start)
        if self.end is not None:
            require_aware(self.end)
            if self.end < self.start:
                raise ValueError(f"A pause cannot end ({self.end}) before it starts.")


@dataclass(frozen=True)
class CalendarSpec:
    """日历: the slots of each weekday (0 = Monday) in minutes from midnight.

    `days` are the slots of single dates (none: off) and `names` what they are called. What
    comes in at `cut_off` or later, or on a day off, counts from `day_start` of the next
    working day.
    """

    code: str
    zone: ZoneInfo
    slots: Mapping[int, Slots]
    days: Mapping[date, Slots] = field(default_factory=dict)
    names: Mapping[date, str] = field(default_factory=dict)
    statuses: Mapping[int, YearStatus] = field(default_factory=dict)
    observes: bool = False
    cut_off: int | None = None
    day_start: int | None = None
    revision: int = 0

    def __post_init__(self) -> None:
        for weekday, day in self.slots.items():
            if not 0 <= weekday <= 6 or not are_slots(day):
                raise ValueError(self._disorder(f"weekday {weekday}"))
        for a_date, day in self.days.items():
            if not are_slots(day):
                raise ValueError(self._disorder(f"{a_date}"))
        if not is_cut_off(self.cut_off, self.day_start):
            raise ValueError(
                f"Calendar {self.code}: a cut-off needs a day start and a day start a cut-off, "
                "both within one day."
            )

    def _disorder(self, day: str) -> str:
        return (
            f"Calendar {self.code}, {day}: slots must lie within one day, "
            "in order, and must not overlap."
        )

    @cached_property
    def working(self) -> Totals:
        """Working time by date, in microseconds."""
        days = {day.toordinal(): _length(slots) for day, slots in self.days.items()}
        return Totals([_length(self.slots.get(weekday, ())) for weekday in range(7)], days)

    @cached_property
    def workdays(self) -> Totals:
        """1 for a date that works."""
        days = {day.toordinal(): int(bool(slots)) for day, slots in self.days.items()}
        return Totals([int(bool(self.slots.get(weekday))) for weekday in range(7)], days)

    @cached_property
    def natural(self) -> "CalendarSpec":
        """The same with every date off open round the clock."""
        week = {weekday: self.slots.get(weekday) or ROUND_THE_CLOCK for weekday in range(7)}
        days = {day: slots or ROUND_THE_CLOCK for day, slots in self.days.items()}
        return CalendarSpec(self.code, self.zone, week, days)

    def on(self, day: date) -> Slots:
        """The slots of that date."""
        found = self.days.get(day)
        return self.slots.get(day.weekday(), ()) if found is None else found

    def week(self) -> timedelta:
        """Working time of one week without holidays."""
        return sum(map(_length, self.slots.values())) * MICROSECOND

    def span(self, budget: Budget) -> timedelta:
        """Nominal time of a budget; a WORK_DAY is the mean working day of the plain week."""
        match budget.kind:
            case Kind.URGENT_HOUR | Kind.WORK_HOUR:
                return _times(timedelta(hours=1), budget.value)
            case Kind.NATURAL_DAY:
                return _times(DAY, budget.value)
            case Kind.WORK_DAY:
                if not self.week():
                    raise no_time(self)
                days = sum(1 for day in self.slots.values() if day)
                return _times(self.week(), budget.value, days)


def are_slots(day: Slots) -> bool:
    """Whether the slots lie within one day, in order, and do not overlap."""
    inside = all(0 <= opens < closes <= 1440 for opens, closes in day)
    return inside and all(before[1] <= after[0] for before, after in pairwise(day))


def is_cut_off(cut_off: int | None, day_start: int | None) -> bool:
    """Whether both are given or none, each within one day."""
    if cut_off is None or day_start is None:
        return cut_off is day_start
    return 0 < cut_off <= 1440 and 0 <= day_start < 1440


def require_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; hand in an aware datetime.")


def no_time(calendar: CalendarSpec) -> ValueError:
    return ValueError(
        f"Calendar {calendar.code} has no working time left; give it at least one slot."
    )


def _times(unit: timedelta, value: Decimal, parts: int = 1) -> timedelta:
    return timedelta(microseconds=round(value * (unit // MICROSECOND) / parts))


def _length(slots: Slots) -> int:
    return sum(closes - opens for opens, closes in slots) * MINUTE


def worked(moment: datetime, calendar: CalendarSpec) -> int:
    """Working time from the beginning of all days to that moment, in microseconds."""
    wall = moment.astimezone(calendar.zone)
    seconds = wall.hour * 3600 + wall.minute * 60 + wall.second
    passed = seconds * 1_000_000 + wall.microsecond
    done = calendar.working.before(wall.toordinal())
    for opens, closes in calendar.on(wall.date()):
        if passed <= opens * MINUTE:
            break
        done += min(passed, closes * MINUTE) - opens * MINUTE
    return done


def instant(done: int, like: datetime, calendar: CalendarSpec) -> datetime:
    """The earliest instant before which that much has been worked."""
    found = calendar.working.find(done)
    if found is None:
        raise no_time(calendar)
    ordinal, rest = found
    for opens, closes in calendar.on(date.fromordinal(ordinal)):
        if rest <= (closes - opens) * MINUTE:
            return at(ordinal, opens * MINUTE + rest, like, calendar)
        rest -= (closes - opens) * MINUTE
    raise no_time(calendar)


def at(ordinal: int, passed: int, like: datetime, calendar: CalendarSpec) -> datetime:
    """So many microseconds after midnight, by the wall clock."""
    wall = datetime.fromordinal(ordinal) + passed * MICROSECOND
    return wall.replace(tzinfo=calendar.zone).astimezone(like.tzinfo)
