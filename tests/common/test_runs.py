"""What became of a sweep stands in one row, whether it came through or not."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from common import runs
from common.models import SweepRun
from tests.races import race
from tests.world import MONDAY_NINE

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def seven(*, at: datetime) -> int:
    return 7


def broken(*, at: datetime) -> int:
    raise ValueError("赵见诚 13900001234")


def run_of(name: str) -> SweepRun:
    return SweepRun.objects.get(name=name)


def test_a_run_that_came_through_is_noted_with_its_rows() -> None:
    assert runs.noted("one", seven, at=MONDAY_NINE) == 7
    found = run_of("one")
    assert (found.began_at, found.rows, found.failed_at) == (MONDAY_NINE, 7, None)
    assert found.done_at
    assert found.done_at - MONDAY_NINE == timedelta(milliseconds=found.lasted_ms)


def test_a_failure_is_noted_without_what_it_says_and_goes_on() -> None:
    runs.noted("one", seven, at=MONDAY_NINE)
    with pytest.raises(ValueError, match="赵见诚"):
        runs.noted("one", broken, at=MONDAY_NINE + HOUR)
    found = run_of("one")
    assert (found.failed_at, found.began_at) == (MONDAY_NINE + HOUR, MONDAY_NINE + HOUR)
    assert found.fault.startswith("ValueError broken:")
    assert found.done_at
    assert found.done_at < MONDAY_NINE + HOUR


def test_the_next_run_that_comes_through_clears_the_fault() -> None:
    with pytest.raises(ValueError, match="赵"):
        runs.noted("one", broken, at=MONDAY_NINE)
    runs.noted("one", seven, at=MONDAY_NINE + HOUR)
    assert (run_of("one").fault, run_of("one").failed_at) == ("", MONDAY_NINE)


def test_a_failure_that_ended_the_transaction_is_the_one_that_is_told() -> None:
    def divided(*, at: datetime) -> int:
        connection.cursor().execute("SELECT 1 / 0")
        return 0

    with pytest.raises(Exception, match="division by zero"):
        runs.noted("one", divided, at=MONDAY_NINE)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_row() -> None:
    assert race(*[lambda: runs.noted("one", seven, at=MONDAY_NINE)] * 2) == [7, 7]
    assert SweepRun.objects.count() == 1
