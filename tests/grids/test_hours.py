"""Working-time arithmetic, as properties."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.hours import Budget, CalendarSpec, Counting, Kind, add, elapsed
from tests.grids.drawn import (
    OFFICE,
    TICK,
    ZONE,
    calendars,
    civil_budgets,
    hours,
    moments,
    near_moments,
    work_budgets,
)

FRIDAY_EVENING = datetime(2026, 3, 6, 17, 50, tzinfo=ZONE)
LATER = st.timedeltas(timedelta(0), timedelta(days=400))


@given(moments, work_budgets, calendars)
def test_a_budget_is_used_up_at_its_deadline(
    start: datetime, budget: Budget, calendar: CalendarSpec
) -> None:
    assert elapsed(start, add(start, budget, calendar), calendar) == calendar.span(budget)


@given(moments, work_budgets, calendars)
def test_a_deadline_is_the_earliest_such_instant(
    start: datetime, budget: Budget, calendar: CalendarSpec
) -> None:
    before = add(start, budget, calendar) - TICK
    assert elapsed(start, before, calendar) < calendar.span(budget)


@given(near_moments, LATER, work_budgets, calendars)
def test_a_later_start_never_ends_earlier(
    start: datetime, later: timedelta, budget: Budget, calendar: CalendarSpec
) -> None:
    assert add(start, budget, calendar) <= add(start + later, budget, calendar)


@given(moments, moments, moments, calendars)
def test_time_used_adds_up(
    first: datetime, second: datetime, third: datetime, calendar: CalendarSpec
) -> None:
    parts = elapsed(first, second, calendar) + elapsed(second, third, calendar)
    assert parts == elapsed(first, third, calendar)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=4000)), calendars)
def test_working_time_is_never_more_than_time(
    start: datetime, length: timedelta, calendar: CalendarSpec
) -> None:
    assert timedelta(0) <= elapsed(start, start + length, calendar) <= length


def test_work_hours_wait_for_monday_morning() -> None:
    assert add(FRIDAY_EVENING, hours("2"), OFFICE) == datetime(2026, 3, 9, 10, 30, tzinfo=ZONE)


def test_urgent_hours_run_through_the_night() -> None:
    due = add(FRIDAY_EVENING, hours("8", Kind.URGENT_HOUR), OFFICE)
    assert due == datetime(2026, 3, 7, 1, 50, tzinfo=ZONE)


def test_natural_days_are_24_hours_each() -> None:
    due = add(FRIDAY_EVENING, hours("7", Kind.NATURAL_DAY), OFFICE)
    assert due == FRIDAY_EVENING + timedelta(days=7)


def test_a_work_day_is_the_calendars_own_day() -> None:
    assert OFFICE.span(hours("2", Kind.WORK_DAY)) == timedelta(hours=15)


def test_lunch_does_not_count() -> None:
    start = datetime(2026, 3, 9, 11, 0, tzinfo=ZONE)
    assert add(start, hours("2"), OFFICE) == datetime(2026, 3, 9, 14, 30, tzinfo=ZONE)


def test_a_deadline_at_close_of_business_stays_there() -> None:
    start = datetime(2026, 3, 9, 16, 30, tzinfo=ZONE)
    assert add(start, hours("1"), OFFICE) == datetime(2026, 3, 9, 17, 30, tzinfo=ZONE)


def test_nothing_to_do_is_due_at_once() -> None:
    assert add(FRIDAY_EVENING, hours("0"), OFFICE) == FRIDAY_EVENING


def test_a_deadline_comes_back_in_the_zone_of_its_start() -> None:
    due = add(FRIDAY_EVENING.astimezone(UTC), hours("1"), OFFICE)
    assert due.tzinfo is UTC


def test_civil_work_days_skip_the_first_day_and_end_at_close_of_business() -> None:
    start = datetime(2026, 3, 5, 9, 0, tzinfo=ZONE)  # Thursday
    budget = Budget(Decimal(2), Kind.WORK_DAY, Counting.CIVIL)
    assert add(start, budget, OFFICE) == datetime(2026, 3, 9, 17, 30, tzinfo=ZONE)


def test_a_civil_end_on_a_day_off_moves_on() -> None:
    start = datetime(2026, 3, 5, 9, 0, tzinfo=ZONE)
    budget = Budget(Decimal(2), Kind.NATURAL_DAY, Counting.CIVIL)
    assert add(start, budget, OFFICE) == datetime(2026, 3, 9, 17, 30, tzinfo=ZONE)


@given(near_moments, civil_budgets, calendars)
def test_civil_deadlines_fall_on_the_close_of_open_days(
    start: datetime, budget: Budget, calendar: CalendarSpec
) -> None:
    last = add(start, budget, calendar).astimezone(ZONE) - TICK
    assert calendar.on(last.date())[-1][1] == last.hour * 60 + last.minute + 1


@given(near_moments, LATER, civil_budgets, calendars)
def test_a_later_start_never_ends_earlier_by_whole_days(
    start: datetime, later: timedelta, budget: Budget, calendar: CalendarSpec
) -> None:
    assert add(start, budget, calendar) <= add(start + later, budget, calendar)


@given(near_moments, civil_budgets, st.integers(0, 60), calendars)
def test_more_whole_days_never_end_earlier(
    start: datetime, budget: Budget, more: int, calendar: CalendarSpec
) -> None:
    longer = Budget(budget.value + more, budget.kind, Counting.CIVIL)
    assert add(start, budget, calendar) <= add(start, longer, calendar)


@pytest.mark.parametrize("kind", [Kind.WORK_HOUR, Kind.WORK_DAY])
@pytest.mark.parametrize("slots", [{}, {0: ()}])
def test_a_calendar_without_working_time_is_refused(
    kind: Kind, slots: dict[int, tuple[tuple[int, int], ...]]
) -> None:
    with pytest.raises(ValueError, match="no working time"):
        add(FRIDAY_EVENING, hours("1", kind), CalendarSpec("empty", ZONE, slots))


def test_time_used_of_a_calendar_without_working_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no working time"):
        elapsed(FRIDAY_EVENING, FRIDAY_EVENING, CalendarSpec("empty", ZONE, {}))


@pytest.mark.parametrize(
    "week", [{0: ((600, 700), (650, 800))}, {0: ((600, 600),)}, {7: ((0, 60),)}, {0: ((0, 1441),)}]
)
def test_slots_that_make_no_sense_are_refused(week: dict[int, tuple[tuple[int, int], ...]]) -> None:
    with pytest.raises(ValueError, match="must not overlap"):
        CalendarSpec("broken", ZONE, week)


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity"])
def test_a_budget_that_is_no_amount_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        hours(value)


def test_civil_counting_refuses_half_days() -> None:
    with pytest.raises(ValueError, match="whole days"):
        Budget(Decimal("1.5"), Kind.WORK_DAY, Counting.CIVIL)


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        add(datetime(2026, 3, 6), hours("1"), OFFICE)
