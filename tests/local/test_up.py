"""`hubinctl up` from outside: real servers, gunicorn and Celery around a miniature project."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hubin.local.processes import birth, command_of, wait_gone
from tests.local.conftest import Launcher

pytestmark = pytest.mark.xdist_group("hubinctl up")
Launch = Callable[..., Launcher]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def running(project: Path, data: Path) -> Iterator[Launcher]:
    env = {"HOME": str(data), "PATH": os.environ["PATH"]}
    launcher = Launcher(project, "--data-dir", str(data), env=env)
    try:
        launcher.address = launcher.ready()
        yield launcher
    finally:
        launcher.stop(signal.SIGTERM)


def run_json(data: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((data / "run.json").read_text(encoding="utf-8"))
    return content


def recorded(data: Path) -> dict[str, int]:
    children = json.loads((data / "processes.json").read_text())["children"]
    return {one["name"]: one["pid"] for one in children}


def status(address: str) -> int:
    with urllib.request.urlopen(f"{address}/readyz", timeout=15) as answer:
        return int(answer.status)


def test_ready_is_the_last_line_and_true(running: Launcher) -> None:
    assert re.fullmatch(r"READY http://127\.0\.0\.1:\d+", running.start_up[-1])
    assert status(running.address) == 200


def test_demo_accounts_are_shown(running: Launcher) -> None:
    assert "  受理员 · desk · invented · 李敏" in running.start_up


def test_run_json_is_private_and_tells_other_programs(running: Launcher, data: Path) -> None:
    told = run_json(data)
    assert (data / "run.json").stat().st_mode & 0o777 == 0o600
    assert told["url"] == running.address
    assert set(told) == {"url", "database_url", "redis_url", "accounts"}
    assert told["accounts"][0]["post"] == "受理员"


def test_run_json_gives_the_app_role_only(running: Launcher, data: Path) -> None:
    with psycopg.connect(run_json(data)["database_url"]) as connection:
        shown = connection.execute("SELECT current_user, (SELECT name FROM place)").fetchone()
    assert shown == ("hubin_app", "湖滨")


def test_second_up_is_refused(running: Launcher, hubinctl: Run, project: Path, data: Path) -> None:
    done = hubinctl("up", "--data-dir", str(data), place=project)
    assert done.returncode == 1
    assert f"already runs on {data} (process {running.process.pid})" in done.stderr


def test_manage_reaches_the_running_system(
    running: Launcher, hubinctl: Run, project: Path, data: Path
) -> None:
    done = hubinctl("manage", "--data-dir", str(data), "migrate", "--check", place=project)
    assert (done.returncode, done.stderr) == (0, "")


def test_manage_passes_on_the_exit_code(
    running: Launcher, hubinctl: Run, project: Path, data: Path
) -> None:
    done = hubinctl("manage", "--data-dir", str(data), "no_such_command", place=project)
    assert done.returncode == 1
    assert "no_such_command" in done.stderr


def kill(running: Launcher, data: Path, name: str) -> None:
    """And wait until another one has taken its place."""
    killed = recorded(data)[name]
    os.kill(killed, signal.SIGKILL)
    running.until(rf"{name} ended with code -9; starting it again in 0\.5 s")
    assert wait_gone(lambda: recorded(data).get(name, killed) != killed, 10)


@pytest.mark.parametrize("name", ["sweep", "slow"])
def test_a_killed_sweep_comes_back(running: Launcher, data: Path, name: str) -> None:
    kill(running, data, name)
    assert birth(recorded(data)[name])


def test_who_calls_while_web_is_away_is_answered(running: Launcher, data: Path) -> None:
    kill(running, data, "web")
    assert status(running.address) == 200


def test_a_killed_database_comes_back(running: Launcher, data: Path) -> None:
    kill(running, data, "database")
    assert wait_gone(lambda: _is_ready(running.address), 20)


def _is_ready(address: str) -> bool:
    try:
        return status(address) == 200
    except OSError:  # an HTTP error is one, too
        return False


def test_ctrl_c_ends_everything(launch: Launch, tmp_path: Path) -> None:
    launcher = launch("--data-dir", str(tmp_path), "--no-demo")
    launcher.ready()
    children = recorded(tmp_path)
    assert launcher.stop(signal.SIGINT) == 0
    assert len(children) == 7
    assert [name for name, pid in children.items() if birth(pid)] == []
    assert not (tmp_path / "run.json").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of our death")
def test_a_killed_launcher_leaves_nothing_and_loses_nothing(launch: Launch, tmp_path: Path) -> None:
    first = launch("--data-dir", str(tmp_path))
    first.ready()
    add_place(tmp_path, "孩儿巷")
    first.stop(signal.SIGKILL)
    assert wait_gone(lambda: not processes_naming(tmp_path), 15)
    launch("--data-dir", str(tmp_path)).ready()
    assert places(tmp_path) == ["孩儿巷", "湖滨"]


def add_place(data: Path, name: str) -> None:
    with psycopg.connect(run_json(data)["database_url"]) as connection:
        connection.execute("INSERT INTO place VALUES (%s)", [name])


def places(data: Path) -> list[str]:
    with psycopg.connect(run_json(data)["database_url"]) as connection:
        return sorted(row[0] for row in connection.execute("SELECT name FROM place"))


def processes_naming(data: Path) -> list[int]:
    alive = [pid for pid in recorded(data).values() if birth(pid)]
    return alive or [
        int(entry)
        for entry in os.listdir("/proc")
        if entry.isdigit() and str(data) in command_of(int(entry))
    ]
