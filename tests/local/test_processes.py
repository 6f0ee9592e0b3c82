"""No process of ours is left behind, and none of somebody else's is touched."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubin.local.children import Child, end_recorded
from hubin.local.folder import DataFolder, write_json
from hubin.local.leftovers import end_leftovers, end_stray_postmaster
from hubin.local.processes import Identity, birth, end_stranger, identity, wait_gone
from tests.local.miniature import ROOT

LAUNCHER = """
import os, pathlib, signal, sys
sys.path.insert(0, sys.argv[1])
from hubin.local.processes import spawn
child = spawn(["sleep", "600"], env=dict(os.environ), log=pathlib.Path(sys.argv[2]),
              cwd=pathlib.Path("/"))
print(child.pid, flush=True)
signal.pause()
"""


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "600"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_a_number_given_to_somebody_else_is_not_ours(sleeper: subprocess.Popen[bytes]) -> None:
    assert not end_stranger(Identity(sleeper.pid, "long ago"), signal.SIGTERM, 1)
    assert sleeper.poll() is None


def test_a_known_process_is_ended(sleeper: subprocess.Popen[bytes]) -> None:
    known = identity(sleeper.pid)
    assert known
    assert end_stranger(known, signal.SIGTERM, 5)
    assert sleeper.wait(5) == -signal.SIGTERM


def test_a_dead_process_has_no_birth(sleeper: subprocess.Popen[bytes]) -> None:
    sleeper.kill()
    assert wait_gone(lambda: birth(sleeper.pid) is None, 5)  # not yet reaped: a zombie is dead


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of our death")
def test_a_killed_launcher_takes_its_children_along(tmp_path: Path) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(ROOT), str(tmp_path / "log")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout
    child = int(launcher.stdout.readline())
    launcher.kill()
    launcher.wait()
    assert wait_gone(lambda: birth(child) is None, 5)


def test_a_recorded_child_is_found_by_the_next_launcher(tmp_path: Path) -> None:
    child = Child("web", ["sleep", "600"], dict(os.environ), tmp_path / "web.log", Path("/"))
    child.start()
    folder = DataFolder(tmp_path)
    write_json(folder.processes_file, {"children": [child.as_record()]})
    assert end_leftovers(folder) == ["web"]
    assert not child.alive()
    assert not folder.processes_file.exists()


def test_a_child_long_gone_is_not_reported(tmp_path: Path) -> None:
    record = {"name": "web", "pid": 2**22 + 1, "born": "1", "gentle": 15, "patience": 1.0}
    assert not end_recorded(json.loads(json.dumps(record)))


def test_a_note_of_a_database_that_means_somebody_else_is_cleared(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    (tmp_path / "postmaster.pid").write_text(f"{sleeper.pid}\n{tmp_path}\n")
    assert not end_stray_postmaster(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()
    assert sleeper.poll() is None
