"""Every kind of fault once, while tickets move: nothing is lost, nothing comes twice."""

import os
import re
import subprocess
import sys

import pytest

from tests.house import source

PATIENCE = 600.0
PASSED_ON = ("HOME", "PATH", "HUBIN_PG_SOURCE", "HUBIN_REDIS_SOURCE")
KINDS = 14 if sys.platform == "linux" else 12
LAST_JUMP = 1
ACTS = ("grant", "refuse", "rework", "merge", "reopen", "amend")


@pytest.mark.chaos
@pytest.mark.xdist_group("hubinctl up")
def test_nothing_is_lost_and_nothing_comes_twice() -> None:
    done = subprocess.run(
        [str(source.ROOT / "hubinctl"), "chaos", "--minutes", "0"],
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE, check=False,
    )  # fmt: skip
    table = dict(re.findall(r"^  ([a-z,: ]+?) {2,}(\d+)$", done.stdout, re.MULTILINE))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (table["lost"], table["doubled"], table["wrong"]) == ("0", "0", "0")
    assert int(table["faults"]) == KINDS + LAST_JUMP
    assert int(table["tickets"]) > 5
    assert int(table["timers fired"]) > int(table["tickets"])
    assert [act for act in ACTS if table[f"act: {act}"] == "0"] == []
    assert int(table["letters"]) > 0
