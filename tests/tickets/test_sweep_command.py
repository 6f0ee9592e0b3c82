"""manage.py sweep --loop outlives a database that goes away, and seals where nobody did."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.world import World
from tickets import seals, sweeps
from tickets.management.commands.sweep import Command
from tickets.models import Seal


@pytest.fixture
def seal_file(settings: Any, tmp_path: Path) -> Path:
    settings.HUBIN_SEAL_FILE = str(tmp_path / "seals.jsonl")
    return tmp_path / "seals.jsonl"


def interrupted(*, at: datetime) -> int:
    """A sweep whose cursor is closed beneath it: the driver calls that an interface error."""
    cursor = connection.cursor()
    cursor.close()
    cursor.execute("SELECT 1")
    return 0


@pytest.mark.django_db(transaction=True)
def test_a_lost_cursor_is_told_and_the_loop_goes_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sweeps.SWEEPS, "route", interrupted)
    Command()._round(["route"])
    assert "sweep: the cursor is closed" in caplog.text


def test_the_first_round_seals(committed_world: World, seal_file: Path) -> None:
    committed_world.reported()
    Command()._round([])
    assert (Seal.objects.count(), seal_file.read_text().count("\n")) == (1, 1)


@pytest.mark.parametrize(("age", "sealed"), [(59, 0), (60, 1)])
def test_only_an_old_seal_is_followed_by_another(
    world: World, seal_file: Path, age: int, sealed: int
) -> None:
    world.reported()
    seals.seal(at=world.at)
    world.reported()
    assert seals.seal_overdue(at=world.at + timedelta(minutes=age)) == sealed


def test_the_loop_seals_once_an_hour(world: World, seal_file: Path) -> None:
    loop = Command()
    for minutes in (0, 30, 90):
        world.reported()
        loop._seal(world.at + timedelta(minutes=minutes))
    assert [seal.at - world.at for seal in Seal.objects.all()] == [
        timedelta(0), timedelta(minutes=90),
    ]  # fmt: skip


def test_a_seal_file_that_cannot_be_written_is_told_and_the_loop_goes_on(
    committed_world: World, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HUBIN_SEAL_FILE = str(tmp_path)
    committed_world.reported()
    Command()._round([])
    assert "seal: [Errno 21]" in caplog.text
