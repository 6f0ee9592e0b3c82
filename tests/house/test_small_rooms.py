"""Small rooms, alike (DESIGN §2 law 9)."""

import statistics

from tests.house import source

FILE, FUNCTION, TEST = 400, 40, 25


def lines(path: object) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())  # type: ignore[attr-defined]


def test_no_file_is_longer_than_400_lines() -> None:
    found = [source.name(p) for p in source.modules(*source.ROOMS, "tests") if lines(p) > FILE]
    assert not found


def test_no_function_is_longer_than_40_lines() -> None:
    found = [
        f"{source.name(path)}:{node.name}"
        for path in source.modules()
        for node in source.functions(path)
        if source.length(node) > FUNCTION
    ]
    assert not found


def test_no_test_is_longer_than_25_lines() -> None:
    found = [
        f"{source.name(path)}:{node.name}"
        for path in source.modules("tests")
        for node in source.functions(path)
        if node.name.startswith("test_") and source.length(node) > TEST
    ]
    assert not found


def test_the_median_file_is_small() -> None:
    assert statistics.median(lines(path) for path in source.modules()) <= 100
