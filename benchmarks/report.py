"""What was found, as a table one can read: one file a size, and all sizes side by side."""

import json
import os
import platform
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import filling, goals, pages

PARTS = ("loaded", "measured", "pages", "floor", "backlog")
HEAD = (
    "| | clients | p50 ms | p95 ms | a second | statements | CPU ms | database ms |"
    " web CPU ms | database CPU ms |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)
SIDES = (
    ("p50, ms", "p50"), ("statements", "statements"), ("CPU, ms", "cpu_p50"),
    ("in the database, ms", "db_p50"),
)  # fmt: skip
COLUMNS = ("clients", "p50", "p95", "per_second", "statements", "cpu_p50", "db_p50", "web_cpu",
           "database_cpu")  # fmt: skip


def report(results: Path, *, at: datetime) -> Path:
    """报告: of the bench in this folder; gives the table's file."""
    found = {name: _read(filling.folder() / f"{name}.json") for name in PARTS}
    told = {"at": at.isoformat(timespec="minutes"), "machine": machine(), **found}
    results.mkdir(parents=True, exist_ok=True)
    size = filling.folder().name
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (results / f"{size}.json").write_text(text + "\n", encoding="utf-8")
    table = results / f"{size}.md"
    table.write_text(tables(told, int(size) if size.isdigit() else 0), encoding="utf-8")
    (results / "README.md").write_text(side_by_side(results), encoding="utf-8")
    return table


def side_by_side(results: Path) -> str:
    """并列: every size that was measured, one client, connections that stay."""
    found = {int(path.stem): _read(path) for path in results.glob("*.json") if path.stem.isdigit()}
    sizes = sorted(found)
    names = [one["name"] for one in found[sizes[-1]]["measured"]["found"]] if sizes else []
    head = "".join(f" {size:,} |" for size in sizes)
    parts = ["# All sizes side by side\n"]
    for title, column in SIDES:
        lines = [f"| {title} |{head}", "|---|" + "--:|" * len(sizes)]
        for name in dict.fromkeys(names):
            cells = [_cell((_alone(found[size], name) or {}).get(column)) for size in sizes]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        parts.append("\n".join([*lines, ""]))
    return "\n".join(parts)


def _alone(told: dict[str, Any], name: str) -> dict[str, Any] | None:
    for one in told["measured"].get("found", []):
        if one["name"] == name and one["clients"] == 1 and not one["fresh"]:
            known: dict[str, Any] = one
            return known
    return None


def machine() -> dict[str, Any]:
    """机器: what everything ran on."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory / (1 << 30), 1),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def tables(told: dict[str, Any], size: int) -> str:
    """表: in Markdown."""
    known = told["machine"]
    parts = [
        f"# {size:,} tickets\n\n{told['at']}, {known['cores']} cores, {known['memory_gib']} GiB,"
        f" Python {known['python']}; everything on the one machine, clients too.\n"
    ]
    against = list(goals.lines(told))
    if against:
        parts.append("\n".join(["## Goals\n", goals.HEAD, *against, ""]))
    if told["loaded"]:
        parts.append(_facts("Loading", told["loaded"]))
    for name, title in (("measured", "Through HTTP"), ("floor", "The floor: bare psycopg")):
        if told[name]:
            rows = [row(one) for one in told[name]["found"]]
            parts.append("\n".join([f"## {title}\n", HEAD, *rows, ""]))
    if told.get("pages"):
        parts.append(pages.table(told["pages"]["pages"]))
    for name, facts in told["backlog"].items():
        parts.append(_facts(f"Routing backlog, by {name}", facts))
    return "\n".join(parts)


def row(one: dict[str, Any]) -> str:
    """一行: of one measurement."""
    name = one["name"] + (f" ({one['note']})" if one["note"] else "")
    name += ", fresh connections" if one["fresh"] else ""
    if "refused" in one:
        name += f" — refused {one['refused']}"
    cells = [_cell(one.get(column)) for column in COLUMNS]
    return f"| {name} | {' | '.join(cells)} |"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"
    return str(value)


def _facts(title: str, facts: dict[str, Any]) -> str:
    lines = [f"- {name.replace('_', ' ')}: {value}" for name, value in facts.items()]
    return "\n".join([f"## {title}\n", *lines, ""])


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
