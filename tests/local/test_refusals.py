"""What stops hubinctl is told in one sentence that names the cure, without a traceback."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hubin.local.binaries import postgres_candidates, wheel_folders
from tests.local.miniature import ROOT, build

Run = Callable[..., subprocess.CompletedProcess[str]]


def assert_one_sentence(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert done.returncode == 1
    sentences = done.stderr.strip().splitlines()
    assert len(sentences) == 1, done.stderr
    assert sentences[0].startswith("hubinctl: ")
    for part in parts:
        assert part in sentences[0]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def unwritable(tmp_path: Path) -> Path:
    """Root may write wherever modes forbid it, but not into /proc."""
    if os.geteuid() == 0:
        return Path("/proc/hubin")
    tmp_path.chmod(0o555)
    return tmp_path / "data"


def test_taken_port(hubinctl: Run, tmp_path: Path, taken_port: int) -> None:
    done = hubinctl("up", "--port", str(taken_port), "--data-dir", str(tmp_path))
    assert_one_sentence(done, str(taken_port), "--port")


def test_taken_port_leaves_nothing_half_done(
    hubinctl: Run, tmp_path: Path, taken_port: int
) -> None:
    hubinctl("up", "--port", str(taken_port), "--data-dir", str(tmp_path))
    assert not (tmp_path / "postgres").exists()
    assert not (tmp_path / "secrets.json").exists()


def test_port_out_of_range(hubinctl: Run) -> None:
    done = hubinctl("up", "--port", "70000")
    assert done.returncode == 2
    assert "1 to 65535" in done.stderr


def test_unwritable_folder(hubinctl: Run, unwritable: Path) -> None:
    done = hubinctl("up", "--data-dir", str(unwritable))
    assert_one_sentence(done, str(unwritable), "--data-dir")


@pytest.fixture
def without_venv(tmp_path: Path) -> Path:
    project = build(tmp_path / "project")
    (project / ".venv").unlink()
    return project


def test_no_package_index(hubinctl: Run, without_venv: Path) -> None:
    unreachable = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}
    done = hubinctl("up", place=without_venv, **unreachable, PIP_NO_CACHE_DIR="1", PIP_RETRIES="0")
    assert_one_sentence(done, "no package index answers", "PIP_INDEX_URL")
    assert not (without_venv / ".venv" / "hubin-installed.json").exists()


@pytest.fixture
def foreign_data(tmp_path: Path) -> Path:
    (tmp_path / "postgres").mkdir(parents=True)
    (tmp_path / "postgres" / "PG_VERSION").write_text("12\n")
    return tmp_path


def test_data_of_another_major_version(hubinctl: Run, project: Path, foreign_data: Path) -> None:
    done = hubinctl("up", "--data-dir", str(foreign_data), place=project)
    assert_one_sentence(done, "PostgreSQL 12", "pg_dumpall")


def test_data_of_another_major_version_is_not_touched(
    hubinctl: Run, project: Path, foreign_data: Path
) -> None:
    hubinctl("up", "--data-dir", str(foreign_data), place=project)
    assert [path.name for path in (foreign_data / "postgres").iterdir()] == ["PG_VERSION"]


def test_lost_secrets(hubinctl: Run, project: Path, foreign_data: Path) -> None:
    candidates = postgres_candidates(wheel_folders(Path(sys.executable)), None)
    (foreign_data / "postgres" / "PG_VERSION").write_text(str(candidates[0].major))
    done = hubinctl("up", "--data-dir", str(foreign_data), place=project)
    assert_one_sentence(done, "secrets.json", "from a copy")


def test_source_of_the_database_misspelt(hubinctl: Run, project: Path, tmp_path: Path) -> None:
    done = hubinctl("up", "--data-dir", str(tmp_path), place=project, HUBIN_PG_SOURCE="whell")
    assert_one_sentence(done, "HUBIN_PG_SOURCE", "'whell'", "wheel or system")


@pytest.mark.parametrize("command", ["manage", "stop"])
def test_nothing_runs_there(hubinctl: Run, tmp_path: Path, command: str) -> None:
    words = ["--data-dir", str(tmp_path / "none")]
    assert_one_sentence(hubinctl(command, *words), str(tmp_path / "none"))


def test_unknown_check_names_the_known_ones(hubinctl: Run, project: Path) -> None:
    assert_one_sentence(hubinctl("check", "speling", place=project), "speling", "lint", "types")


def test_old_python_is_told_what_to_install() -> None:
    as_if_old = (
        "import runpy, sys; sys.version_info = (3, 9, 2);"
        f"runpy.run_path({str(ROOT / 'hubinctl')!r}, run_name='__main__')"
    )
    env = {**os.environ, "PATH": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", as_if_old], env=env, capture_output=True, text=True, check=False
    )
    assert_one_sentence(done, "Python 3.11", "3.9")


def test_help_names_every_command(hubinctl: Run) -> None:
    shown = hubinctl("help").stdout
    for command in ("up", "stop", "manage", "test", "check", "lock", "help"):
        assert f"\n    {command} " in shown
