"""Calendars, moments, budgets and pauses as hypothesis draws them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from grids.hours import Budget, CalendarSpec, Counting, Kind, Pause

ZONE = ZoneInfo("Asia/Shanghai")
TICK = timedelta(microseconds=1)
OFFICE_DAY = ((510, 720), (810, 1050))
OFFICE_WEEK = dict.fromkeys(range(5), OFFICE_DAY)
OFFICE = CalendarSpec("office", ZONE, OFFICE_WEEK)


def day_slots(minutes: set[int]) -> tuple[tuple[int, int], ...]:
    edges = sorted(minutes)
    return tuple(zip(edges[::2], edges[1::2], strict=False))


def local(*wall: int) -> datetime:
    return datetime(*wall, tzinfo=ZONE)  # type: ignore[arg-type, misc]


def hours(value: str, kind: Kind = Kind.WORK_HOUR) -> Budget:
    return Budget(Decimal(value), kind)


def days(value: int, kind: Kind = Kind.WORK_DAY) -> Budget:
    return Budget(Decimal(value), kind, Counting.CIVIL)


def spread(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    return st.datetimes(first, last).map(lambda wall: wall.replace(tzinfo=UTC))


a_day = st.sets(st.integers(0, 1440), max_size=6).map(day_slots)
weeks = st.dictionaries(st.integers(0, 6), a_day, min_size=1).filter(lambda w: any(w.values()))
single_days = st.dictionaries(
    st.dates(date(2023, 12, 20), date(2028, 1, 10)), st.one_of(st.just(()), a_day), max_size=40
)
calendars = st.builds(CalendarSpec, st.just("drawn"), st.just(ZONE), weeks, single_days)
moments = spread(datetime(2000, 1, 1), datetime(2040, 1, 1))
near_moments = spread(datetime(2023, 12, 25), datetime(2027, 12, 31))
work_budgets = st.builds(
    Budget,
    st.decimals("0.001", 2000, places=3),
    st.sampled_from([Kind.WORK_HOUR, Kind.WORK_DAY]),
)
running_budgets = st.builds(Budget, st.decimals("0.1", 200, places=1), st.sampled_from(Kind))
civil_budgets = st.builds(
    Budget,
    st.integers(0, 60).map(Decimal),
    st.sampled_from([Kind.WORK_DAY, Kind.NATURAL_DAY]),
    st.just(Counting.CIVIL),
)
budgets = st.one_of(running_budgets, civil_budgets)
pauses = st.builds(
    lambda start, length: Pause(start, start + length),
    near_moments,
    st.timedeltas(timedelta(0), timedelta(days=30)),
)
some_pauses = st.lists(pauses, max_size=6)
