"""The reader of tables: lines, quotes, and constant memory; no database."""

import tracemalloc
from pathlib import Path

import pytest

from tests.tickets.importing import CLOSED, HEADER, OPEN, SPOTS, Bringer
from tickets.importing.profile import load
from tickets.importing.table import Table
from tickets.importing.text import LONGEST_CELL


@pytest.fixture
def bringer(tmp_path: Path) -> Bringer:
    return Bringer(tmp_path)


def table(path: Path) -> Table:
    return Table(path, load(str(SPOTS)))


def test_a_quotation_mark_never_closed_costs_one_row_of_thousands(bringer: Bringer) -> None:
    after = [OPEN.replace("A1", f"C{n}") for n in range(5_000)]
    path = bringer.table(OPEN.replace("三天", '"三天'), *after)
    rows = list(table(path).rows())
    assert [row.line for row in rows if row.fault] == [2]
    assert [row.line for row in rows] == list(range(2, 5_003))
    assert [row.cells["nr"] for row in rows[1:]] == [f"C{n}" for n in range(5_000)]


def test_a_cell_longer_than_any_report_is_a_fault_of_its_row(bringer: Bringer) -> None:
    path = bringer.table(OPEN.replace("三天", "天" * (LONGEST_CELL + 1)), OPEN)
    assert [bool(row.fault) for row in table(path).rows()] == [True, False]


def test_blank_lines_are_no_rows(bringer: Bringer) -> None:
    path = bringer.table("", OPEN, "", "", OPEN)
    assert [row.line for row in table(path).rows()] == [3, 6]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_end_of_line_will_do(bringer: Bringer, end: str) -> None:
    path = bringer.folder / "rows.csv"
    path.write_bytes(end.join([HEADER, OPEN, OPEN]).encode())
    assert [row.cells["where"] for row in table(path).rows()] == ["湖滨路 1 号"] * 2


def test_checking_a_large_table_needs_little_memory(bringer: Bringer) -> None:
    path = bringer.table(*[OPEN.replace("三天", "三天" * 500)] * 5_000)
    assert path.stat().st_size > 10_000_000
    tracemalloc.start()
    assert table(path).check() == 5_000
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000


def test_an_endless_line_needs_little_memory(bringer: Bringer) -> None:
    path = bringer.table(OPEN, "0" * 50_000_000, CLOSED)
    tracemalloc.start()
    assert table(path).check() == 3
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10_000_000
