"""manage.py sweep --loop outlives a database that goes away, and seals where nobody did."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from common.models import SweepRun
from hubin.celery import app
from tests.world import World
from tickets import seals, sweeps
from tickets.management.commands.sweep import Command, names_in
from tickets.models import Seal, Ticket
from tickets.periods import PERIODS, SLOW

beat = app.conf.beat_schedule


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


def test_every_sweep_has_a_period_and_a_line_of_beat() -> None:
    assert set(sweeps.SWEEPS) == set(PERIODS)
    lines = [line["kwargs"]["name"] for line in beat.values() if line["task"].endswith(".sweep")]
    assert sorted(lines) == sorted(PERIODS)


def test_operators_read_how_often_each_runs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)`( \(slow\))? \| (\d+) s \|", text, re.MULTILINE)
    assert {name: int(seconds) for name, _slow, seconds in told} == {
        name: period.total_seconds() for name, period in PERIODS.items()
    }
    assert {name for name, slow, _seconds in told if slow} == SLOW


def test_groups_share_out_the_sweeps() -> None:
    quick, slow = names_in("quick"), names_in("slow")
    assert sorted([*quick, *slow]) == sorted(PERIODS)
    assert names_in(" close,route ") == ["route", "close"]


def test_an_unknown_sweep_is_told_with_those_there_are() -> None:
    with pytest.raises(CommandError, match=r"no sweep rout; there are quick, slow, route"):
        call_command("sweep", "--only", "rout")


def test_each_sweep_of_a_loop_keeps_its_own_period() -> None:
    loop, done = Command(), []
    for seconds in (0, 20, 3600):
        done.append(loop._due(["route", "files"], seconds, half=10))
        loop.began |= dict.fromkeys(done[-1], seconds)
    assert done == [["route", "files"], ["route"], ["route", "files"]]


def test_a_sweep_that_fails_holds_up_none_of_the_others(
    committed_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    committed_world.accepted()
    monkeypatch.setitem(sweeps.SWEEPS, "announce", lambda at: 1 / 0)
    Command()._round(["announce", "route"])
    assert "sweep: announce" in caplog.text
    assert SweepRun.objects.get(name="announce").fault.startswith("ZeroDivisionError")
    assert Ticket.objects.get().state == "DISPATCHED"
