"""Who may know whom, and what no room may do (DESIGN §2 laws 3, 4, 7, 12)."""

import ast
import re
import subprocess
import sys

from tests.house import source

ORDER = ("common", "grids", "notices", "tickets", "hubin")


def test_imports_point_down_only() -> None:
    found = [
        f"{source.name(path)} → {imported}"
        for number, room in enumerate(ORDER[:-1])
        for path in source.modules(room)
        for imported in source.imports(path)
        if imported.split(".")[0] in ORDER[number + 1 :]
    ]
    assert not found


def test_the_top_package_imports_nothing() -> None:
    assert (source.ROOT / "hubin" / "__init__.py").read_text() == ""


def test_the_launcher_needs_the_standard_library_only() -> None:
    found = [
        f"{source.name(path)} → {imported}"
        for path in source.modules("hubin/local")
        for imported in source.imports(path)
        if imported.split(".")[0] not in sys.stdlib_module_names
        and not imported.startswith("hubin.local")
    ]
    assert not found


def test_there_are_no_signal_receivers() -> None:
    pattern = re.compile(r"@receiver|\bsignals\.\w+\.connect\(|(?:pre|post)_(?:save|delete)\b")
    found = [source.name(p) for p in source.modules() if pattern.search(p.read_text())]
    assert not found


def test_views_reach_tickets_only_through_visible_to() -> None:
    found = [
        f"{source.name(path)}: {line.strip()}"
        for path in source.modules("tickets")
        if {"views", "api"} & set(path.parts) or path.name == "boards.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\bTicket\.objects\.(?!visible_to|my_turn|none)", line)
    ]
    assert not found


def test_no_category_code_stands_in_the_code() -> None:
    found = [
        f"{source.name(path)}:{node.lineno}"
        for path in source.modules("tickets", "grids", "common")
        if "seed" not in path.parts and path.name != "demo.py"
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"(0[1-9]|1[0-2])\d\d", node.value)
    ]
    assert not found


def test_every_requirement_says_what_it_is_for() -> None:
    found = [
        line
        for path in source.ROOT.glob("requirements*.in")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r")) and "#" not in line
    ]
    assert not found


def test_nothing_speaks_of_a_machine() -> None:
    # spelled apart, so that this file does not find itself
    pattern = re.compile("/wo" + "rk/|/ro" + "ot/|/ho" + r"me/\w+/")
    kinds = (".py", ".md", ".toml", ".html", ".js", ".css", ".csv", ".txt", ".in", ".po", "run")
    found = [
        name
        for name in tracked_files()
        if name.endswith(kinds)
        and "vendor" not in name
        and pattern.search((source.ROOT / name).read_text(encoding="utf-8"))
    ]
    assert not found


def tracked_files() -> list[str]:
    """What git knows; in an exported tree without git, every file."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=source.ROOT, capture_output=True, text=True, check=False
    )
    names = listed.stdout.splitlines()
    if listed.returncode:
        names = [source.name(path) for path in source.modules(*source.ROOMS, "tests")]
    return [name for name in names if (source.ROOT / name).is_file()]
