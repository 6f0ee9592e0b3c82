"""The arithmetic against a walk of one minute after another, which knows no shortcut."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from grids.hours import Budget, CalendarSpec, Counting, Kind, Pause, add
from tests.grids.drawn import ZONE, day_slots

FIRST = datetime(2025, 12, 20, tzinfo=ZONE)
MINUTE = timedelta(minutes=1)
DAYS = 20
ROUNDS = 50


@dataclass
class Case:
    """One drawn question; all of it falls on whole minutes."""

    start: datetime
    amount: int
    calendar: CalendarSpec
    pauses: list[Pause]


def a_day(chance: Random) -> tuple[tuple[int, int], ...]:
    return day_slots(set(chance.sample(range(1441), chance.choice((0, 2, 4)))))


def a_case(seed: int) -> Case:
    chance = Random(seed)
    week = {weekday: a_day(chance) for weekday in range(7)} | {chance.randrange(7): ((480, 1080),)}
    single = {(FIRST + timedelta(days=chance.randrange(DAYS))).date() for _turn in range(8)}
    days = {day: a_day(chance) for day in single}
    begins = [
        FIRST + MINUTE * chance.randrange(DAYS * 1440) for _turn in range(chance.randrange(5))
    ]
    pauses = [Pause(one, one + MINUTE * chance.randrange(3000)) for one in begins]
    start = FIRST + MINUTE * chance.randrange(5 * 1440)
    calendar = CalendarSpec("drawn", ZONE, week, days)
    if chance.random() < 0.3:
        calendar = replace(calendar, cut_off=chance.randrange(600, 1441), day_start=480)
    return Case(start, chance.randrange(1, 40), calendar, pauses)


def works(moment: datetime, calendar: CalendarSpec) -> bool:
    slots = calendar.days.get(moment.date(), calendar.slots.get(moment.weekday(), ()))
    minute = moment.hour * 60 + moment.minute
    return any(opens <= minute < closes for opens, closes in slots)


def is_paused(moment: datetime, pauses: list[Pause]) -> bool:
    return any(one.start <= moment < one.end for one in pauses if one.end)


def minutes_of(day: date) -> list[datetime]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return [midnight + turn * MINUTE for turn in range(1440)]


def is_open(day: date, calendar: CalendarSpec) -> bool:
    return bool(calendar.days.get(day, calendar.slots.get(day.weekday(), ())))


def moved(case: Case) -> datetime:
    """Where counting begins, by the rule of the cut-off."""
    if case.calendar.cut_off is None:
        return case.start
    minute = case.start.hour * 60 + case.start.minute
    if is_open(case.start.date(), case.calendar) and minute < case.calendar.cut_off:
        return case.start
    day = case.start.date() + timedelta(days=1)
    while not is_open(day, case.calendar):
        day += timedelta(days=1)
    return minutes_of(day)[case.calendar.day_start or 0]


def walked(case: Case, wanted: int, *, at_work: bool) -> datetime:
    moment = moved(case) if at_work else case.start
    while wanted:
        counts = works(moment, case.calendar) if at_work else True
        wanted -= counts and not is_paused(moment, case.pauses)
        moment += MINUTE
    return moment


def has_counted(day: date, case: Case, *, at_work: bool) -> bool:
    has_work = is_open(day, case.calendar)
    touched = (
        is_paused(one, case.pauses) and (not has_work or works(one, case.calendar))
        for one in minutes_of(day)
    )
    return (has_work or not at_work) and not any(touched)


def walked_days(case: Case, wanted: int, *, at_work: bool) -> datetime:
    day = moved(case).date()
    while wanted:
        day += timedelta(days=1)
        wanted -= has_counted(day, case, at_work=at_work)
    while not has_counted(day, case, at_work=True):
        day += timedelta(days=1)
    last = [one for one in minutes_of(day) if works(one, case.calendar)][-1]
    return last + MINUTE


@pytest.mark.parametrize("kind", [Kind.WORK_HOUR, Kind.URGENT_HOUR])
def test_hours_end_where_a_walk_minute_by_minute_ends(kind: Kind) -> None:
    for seed in range(ROUNDS):
        case = a_case(seed)
        budget = Budget(Decimal(case.amount) / 4, kind)
        due = walked(case, case.amount * 15, at_work=kind is Kind.WORK_HOUR)
        assert add(case.start, budget, case.calendar, case.pauses) == due, seed


@pytest.mark.parametrize("kind", [Kind.WORK_DAY, Kind.NATURAL_DAY])
def test_whole_days_end_where_a_walk_day_by_day_ends(kind: Kind) -> None:
    for seed in range(ROUNDS):
        case = a_case(seed)
        budget = Budget(Decimal(case.amount % 12), kind, Counting.CIVIL)
        due = walked_days(case, case.amount % 12, at_work=kind is Kind.WORK_DAY)
        assert add(case.start, budget, case.calendar, case.pauses) == due, seed
