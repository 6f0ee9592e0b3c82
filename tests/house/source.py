"""The project's own source, as the laws of the house look at it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("hubin", "common", "grids", "notices", "tickets", "benchmarks")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*rooms: str) -> list[Path]:
    """Every Python file of those rooms (all of ours by default), without migrations."""
    found = []
    for room in rooms or ROOMS:
        inside = sorted((ROOT / room).rglob("*.py"))
        assert inside, f"no such room: {room}"  # a law looked for nowhere is never broken
        found += [path for path in inside if "migrations" not in path.parts]
    return found


@cache
def tree(path: Path) -> ast.Module:
    """Its syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[FunctionNode]:
    """Every function and method in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, FunctionNode):
            yield node


def imports(path: Path) -> set[str]:
    """Every module it imports, at any depth, absolutely named."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


def length(node: FunctionNode) -> int:
    """Lines from the first decorator to the end, docstring left out."""
    first = min([node.lineno, *(deco.lineno for deco in node.decorator_list)])
    lines = (node.end_lineno or node.lineno) - first + 1
    opening = node.body[0]
    if isinstance(opening, ast.Expr) and isinstance(opening.value, ast.Constant):
        lines -= (opening.end_lineno or opening.lineno) - opening.lineno + 1
    return lines


def name(path: Path) -> str:
    """The file as one would name it in a sentence."""
    return str(path.relative_to(ROOT))
