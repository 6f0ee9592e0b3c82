"""Steps in bulk: what is measured really happens, and is told."""

import json
from pathlib import Path

import pytest

from benchmarks import due, filling, stories
from tests.bench.test_load import address
from tests.world import World
from tickets.models import Event

OPEN = 30


@pytest.fixture
def told(committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a short run says."""
    monkeypatch.setenv("HUBIN_BENCH_FOLDER", str(tmp_path))
    monkeypatch.setenv("DATABASE_OWNER_URL", address())
    stories.tell(6, at=committed_world.at)
    filling.keep()
    lines: list[str] = []
    due.fill(OPEN, at=committed_world.at, tell=lines.append)
    due.run(at=committed_world.at, tell=lines.append, seconds=3, processes=1)
    return lines


def test_what_is_measured_happens_and_is_told(told: list[str], tmp_path: Path) -> None:
    found = json.loads((tmp_path / "due.json").read_text(encoding="utf-8"))
    assert found["open"] >= OPEN
    assert found["reconcile"]["done"] == found["open"]
    assert found["reconcile"]["told"] == 0
    assert found["recompute"]["done"] > 0
    steps = Event.objects.filter(verb="warn", by="system", data__nth=3).exclude(hash="")
    assert 0 < found["alone"]["done"] <= steps.count()
    assert any(line.startswith("  alone") and "a second" in line for line in told)
