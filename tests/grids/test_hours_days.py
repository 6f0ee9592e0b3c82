"""Dates that differ from the week, cut-off, and years nobody has published."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids import hours as clocks
from grids.hours import Budget, CalendarSpec, Kind, Skipped, YearStatus, add, begin, elapsed
from tests.grids.drawn import (
    OFFICE,
    OFFICE_DAY,
    OFFICE_WEEK,
    ZONE,
    budgets,
    calendars,
    days,
    hours,
    local,
    near_moments,
    work_budgets,
)

GOLDEN_WEEK = {date(2026, 10, day): () for day in range(1, 8)}
YEAR = CalendarSpec(
    "office", ZONE, OFFICE_WEEK,
    days=GOLDEN_WEEK | {date(2026, 9, 20): OFFICE_DAY, date(2026, 10, 10): OFFICE_DAY},
    names={date(2026, 10, 1): "国庆节", date(2026, 10, 10): "国庆节调休"},
    statuses={2026: YearStatus.OFFICIAL}, observes=True,
)  # fmt: skip
LATE = replace(OFFICE, cut_off=1020, day_start=510)


def test_the_golden_week_does_not_count_and_its_saturday_does() -> None:
    start = local(2026, 9, 30, 16, 30)
    assert add(start, hours("9"), YEAR) == local(2026, 10, 9, 9, 0)


def test_a_make_up_saturday_is_worked() -> None:
    start = local(2026, 10, 9, 16, 30)
    assert add(start, hours("2"), YEAR) == local(2026, 10, 10, 9, 30)


def test_whole_days_skip_the_golden_week_too() -> None:
    assert add(local(2026, 9, 30, 9, 0), days(3), YEAR) == local(2026, 10, 10, 17, 30)


def test_whole_natural_days_end_after_the_golden_week() -> None:
    start = local(2026, 9, 29, 9, 0)
    assert add(start, days(3, Kind.NATURAL_DAY), YEAR) == local(2026, 10, 8, 17, 30)


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 10, 9)])
def test_a_work_day_is_the_plain_weeks_whatever_the_holidays(day: date) -> None:
    assert replace(YEAR, days={day: ()}).span(hours("2", Kind.WORK_DAY)) == timedelta(hours=15)


@given(near_moments, budgets, calendars, st.dates(date(2023, 12, 20), date(2028, 1, 10)))
def test_more_days_off_never_end_earlier(
    start: datetime, budget: Budget, calendar: CalendarSpec, off: date
) -> None:
    fewer = replace(calendar, days={**calendar.days, off: ()})
    assert add(start, budget, calendar) <= add(start, budget, fewer)


def test_an_emergency_alone_gives_time() -> None:
    only = CalendarSpec("crisis", ZONE, {}, days={date(2026, 3, 7): ((0, 120),)})
    assert add(local(2026, 3, 6, 9, 0), hours("2"), only) == local(2026, 3, 7, 2, 0)


@pytest.mark.parametrize("budget", [hours("3"), days(2), hours("1", Kind.WORK_DAY)])
def test_an_emergency_that_does_not_suffice_is_refused(budget: Budget) -> None:
    only = CalendarSpec("crisis", ZONE, {}, days={date(2026, 3, 7): ((0, 120),)})
    with pytest.raises(ValueError, match=r"crisis has no working time"):
        add(local(2026, 3, 6, 9, 0), budget, only)


def test_hours_of_a_date_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="2026-03-07: slots must"):
        replace(OFFICE, days={date(2026, 3, 7): ((600, 700), (650, 800))})


@pytest.mark.parametrize(
    ("cut_off", "day_start"), [(1020, None), (None, 510), (0, 510), (1441, 510), (1020, 1440)]
)
def test_a_cut_off_that_makes_no_sense_is_refused(
    cut_off: int | None, day_start: int | None
) -> None:
    with pytest.raises(ValueError, match="cut-off needs"):
        replace(OFFICE, cut_off=cut_off, day_start=day_start)


@pytest.mark.parametrize(
    ("came", "counts"),
    [
        (local(2026, 3, 5, 16, 59, 59), local(2026, 3, 5, 16, 59, 59)),
        (local(2026, 3, 5, 17, 0), local(2026, 3, 6, 8, 30)),
        (local(2026, 3, 6, 17, 50), local(2026, 3, 9, 8, 30)),
        (local(2026, 3, 7, 10, 0), local(2026, 3, 9, 8, 30)),
        (local(2026, 3, 9, 7, 0), local(2026, 3, 9, 7, 0)),
    ],
)
def test_what_comes_late_counts_from_the_next_working_day(came: datetime, counts: datetime) -> None:
    assert begin(came, LATE) == counts


def test_whole_days_are_counted_from_the_day_after_the_cut_off_moved_to() -> None:
    assert add(local(2026, 3, 5, 17, 30), days(1), LATE) == local(2026, 3, 9, 17, 30)


def test_emergencies_know_no_cut_off() -> None:
    start = local(2026, 3, 5, 18, 0)
    assert add(start, hours("2", Kind.URGENT_HOUR), LATE) == local(2026, 3, 5, 20, 0)


@given(near_moments, work_budgets, calendars, st.integers(1, 1440), st.integers(0, 1439))
def test_a_budget_is_used_up_also_after_a_cut_off(
    start: datetime, budget: Budget, calendar: CalendarSpec, cut_off: int, day_start: int
) -> None:
    late = replace(calendar, cut_off=cut_off, day_start=day_start)
    assert elapsed(start, add(start, budget, late), late) == late.span(budget)


@pytest.mark.parametrize(
    ("start", "budget", "is_provisional"),
    [
        (local(2026, 12, 31, 9, 0), hours("1"), False),
        (local(2026, 12, 31, 17, 0), hours("1"), True),
        (local(2026, 12, 31, 9, 0), days(1), True),
        (local(2026, 12, 31, 9, 0), days(1, Kind.NATURAL_DAY), True),
        (local(2026, 12, 31, 23, 0), hours("2", Kind.URGENT_HOUR), False),
        (local(2026, 12, 31, 23, 0), hours("2", Kind.NATURAL_DAY), False),
    ],
)
def test_into_a_year_nobody_has_published_is_provisional(
    start: datetime, budget: Budget, is_provisional: bool
) -> None:
    due = add(start, budget, YEAR)
    assert clocks.is_provisional(start, due, budget, YEAR) is is_provisional


def test_a_calendar_without_holidays_is_never_provisional() -> None:
    start = local(2030, 1, 1, 9, 0)
    seven = replace(YEAR, observes=False)
    assert not clocks.is_provisional(start, add(start, hours("9"), seven), hours("9"), seven)


def test_midnight_of_new_years_eve_belongs_to_the_old_year() -> None:
    assert clocks.reach(local(2026, 12, 31), local(2027, 1, 1), YEAR) == range(2026, 2027)


def test_days_off_and_make_up_days_are_told_by_name() -> None:
    start, due = local(2026, 10, 1, 9, 0), local(2026, 10, 11)
    off = clocks.skipped(start, due, YEAR)
    assert (off[0], len(off)) == (Skipped(date(2026, 10, 1), "国庆节"), 7)
    assert clocks.made_up(start, due, YEAR) == [Skipped(date(2026, 10, 10), "国庆节调休")]


def test_no_more_than_sixty_days_off_are_told() -> None:
    assert len(clocks.skipped(local(2026, 1, 1), local(2036, 1, 1), OFFICE)) == 60


def test_ten_years_take_no_longer_than_an_hour() -> None:
    off = {date(2020, 1, 1) + timedelta(days=11 * turn): () for turn in range(400)}
    long = replace(OFFICE, days=off)
    budget = Budget(Decimal(20_000), Kind.WORK_HOUR)
    add(local(2020, 1, 1), budget, long)
    began = perf_counter()
    for _turn in range(100):
        add(local(2020, 1, 1), budget, long)
    assert perf_counter() - began < 0.05
