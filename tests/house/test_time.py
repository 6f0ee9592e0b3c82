"""Time is handed in; only edges read the clock (DESIGN §2 law 5)."""

import ast
import re
from pathlib import Path

import pytest

from tests.house import source

EDGES = {
    "a view": r"\w+/views/\w+(/\w+)?",
    "a page of the administration": r"\w+/admin(/\w+)?",
    "a door for programs": r"\w+/api(/\w+)?",
    "a limit on them": r"common/throttles",
    "a task": r"\w+/tasks",
    "a command line": r"\w+/__main__",
    "a command": r"\w+/management/commands/\w+",
    "a tag of the templates": r"\w+/templatetags/\w+",
}
CLOCKS = frozenset({"clock", "timezone", "datetime"})
DEFAULTS = {"grids/models/people.py"}
"""Where the clock is the default of a column that nothing is decided by."""


def is_edge(path: Path) -> bool:
    name = source.name(path).removesuffix(".py")
    return any(re.fullmatch(pattern, name) for pattern in EDGES.values())


def reads(tree: ast.AST) -> list[ast.AST]:
    """Wherever `now` of a clock is named, called or not, or brought in by its own name."""
    clocks = CLOCKS | {name for node in ast.walk(tree) for name in _renamed(node)}
    return [
        node
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "now"
            and ast.unparse(node.value).split(".")[-1] in clocks)
        or _taken(node) & {"common.clock.now", "common.clock.*"}
    ]  # fmt: skip


def _taken(node: ast.AST) -> set[str]:
    return {home for home, _name in _aliases(node)}


def _renamed(node: ast.AST) -> set[str]:
    return {name for home, name in _aliases(node) if home == "common.clock" and name}


def _aliases(node: ast.AST) -> list[tuple[str, str | None]]:
    if not isinstance(node, ast.ImportFrom | ast.Import):
        return []
    home = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
    return [(home + alias.name, alias.asname) for alias in node.names]


def defaults(tree: ast.AST) -> set[ast.AST]:
    """What stands there uncalled as `default=`."""
    keywords = (node for node in ast.walk(tree) if isinstance(node, ast.keyword))
    return {word.value for word in keywords if word.arg == "default"}


def test_only_edges_read_the_clock() -> None:
    found = []
    for path in source.modules():
        if is_edge(path) or source.name(path) == "common/clock.py":
            continue
        tree = source.tree(path)
        spared = defaults(tree) if source.name(path) in DEFAULTS else set()
        found += [source.name(path) for node in reads(tree) if node not in spared]
    assert not found


def test_a_view_reads_the_clock_once_and_only_with_the_request_in_hand() -> None:
    found = [
        f"{source.name(path)}:{node.name}"
        for path in source.modules()
        if "views" in path.parts
        for node in source.functions(path)
        if (times := len(reads(node)))
        and (times > 1 or "request" not in [arg.arg for arg in node.args.args])
    ]
    assert not found


@pytest.mark.parametrize(
    "text",
    ["clock.now()", "common.clock.now()", "from common.clock import now", "timezone.now()",
     "field(default=clock.now)", "from common.clock import *",
     "from common import clock as watch\nwatch.now()", "import common.clock as watch\nwatch.now()"],
)  # fmt: skip
def test_every_way_to_the_clock_is_known(text: str) -> None:
    assert len(reads(ast.parse(text))) == 1


@pytest.mark.parametrize("text", ["clock.local(at)", "self.now", "from common import clock"])
def test_a_moment_that_was_handed_in_is_no_reading(text: str) -> None:
    assert not reads(ast.parse(text))


def test_no_template_asks_for_the_time_itself() -> None:
    pattern = re.compile(r"\{% now\b|\|\s*(timesince|timeuntil)\b")
    pages = (source.ROOT / "templates").rglob("*.*")
    assert not [source.name(page) for page in pages if pattern.search(page.read_text())]
