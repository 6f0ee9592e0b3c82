"""The one clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from common import clock

MOMENT = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


def test_now_is_aware_and_in_utc() -> None:
    assert (clock.now(), clock.now().tzinfo) == (MOMENT, UTC)


def test_local_time_is_the_districts() -> None:
    assert clock.local(MOMENT).isoformat() == "2026-03-03T04:00:00+08:00"


@pytest.mark.parametrize("offset", ["86400", "+86400", "-3600.5\n", ""])
def test_the_offset_file_moves_time(settings: Settings, tmp_path: Path, offset: str) -> None:
    file = tmp_path / "clock"
    file.write_text(offset, encoding="ascii")
    settings.HUBIN_CLOCK_FILE = str(file)
    assert clock.now() - MOMENT == timedelta(seconds=float(offset or 0))


def test_a_changed_offset_counts_at_once(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    settings.HUBIN_CLOCK_FILE = str(file)
    before = clock.now()
    file.write_text("60", encoding="ascii")
    assert clock.now() - before == timedelta(minutes=1)


@pytest.mark.parametrize("said", ["@2026-11-23T01:00:00Z", "@2026-11-23T09:00:00+08:00\n"])
def test_the_clock_stands_still(settings: Settings, tmp_path: Path, said: str) -> None:
    file = tmp_path / "clock"
    file.write_text(said, encoding="ascii")
    settings.HUBIN_CLOCK_FILE = str(file)
    assert clock.now() == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
