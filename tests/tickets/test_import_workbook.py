"""Workbooks: cells as a person wrote them, whatever the spreadsheet program made of them."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.tickets.importing import SPOTS, Bringer
from tests.tickets.workbooks import NAMES, SHEET, SPREADSHEET, STRINGS, book, rewritten, row, shared
from tickets.importing.profile import load
from tickets.importing.table import Row, Table
from tickets.models import Ticket, Words


@pytest.fixture
def bringer(tmp_path: Path) -> Bringer:
    return Bringer(tmp_path)


def rows_of(path: Path, **options: str) -> list[Row]:
    return list(Table(path, load(str(SPOTS)), **options).rows())


def cell(path: Path, name: str) -> str:
    (found,) = rows_of(path)
    assert found.fault == ""
    return found.cells[name]


@pytest.mark.usefixtures("world")
def test_a_workbook_goes_in_like_a_table(bringer: Bringer) -> None:
    path = book(bringer.folder, row(), row(nr="A2", closed="2026-03-05 16:00"))
    assert "新增 2，已有 0，退回 0" in bringer.bring(path)
    assert "新增 0，已有 2" in bringer.bring(path)
    assert Words.objects.filter(text="门口有垃圾\n三天没有人清运").exists()


@pytest.mark.usefixtures("world")
def test_rejected_rows_carry_the_number_beside_them(bringer: Bringer) -> None:
    def bend(sheet: Any) -> None:
        sheet.insert_rows(3, 4)

    path = book(bringer.folder, row(), row(nr=""), row(nr="A3"), bend=bend)
    assert "新增 2，已有 0，退回 1" in bringer.bring(path)
    with bringer.rejects.open(encoding="utf-8-sig", newline="") as file:
        (found,) = csv.DictReader(file)
    assert (found["line"], found["what"]) == ("7", "门口有垃圾")


@pytest.mark.usefixtures("world")
def test_corrected_rejects_of_a_workbook_go_in(bringer: Bringer) -> None:
    bringer.bring(book(bringer.folder, row(opened=datetime(2999, 3, 2, 9, 30))))
    corrected = bringer.rejects.rename(bringer.folder / "corrected.csv")
    corrected.write_text(corrected.read_text(encoding="utf-8").replace("2999", "2026"))
    assert "新增 1，已有 0，退回 0" in bringer.bring(corrected)
    assert Ticket.objects.get().reported_at.isoformat() == "2026-03-02T01:30:00+00:00"


NUMBERS = [
    (12345.0, "General", "12345"), (13800138000, "General", "13800138000"), (1.38e10, "0.00E+00",
     "13800000000"), (7, "00000", "00007"), (30.245, "General", "30.245"), (-5, "General", "-5"),
    (0.1 + 0.2, "General", "0.3"), (True, "General", "TRUE"), ("00012", "@", "00012"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "form", "text"), NUMBERS)
def test_numbers_are_what_a_person_wrote(
    bringer: Bringer, value: Any, form: str, text: str
) -> None:
    def bend(sheet: Any) -> None:
        sheet["A2"].number_format = form

    assert cell(book(bringer.folder, row(nr=value), bend=bend), "nr") == text


DATES = [
    (datetime(2026, 3, 2, 9, 30), "opened", "2026-03-02 09:30"),  # as the profile wants it
    (date(2026, 3, 2), "opened", "2026-03-02 00:00"),
    (datetime(2026, 3, 2, 9, 30), "more", "2026-03-02 09:30:00"),
]


@pytest.mark.parametrize(("value", "name", "text"), DATES)
def test_dates_are_dates(bringer: Bringer, value: Any, name: str, text: str) -> None:
    assert cell(book(bringer.folder, row(**{name: value})), name) == text


@pytest.mark.parametrize("number", [14, 22, 31, 57])
def test_built_in_dates_are_known_also_the_chinese_ones(bringer: Bringer, number: int) -> None:
    path = book(bringer.folder, row(opened=46083.5))
    rewritten(path, "xl/styles.xml", lambda text: text.replace(
        'numFmtId="0"', f'numFmtId="{number}"'))  # fmt: skip
    found = rows_of(path)[0].cells["opened"]
    assert found == "2026-03-02 12:00"


def test_days_are_counted_from_1904_where_the_workbook_does(bringer: Bringer) -> None:
    path = book(bringer.folder, row(opened=datetime(2026, 3, 2, 9, 30)))
    rewritten(path, "xl/workbook.xml", lambda text: text.replace(
        "<workbookPr ", '<workbookPr date1904="1" '))  # fmt: skip
    assert cell(path, "opened").startswith("2030-03-03")


def test_a_formula_gives_what_was_worked_out(bringer: Bringer) -> None:
    path = book(bringer.folder, row(nr="=1+1"))
    assert "公式没有算好的结果" in rows_of(path)[0].fault
    rewritten(path, SHEET, lambda text: text.replace("<f>1+1</f><v />", "<f>1+1</f><v>2</v>"))
    assert cell(path, "nr") == "2"


FAULTS = [
    (330102199001011234, "nr", "超过 15 位"), ("#REF!", "kind", "错误值 #REF!"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "name", "fault"), FAULTS)
def test_what_cannot_be_trusted_is_a_fault(
    bringer: Bringer, value: Any, name: str, fault: str
) -> None:
    (found,) = rows_of(book(bringer.folder, row(**{name: value})))
    assert name in found.fault
    assert fault in found.fault


@pytest.mark.parametrize("written", ["nan", "inf", "1_0", "１", "0x1", "1e", ".", "1" * 99 + "x"])
def test_a_number_is_written_as_markup_writes_one(bringer: Bringer, written: str) -> None:
    path = book(bringer.folder, row(nr=77))
    rewritten(path, SHEET, lambda text: text.replace("<v>77</v>", f"<v>{written}</v>"))
    assert "不是数字" in rows_of(path)[0].fault


@pytest.mark.parametrize(
    ("written", "read"), [("1.5E3", "1500"), (".5", "0.5"), ("+7.", "7"), ("-0.0", "0")]
)
def test_a_number_may_be_written_otherwise(bringer: Bringer, written: str, read: str) -> None:
    path = book(bringer.folder, row(nr=77))
    rewritten(path, SHEET, lambda text: text.replace("<v>77</v>", f"<v>{written}</v>"))
    assert cell(path, "nr") == read


def test_damage_in_a_column_nobody_asked_for_does_not_matter(bringer: Bringer) -> None:
    def bend(sheet: Any) -> None:
        sheet["J1"], sheet["J2"] = "extra", "#N/A"

    path = book(bringer.folder, row(), bend=bend)
    assert rows_of(path)[0].fault == ""


def test_empty_rows_and_columns_are_none(bringer: Bringer) -> None:
    def bend(sheet: Any) -> None:
        for line in range(4, 900):
            sheet.cell(line, 1).number_format = "0.00"
        sheet["Z2"] = "  "
        sheet["AA900"].number_format = "@"

    assert [found.line for found in rows_of(book(bringer.folder, row(), bend=bend))] == [2]


def test_titles_may_stand_above_the_header(bringer: Bringer) -> None:
    def bend(sheet: Any) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "湖滨区 2026 年来件统计表"
        sheet.merge_cells("A1:I1")

    assert [found.line for found in rows_of(book(bringer.folder, row(), bend=bend))] == [4]


def test_hidden_rows_are_rows(bringer: Bringer) -> None:
    def bend(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True

    assert len(rows_of(book(bringer.folder, row(), row(nr="A2"), bend=bend))) == 2


def test_texts_in_a_table_of_their_own_are_found(bringer: Bringer) -> None:
    path = shared(book(bringer.folder, row()))
    assert rows_of(path) == rows_of(book(bringer.folder, row(), name="other.xlsx"))


def test_a_text_written_in_pieces_is_one(bringer: Bringer) -> None:
    path = book(bringer.folder, row())
    pieces = "<is><r><t>门口</t></r><r><t>有垃圾</t></r><rPh><t>menkou</t></rPh></is>"
    rewritten(path, SHEET, lambda text: text.replace("<is><t>门口有垃圾</t></is>", pieces))
    assert cell(path, "what") == "门口有垃圾"


def test_a_strict_workbook_is_read_as_well(bringer: Bringer) -> None:
    path = shared(book(bringer.folder, row()))
    for part in (SHEET, STRINGS, "xl/workbook.xml", "xl/styles.xml"):
        rewritten(path, part, lambda text: text.replace(
            SPREADSHEET, "http://purl.oclc.org/ooxml/spreadsheetml/main"))  # fmt: skip
    assert cell(path, "what") == "门口有垃圾"


def test_a_sheet_is_chosen_by_name(bringer: Bringer) -> None:
    def bend(sheet: Any) -> None:
        sheet.title = "旧的"
        sheet.sheet_state = "hidden"
        other = sheet.parent.create_sheet("今年")
        other.append(NAMES)
        other.append(row(nr="B1"))

    path = book(bringer.folder, row(), bend=bend)
    assert [found.cells["nr"] for found in rows_of(path)] == ["B1"]
    assert [found.cells["nr"] for found in rows_of(path, sheet="旧的")] == ["A1"]
