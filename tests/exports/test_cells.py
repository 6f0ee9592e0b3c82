"""Cells: text stays text, in both kinds of file."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from common.cells import Cell, looks_like_formula
from tickets.exporting.files import open_sheet
from tickets.models.export import ExportForm

EVIL = [
    "=1+1", "+86 138", "-2", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", " =1", "\u3000=1",
    "\u200b=1", "\ufeff@x", "\t=1", "\r=1", "\n1", "\tx", "﹦1", "⁺1", "\xa0\xa0-1",
    "=cmd|' /C calc'!A0",
]  # fmt: skip
GOOD = ["", "甲", "1=1", "湖滨路 1 号", "a@b", "330102-20261123-00001", "'=1", "  x", "“=”"]
NINE = datetime(2026, 11, 23, 1, 0, 0, 999_999, tzinfo=UTC)


def in_csv(*cells: Cell) -> list[str]:
    sheet = open_sheet(ExportForm.CSV, "甲", [str(nth) for nth, _cell in enumerate(cells)])
    sheet.row(cells)
    return list(csv.reader(StringIO(sheet.finish().read().decode("utf-8-sig"), newline="")))[1]


def in_xlsx(*cells: Cell) -> list[Any]:
    sheet = open_sheet(ExportForm.XLSX, "甲/乙", [str(nth) for nth, _cell in enumerate(cells)])
    sheet.row(cells)
    book = load_workbook(BytesIO(sheet.finish().read()))
    return next(book.worksheets[0].iter_rows(min_row=2)) if any(cells) else []


@pytest.mark.parametrize("text", EVIL)
def test_what_looks_like_a_formula_is_text_in_csv(text: str) -> None:
    assert in_csv(text) == [f"'{text}"]


@pytest.mark.parametrize("text", EVIL)
def test_what_looks_like_a_formula_is_a_text_cell_in_xlsx(text: str) -> None:
    (cell,) = in_xlsx(text)
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


@pytest.mark.parametrize("text", GOOD)
def test_other_text_is_left_alone(text: str) -> None:
    assert in_csv(text) == [text]


def test_every_csv_cell_is_quoted() -> None:
    sheet = open_sheet(ExportForm.CSV, "甲", ["a", "b"])
    sheet.row(["x;=1", 'say "=1"\n=2'])
    assert sheet.finish().read() == b'\xef\xbb\xbf"a","b"\r\n"x;=1","say ""=1""\n=2"\r\n'


def test_what_no_file_can_hold_is_replaced() -> None:
    text = "a\x00b\x0bc\uffffd"
    assert in_csv(text) == ["a\ufffdb\ufffdc\ufffdd"]
    assert in_xlsx(text)[0].value == "a\ufffdb\ufffdc\ufffdd"


def test_a_cell_is_not_longer_than_excel_can_hold() -> None:
    assert len(in_xlsx("字" * 40_000)[0].value) == 32_767


def test_moments_are_those_of_the_district() -> None:
    assert in_csv(NINE) == ["2026-11-23 09:00:00"]
    (cell,) = in_xlsx(NINE)
    assert (cell.is_date, cell.value) == (True, datetime(2026, 11, 23, 9, 0))


def test_what_excel_would_read_as_one_character_is_escaped() -> None:
    assert in_xlsx("_x0041_")[0].value == "_x005F_x0041_"


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_csv_cell_ever_begins_as_a_formula(text: str) -> None:
    (cell,) = in_csv(text)
    assert not looks_like_formula(cell)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_any_text_makes_a_workbook_that_opens(texts: list[str]) -> None:
    assert all(cell.data_type in "sn" for cell in in_xlsx(*texts))
