"""The whole of `hubinctl bench` at the smallest size: loaded, measured, reported, cleared away."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.source import ROOT

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("hubinctl bench")]
VERBS = {"create, api", "accept, api", "claim, api", "resolve, api"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where everything of one small bench stands."""
    folder = tmp_path_factory.mktemp("bench")
    words = ("--sizes", "60", "--seconds", "0.2", "--clients", "2", "--data", str(folder / "data"))
    done = subprocess.run(
        [sys.executable, "hubinctl", "bench", *words, "--results", str(folder / "results")],
        cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def told(folder: Path) -> Any:
    """What was found."""
    return json.loads((folder / "results" / "60.json").read_text(encoding="utf-8"))


def test_every_measure_is_answered(told: Any) -> None:
    found = told["measured"]["found"]
    assert {one["name"] for one in found} >= VERBS
    assert not [one for one in found if "refused" in one or not one["requests"]]


def test_each_answer_told_its_cost(told: Any) -> None:
    assert not [one for one in told["measured"]["found"] if one["statements"] < 1]


def test_the_floor_was_measured_beside_it(told: Any) -> None:
    assert {one["name"] for one in told["floor"]["found"]} >= {"create", "my queue", "ticket"}


def test_nothing_waits_after_routing(told: Any) -> None:
    assert {name: one["left"] for name, one in told["backlog"].items()} == {"worker": 0, "sweep": 0}


def test_what_nobody_keeps_is_cleared_away(folder: Path) -> None:
    assert not (folder / "data" / "60").exists()
