"""A pause moves a deadline on: in running time by itself, in whole days by the dates it touches."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.hours import (
    Budget,
    CalendarSpec,
    Kind,
    Pause,
    StandsStill,
    add,
    at_share,
    begin,
    elapsed,
    merged,
    paused_days,
)
from tests.grids.drawn import (
    OFFICE,
    TICK,
    budgets,
    calendars,
    days,
    hours,
    local,
    near_moments,
    pauses,
    running_budgets,
    some_pauses,
    work_budgets,
)

THURSDAY = local(2026, 3, 5, 9, 0)
shares = st.decimals(0, 1, places=2)


def pause(start: datetime, **length: float) -> Pause:
    return Pause(start, start + timedelta(**length))


@given(near_moments, work_budgets, calendars, some_pauses)
def test_a_budget_is_used_up_also_around_pauses(
    start: datetime, budget: Budget, calendar: CalendarSpec, held: list[Pause]
) -> None:
    due = add(start, budget, calendar, held)
    assert elapsed(start, due, calendar, held) == calendar.span(budget)
    assert elapsed(start, due - TICK, calendar, held) < calendar.span(budget)


@given(near_moments, budgets, calendars, some_pauses, st.randoms())
def test_the_order_of_pauses_does_not_matter(
    start: datetime, budget: Budget, calendar: CalendarSpec, held: list[Pause], chance: object
) -> None:
    due = add(start, budget, calendar, held)
    chance.shuffle(mixed := [*held, *held])  # type: ignore[attr-defined]
    assert add(start, budget, calendar, mixed) == due


@given(near_moments, budgets, calendars, some_pauses, pauses)
def test_one_more_pause_never_ends_earlier(
    start: datetime, budget: Budget, calendar: CalendarSpec, held: list[Pause], more: Pause
) -> None:
    assert add(start, budget, calendar, held) <= add(start, budget, calendar, [*held, more])


@given(
    near_moments, st.timedeltas(timedelta(0), timedelta(days=90)), budgets, calendars, some_pauses
)
def test_a_later_start_never_ends_earlier_whatever_the_pauses(
    start: datetime, later: timedelta, budget: Budget, calendar: CalendarSpec, held: list[Pause]
) -> None:
    due = add(start, budget, calendar, held)
    assert due <= add(start + later, budget, calendar, held)


@given(near_moments, calendars, st.integers(1, 40), st.sets(st.integers(0, 60), max_size=8))
def test_each_paused_working_date_adds_one(
    start: datetime, calendar: CalendarSpec, count: int, chosen: set[int]
) -> None:
    first = calendar.workdays.before(start.astimezone(calendar.zone).toordinal() + 1)
    opened = [calendar.workdays.find(first + 1 + turn) for turn in sorted(chosen)]
    held = [
        Pause(begins, begins + timedelta(days=1))
        for day in opened
        if day is not None
        for begins in [datetime.fromordinal(day[0]).replace(tzinfo=calendar.zone)]
    ]
    more = 0
    for turn in sorted(chosen):
        more += turn < count + more
    assert add(start, days(count), calendar, held) == add(start, days(count + more), calendar)


@given(near_moments, running_budgets, calendars, some_pauses, shares)
def test_a_share_lies_between_start_and_deadline(
    start: datetime, budget: Budget, calendar: CalendarSpec, held: list[Pause], share: Decimal
) -> None:
    due = add(start, budget, calendar, held)
    assert start <= at_share(start, due, share, budget.kind, calendar, held) <= due


@given(near_moments, work_budgets, calendars, some_pauses)
def test_all_of_it_is_the_deadline_and_nothing_the_begin(
    start: datetime, budget: Budget, calendar: CalendarSpec, held: list[Pause]
) -> None:
    due = add(start, budget, calendar, held)
    assert at_share(start, due, Decimal(1), budget.kind, calendar, held) == due
    assert at_share(start, due, Decimal(0), budget.kind, calendar, held) == begin(start, calendar)


def test_a_pause_over_lunch_changes_nothing() -> None:
    lunch = [pause(local(2026, 3, 5, 12, 0), hours=1.5)]
    assert add(THURSDAY, hours("5"), OFFICE, lunch) == add(THURSDAY, hours("5"), OFFICE)
    assert add(THURSDAY, days(1), OFFICE, lunch) == add(THURSDAY, days(1), OFFICE)


def test_an_hour_on_a_working_date_takes_the_date_out() -> None:
    held = [pause(local(2026, 3, 6, 16, 0), hours=1)]
    assert add(THURSDAY, days(1), OFFICE, held) == local(2026, 3, 9, 17, 30)


def test_from_friday_afternoon_to_monday_morning_are_two_dates() -> None:
    held = [Pause(local(2026, 3, 6, 16, 0), local(2026, 3, 9, 10, 0))]
    assert add(THURSDAY, days(1), OFFICE, held) == local(2026, 3, 10, 17, 30)
    assert paused_days(THURSDAY, local(2026, 3, 31), OFFICE, held) == [
        local(2026, 3, 6).date(), local(2026, 3, 9).date(),
    ]  # fmt: skip


def test_two_pauses_of_one_date_take_it_out_once() -> None:
    held = [pause(local(2026, 3, 6, hour, 0), hours=1) for hour in (9, 14)]
    assert add(THURSDAY, days(1), OFFICE, held) == local(2026, 3, 9, 17, 30)


def test_a_weekend_pause_moves_whole_natural_days() -> None:
    held = [pause(local(2026, 3, 7, 9, 0), hours=2)]
    assert add(THURSDAY, days(4, Kind.NATURAL_DAY), OFFICE, held) == local(2026, 3, 10, 17, 30)


def test_an_urgent_hour_stands_still_at_night_too() -> None:
    start = local(2026, 3, 5, 22, 0)
    held = [pause(local(2026, 3, 5, 23, 0), hours=3)]
    due = add(start, hours("2", Kind.URGENT_HOUR), OFFICE, held)
    assert due == local(2026, 3, 6, 3, 0)


@pytest.mark.parametrize(
    "budget", [hours("5"), hours("5", Kind.URGENT_HOUR), days(1), days(1, Kind.NATURAL_DAY)]
)
def test_while_a_pause_lasts_there_is_no_deadline(budget: Budget) -> None:
    with pytest.raises(StandsStill, match="without an end"):
        add(THURSDAY, budget, OFFICE, [Pause(local(2026, 3, 5, 10, 0), None)])


@pytest.mark.parametrize("budget", [hours("5"), days(1), days(1, Kind.NATURAL_DAY)])
def test_a_pause_that_begins_afterwards_changes_nothing(budget: Budget) -> None:
    due = add(THURSDAY, budget, OFFICE)
    assert add(THURSDAY, budget, OFFICE, [Pause(due, None)]) == due


def test_time_used_stops_at_a_pause_that_lasts() -> None:
    held = [Pause(local(2026, 3, 5, 10, 0), None)]
    assert elapsed(THURSDAY, local(2026, 4, 1), OFFICE, held) == timedelta(hours=1)


def test_a_pause_before_a_cut_offs_begin_changes_nothing() -> None:
    late = replace(OFFICE, cut_off=1020, day_start=510)
    start = local(2026, 3, 5, 17, 10)
    held = [pause(start, minutes=20)]
    assert add(start, hours("1"), late, held) == local(2026, 3, 6, 9, 30)


def test_pauses_that_touch_are_one() -> None:
    held = [pause(THURSDAY, hours=1), pause(THURSDAY + timedelta(hours=1), hours=2)]
    assert list(merged(held)) == [pause(THURSDAY, hours=3)]


def test_a_pause_of_no_length_is_none() -> None:
    assert not list(merged([Pause(THURSDAY, THURSDAY)]))


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Pause(THURSDAY, THURSDAY - TICK)


@pytest.mark.parametrize("end", [None, THURSDAY])
def test_a_pause_without_a_zone_is_refused(end: datetime | None) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Pause(datetime(2026, 3, 5), end)


def test_the_zone_of_a_pause_does_not_matter() -> None:
    here = pause(local(2026, 3, 5, 10, 0), hours=1)
    there = Pause(here.start.astimezone(UTC), here.start.astimezone(UTC) + timedelta(hours=1))
    assert add(THURSDAY, hours("5"), OFFICE, [here]) == add(THURSDAY, hours("5"), OFFICE, [there])
