"""Goals beside what was found."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import goals, report


def measured(name: str, **found: Any) -> dict[str, Any]:
    """One measurement by one client."""
    told = {"name": name, "clients": 1, "fresh": False, "note": "", "p50": 1.0, "p95": 2.0}
    return told | {"per_second": 10.0, "statements": 3} | found


@pytest.mark.parametrize(("took", "said"), [(25.0, "met"), (24.9, "met"), (50.0, "missed 2.0 ×")])
def test_a_goal_is_met_or_missed_by_so_much(took: float, said: str) -> None:
    lines = goals.lines({"measured": {"found": [measured("my queue, page", p50=took)]}})
    assert next(lines) == f"| my queue, page, ms | ≤ 25 | {took:g} | {said} |"


def test_creating_is_compared_with_the_floor() -> None:
    floor = {"found": [measured("create", per_second=100.0)]}
    ours = {"found": [measured("create, api", per_second=20.0)]}
    assert list(goals.lines({"measured": ours, "floor": floor}))[-1].endswith(
        "| ≥ 0.25 | 0.2 | missed 1.2 × |"
    )


def test_what_was_not_measured_is_no_line() -> None:
    assert list(goals.lines({})) == []


def test_a_fresh_connection_is_told_in_its_row() -> None:
    row = report.row(measured("ticket, page", fresh=True, cpu_p50=7.25))
    assert row.startswith("| ticket, page, fresh connections | 1 | 1 | 2 | 10 | 3 | 7.2 |")


def test_a_refusal_is_told_in_its_row() -> None:
    assert "refused {422: 3}" in report.row(measured("accept, api", refused={422: 3}))


def test_the_table_names_machine_and_goals() -> None:
    told: dict[str, Any] = {name: {} for name in report.PARTS} | {
        "at": "2026-11-23T09:00+00:00",
        "machine": report.machine(),
        "measured": {"found": [measured("my queue, page")]},
    }
    text = report.tables(told, 1000)
    assert text.startswith("# 1,000 tickets\n")
    assert "cores" in text
    assert "## Goals" in text


def test_sizes_stand_side_by_side(tmp_path: Path) -> None:
    for size, took in ((1000, 2.5), (20_000, 5.0)):
        told = {"measured": {"found": [measured("my queue, page", p50=took)]}}
        (tmp_path / f"{size}.json").write_text(json.dumps(told), encoding="utf-8")
    text = report.side_by_side(tmp_path)
    assert "| p50, ms | 1,000 | 20,000 |" in text
    assert "| my queue, page | 2.5 | 5 |" in text
    assert "| my queue, page | 3 | 3 |" in text


def test_nothing_measured_is_an_empty_table(tmp_path: Path) -> None:
    assert report.side_by_side(tmp_path).startswith("# All sizes side by side\n")
