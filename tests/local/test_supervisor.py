"""Children that die come back, later each time; children that will not go are made to."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubin.local.children import Child
from hubin.local.folder import DataFolder
from hubin.local.processes import group_alive, wait_gone
from hubin.local.stopper import Stopper
from hubin.local.supervisor import LONGEST_PAUSE, Supervisor, back_off
from hubin.local.trouble import Trouble

STUBBORN = "trap '' TERM QUIT; (trap '' TERM QUIT; sleep 600) & echo up; wait; wait; wait"


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def supervisor(tmp_path: Path, watch: Watch) -> Iterator[Supervisor]:
    folder = DataFolder(tmp_path)
    folder.open()
    supervisor = Supervisor(folder, Stopper(), now=watch)
    yield supervisor
    supervisor.end_all()


def begin(supervisor: Supervisor, script: str, name: str = "web", patience: float = 5.0) -> Child:
    child = Child(
        name=name,
        command=["/bin/sh", "-c", script],
        env={"PATH": os.environ["PATH"]},
        log=supervisor.folder.log(name),
        cwd=Path("/"),
        patience=patience,
    )
    supervisor.begin(child)
    return child


def die(supervisor: Supervisor, child: Child) -> None:
    assert wait_gone(lambda: not child.alive(), 5)
    supervisor.look()


def wait_until_up(child: Child) -> None:
    assert wait_gone(lambda: "up" in child.log.read_text(), 5)


def test_back_off_doubles_up_to_half_a_minute() -> None:
    assert [back_off(deaths) for deaths in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert back_off(500) == LONGEST_PAUSE


def test_a_dead_child_waits_for_its_pause(supervisor: Supervisor, watch: Watch) -> None:
    child = begin(supervisor, "exit 3")
    die(supervisor, child)
    watch.seconds += 0.4
    supervisor.look()
    assert not child.alive()


def test_a_dead_child_comes_back(supervisor: Supervisor, watch: Watch, tmp_path: Path) -> None:
    child = begin(supervisor, f"test -e {tmp_path}/again && exec sleep 600; exit 3")
    die(supervisor, child)
    (tmp_path / "again").touch()
    watch.seconds += 0.5
    supervisor.look()
    assert child.alive()


def test_the_second_death_costs_more(supervisor: Supervisor, watch: Watch) -> None:
    child = begin(supervisor, "exit 3")
    die(supervisor, child)
    watch.seconds += 0.5
    supervisor.look()
    die(supervisor, child)
    assert supervisor.standing["web"].due == watch.seconds + 1.0


def test_a_minute_of_life_clears_the_account(supervisor: Supervisor, watch: Watch) -> None:
    child = begin(supervisor, "exit 3")
    die(supervisor, child)
    watch.seconds += 0.5
    supervisor.look()
    watch.seconds += 61
    die(supervisor, child)
    assert supervisor.standing["web"].due == watch.seconds + 0.5


def test_the_death_is_told_with_code_and_log(
    supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    die(supervisor, begin(supervisor, "exit 3"))
    said = capsys.readouterr().out
    assert "web ended with code 3" in said
    assert "web.log" in said


def test_a_child_that_never_stays_up_stops_the_start(supervisor: Supervisor, watch: Watch) -> None:
    child = begin(supervisor, "echo no such table; exit 3")
    for _ in range(3):
        die(supervisor, child)
        watch.seconds += 30
        supervisor.look()
    with pytest.raises(Trouble, match="web does not stay up") as trouble:
        supervisor.refuse_flapping()
    assert "no such table" in trouble.value.details


def test_a_stubborn_child_and_its_own_children_are_killed(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubin.local.children.QUIT_WAIT", 0.1)
    child = begin(supervisor, STUBBORN, patience=0.1)
    wait_until_up(child)
    supervisor.end_all()
    assert child.code == -signal.SIGKILL
    assert child.process
    assert not group_alive(child.process.pid)


def test_the_end_is_in_order(supervisor: Supervisor, tmp_path: Path) -> None:
    for name in ("database", "broker", "web", "worker", "beat"):
        note = f"echo {name} >> {tmp_path}/ended; exit 0"
        child = begin(supervisor, f"trap '{note}' TERM; echo up; sleep 600 & wait", name)
        wait_until_up(child)
    supervisor.end_all()
    # a shell that is asked a second time on its way out says its name again
    ended = list(dict.fromkeys((tmp_path / "ended").read_text().split()))
    assert ended == ["beat", "web", "worker", "broker", "database"]


def test_ending_is_quick_where_nobody_resists(supervisor: Supervisor) -> None:
    for name in ("database", "broker", "web", "worker"):
        begin(supervisor, "exec sleep 600", name)
    began = time.monotonic()
    supervisor.end_all()
    assert time.monotonic() - began < 2
