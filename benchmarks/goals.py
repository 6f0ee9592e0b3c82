"""What was set as a goal, beside what was found; missed goals say by how much."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """目标: milliseconds (p50) and statements of a measure, asked by one client."""

    measure: str
    milliseconds: float
    statements: int


GOALS = (
    Goal("my queue, page", 25, 8),
    Goal("my queue, api", 25, 8),
    Goal("my queue, deep, page", 25, 8),
    Goal("my queue, deep, api", 25, 8),
    Goal("ticket, page", 20, 12),
    Goal("ticket, api", 20, 12),
    Goal("accept, api", 20, 16),
    Goal("claim, api", 20, 16),
    Goal("resolve, api", 20, 16),
    Goal("create, api", 12, 16),
    Goal("search, common word, page", 60, 8),
    Goal("search, rare word, page", 60, 8),
    Goal("search, two words, page", 60, 8),
)
OF_FLOOR = 0.25  # of the throughput of bare psycopg that creating reaches
ROUTED, TASKS, WORKER = 60.0, 1.0, 150
HEAD = "| | goal | found | |\n|---|--:|--:|---|"


def lines(told: dict[str, Any]) -> Iterator[str]:
    """对照: rows of a table."""
    measured = told.get("measured", {}).get("found", [])
    for goal in GOALS:
        one = _find(measured, goal.measure, 1)
        if one is not None:
            yield _at_most(f"{goal.measure}, ms", goal.milliseconds, one["p50"])
            statements = one.get("statements")
            if statements is not None:
                yield _at_most(f"{goal.measure}, statements", goal.statements, statements)
    yield from _floor(told.get("floor", {}).get("found", []), measured)
    routed = told.get("backlog", {}).get("worker", {})
    if routed:
        yield _at_least("routing, tickets a second", ROUTED, routed["per_second"])
        yield _at_most("routing, tasks a ticket", TASKS, routed["tasks_a_ticket"])
        yield _at_most("largest worker process, MiB", WORKER, max(routed["worker_mib"]))


def _floor(floor: list[dict[str, Any]], measured: list[dict[str, Any]]) -> Iterator[str]:
    for clients in sorted({one["clients"] for one in floor}):
        bare, ours = _find(floor, "create", clients), _find(measured, "create, api", clients)
        if bare and ours and bare["per_second"]:
            share = round(ours["per_second"] / bare["per_second"], 2)
            yield _at_least(f"create, share of the floor, {clients} clients", OF_FLOOR, share)


def _find(found: list[dict[str, Any]], name: str, clients: int) -> dict[str, Any] | None:
    for one in found:
        if one["name"] == name and one["clients"] == clients and not one["fresh"]:
            return one
    return None


def _at_most(name: str, goal: float, found: float) -> str:
    return _line(name, f"≤ {goal:g}", found, found / goal if found > goal else 0.0)


def _at_least(name: str, goal: float, found: float) -> str:
    short = (goal / found if found else 99.0) if found < goal else 0.0
    return _line(name, f"≥ {goal:g}", found, short)


def _line(name: str, goal: str, found: float, missed: float) -> str:
    said = f"missed {missed:.1f} ×" if missed else "met"
    return f"| {name} | {goal} | {found:g} | {said} |"
