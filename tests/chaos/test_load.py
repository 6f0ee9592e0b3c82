"""The load goes on: tickets that rest are answered in their turn, and new ones come."""

from pathlib import Path

import pytest

from common import clock
from tests.chaos import load as loads
from tests.chaos.load import RESTING, Load
from tests.chaos.trips import AIMS, Cast


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Nobody travels; it is always time for the next one."""
    made = Load("http://localhost", tmp_path, 1, 1e9, {}, Cast({}, {}, ()), clock.now)
    made.began -= 1
    return made


def test_who_was_answered_rests_no_more_and_new_ones_come(load: Load) -> None:
    told = 4 * RESTING
    for _one in range(told):
        trip = load.next()
        assert trip is not None
        load.rest(trip)
    assert len(load.resting) <= RESTING + 1
    assert load.made > told / 2


def test_a_time_without_a_new_ticket_is_noticed(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = loads.time.monotonic()
    monkeypatch.setattr(loads.time, "monotonic", lambda: now + 500)
    load.next()
    assert load.longest_pause >= 499


def test_it_is_noticed_although_none_came_any_more(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _aim in AIMS:
        load.next()
    (load.folder / "no-more").touch()
    now = loads.time.monotonic()
    monkeypatch.setattr(loads.time, "monotonic", lambda: now + 500)
    assert load.next() is None
    assert load.longest_pause >= 499
