"""Answers while the broker is away: slower, missing or hanging ones are found."""

import pytest

from tests.chaos.findings import Fault
from tests.chaos.pace import Asked, slow

AWAY = Fault("broker away", 100.0, 110.0, 110.0)


def asked(since: float, took: float, *, times: int = 40, status: int = 200) -> list[Asked]:
    """So many within nine seconds."""
    return [{"at": since + 9 * n / times, "took": took, "status": status} for n in range(times)]


WELL = asked(50, 0.1)


def said(*given: list[Asked], faults: tuple[Fault, ...] = (AWAY,)) -> list[str]:
    return [one.said for one in slow([one for some in given for one in some], faults)]


def test_as_fast_as_before_is_well() -> None:
    assert said(WELL, asked(100, 0.4)) == []


def test_slower_than_twice_and_a_quarter_is_named() -> None:
    told = "19 of 20 answers came within 500 ms without the broker, 100 with it"
    assert said(WELL, asked(100, 0.5)) == [told]


def test_the_slow_ones_count_though_most_are_fast() -> None:
    assert said(WELL, asked(100, 0.05), asked(100, 0.9, times=4)) != []


def test_one_that_hangs_is_named() -> None:
    told = "a request took 9.8 s without the broker"
    assert said(WELL, asked(100, 0.1), asked(100, 9.8, times=1)) == [told]


@pytest.mark.parametrize("status", [0, 500, 503])
def test_what_stays_unanswered_is_named(status: int) -> None:
    told = "2 of 42 requests unanswered without the broker"
    assert said(WELL, asked(100, 0.1), asked(100, 0.1, times=2, status=status)) == [told]


def test_a_web_server_that_was_killed_explains_it() -> None:
    killed = Fault("web child killed", 98.0, 98.1, 99.5)
    missing = asked(100, 0.1, times=1, status=0)
    assert said(WELL, asked(100, 0.1), missing, faults=(killed, AWAY)) == []


def test_answers_during_other_faults_are_no_measure_of_what_is_well() -> None:
    busy = Fault("worker killed", 50.0, 50.1, 60.0)
    assert said(asked(50, 2.0), asked(70, 0.1), asked(100, 0.5), faults=(busy, AWAY)) != []


def test_too_few_to_compare_is_no_proof() -> None:
    assert said(WELL, asked(100, 0.1, times=3)) != []


def test_whatever_shares_the_machine_takes_longer_without_the_broker_too() -> None:
    assert said(asked(50, 4.0), asked(100, 9.0)) != said(asked(50, 4.0), asked(100, 8.0)) == []
