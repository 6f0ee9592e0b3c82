"""What `hubinctl chaos` breaks with: the clock's file, and whose children are whose."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hubin.local.faults import BEGINS, WEEK, Time, children_of


def said(file: Path) -> str:
    return file.read_text(encoding="ascii")


def test_time_begins_on_a_working_monday_and_runs_on(tmp_path: Path) -> None:
    moved = Time(tmp_path / "clock")
    truly = datetime.fromtimestamp(moved.file.stat().st_mtime, UTC)
    there = truly + timedelta(seconds=float(said(moved.file)))
    assert abs(there - BEGINS) < timedelta(seconds=5)


def test_a_jump_counts_when_time_runs_on(tmp_path: Path) -> None:
    moved = Time(tmp_path / "clock")
    before = float(said(moved.file))
    moved.jump(WEEK)
    moved.run_on()
    assert float(said(moved.file)) - before == pytest.approx(WEEK.total_seconds())


def test_time_that_stands_still_is_a_moment(tmp_path: Path) -> None:
    moved = Time(tmp_path / "clock")
    moved.stand_still()
    sign, moment = said(moved.file)[0], datetime.fromisoformat(said(moved.file)[1:])
    assert (sign, moment.date()) == ("@", BEGINS.date())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_children_are_found() -> None:
    script = "import subprocess, sys; p = subprocess.Popen(['cat']); print(p.pid, flush=True)"
    waits = [sys.executable, "-c", f"{script}; p.wait()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(waits, stdin=pipe, stdout=pipe, text=True) as parent:
        assert parent.stdin
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert children_of(parent.pid) == [child]
        parent.stdin.close()
