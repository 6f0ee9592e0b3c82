"""Files that are no workbook, or one made to do harm: a sentence each, and nothing goes in."""

import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from common.errors import Invalid
from tests.tickets.importing import SPOTS, Bringer
from tests.tickets.workbooks import SHEET, STRINGS, book, rewritten, row, shared
from tickets.importing import parts, workbook
from tickets.importing.profile import load
from tickets.importing.table import Table
from tickets.models import Ticket

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100_000)
LOCKED = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(900)
FILES: dict[str, tuple[bytes, str]] = {
    "an old workbook": (OLE, "旧的 .xls 格式"),
    "a locked one": (LOCKED, "打开密码"),
    "a page named xls": (b"\r\n <html><table><tr><td>nr</td>", "内容是网页"),
    "an XML table": (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "内容是网页"),
    "a paper": (b"%PDF-1.7 ...", "是 PDF"),
    "an empty zip": (b"PK\x05\x06" + bytes(18), "不是 .xlsx 表格"),
    "half a zip": (b"PK\x03\x04" + bytes(99), "不完整或已损坏"),
}
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
Bend = Callable[[str], str]
BENT: dict[str, tuple[str, Bend]] = {
    "a document type": (SHEET, lambda text: text.replace("<worksheet", BOMB + "<worksheet", 1)),
    "unclosed": (SHEET, lambda text: text[:-40]),
    "a text that is not there": (SHEET, lambda text: text.replace("<v>10</v>", "<v>99999</v>")),
    "a bomb of texts": (STRINGS, lambda text: BOMB + text.replace("门", "&b;")),
    "a text of no place": (SHEET, lambda text: text.replace("<v>10</v>", "<v>²</v>")),
    "a text's place without end": (SHEET, lambda text: text.replace("10</v>", f"{'1' * 5000}</v>")),
    "an encoding nobody has": (SHEET, lambda text: '<?xml version="1.0" encoding="foo"?>' + text),
    "a wide encoding": (SHEET, lambda text: '<?xml version="1.0" encoding="gbk"?>' + text),
    "rows out of order": (SHEET, lambda text: text.replace('<row r="2"', '<row r="1"')),
    "a row of no number": (SHEET, lambda text: text.replace('<row r="2"', '<row r="x"')),
    "a column beyond all": (SHEET, lambda text: text.replace('"A2"', '"ZZZ2"')),
    "no sheet": ("xl/_rels/workbook.xml.rels", lambda text: text.replace("sheet1", "sheet9")),
    "styles of nothing": ("xl/styles.xml", lambda text: text.replace('Id="0"', 'Id="z"')),
}  # fmt: skip


@pytest.fixture
def bringer(tmp_path: Path) -> Bringer:
    return Bringer(tmp_path)


def refusal(path: Path, **options: str) -> str:
    with pytest.raises(Invalid) as refused:
        Table(path, load(str(SPOTS)), **options).check()
    return refused.value.sentence


@pytest.mark.parametrize("name", ["rows.xlsx", "rows.csv", "rows.xls"])
@pytest.mark.parametrize(("content", "told"), FILES.values(), ids=FILES)
def test_no_workbook_is_told_whatever_its_name(
    bringer: Bringer, content: bytes, told: str, name: str
) -> None:
    path = bringer.folder / name
    path.write_bytes(content)
    assert told in refusal(path)


def test_a_workbook_is_known_whatever_its_name(bringer: Bringer) -> None:
    path = book(bringer.folder, row(), name="rows.xlsx").rename(bringer.folder / "rows.csv")
    assert Table(path, load(str(SPOTS))).check() == 1


@pytest.mark.parametrize(("part", "bend"), BENT.values(), ids=BENT)
def test_bent_markup_is_a_sentence(bringer: Bringer, part: str, bend: Bend) -> None:
    path = rewritten(shared(book(bringer.folder, row())), part, bend)
    assert "不完整或已损坏" in refusal(path)


@pytest.mark.parametrize("packing", [ZIP_LZMA, ZIP_BZIP2])
def test_a_packing_no_workbook_has_is_not_unpacked(bringer: Bringer, packing: int) -> None:
    path = book(bringer.folder, row())
    with ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    with ZipFile(path, "w", packing) as new:
        for name, content in kept.items():
            new.writestr(name, content)
    assert "不完整或已损坏" in refusal(path)


@pytest.mark.usefixtures("world")
def test_a_workbook_cut_short_brings_nothing_in(bringer: Bringer) -> None:
    path = book(bringer.folder, *(row(nr=f"A{nth}") for nth in range(300)))
    path.write_bytes(path.read_bytes()[:-500])
    assert "不完整或已损坏" in bringer.refusal(path)
    assert not Ticket.objects.exists()


@pytest.mark.usefixtures("world")
def test_a_fault_in_its_last_row_brings_nothing_in(bringer: Bringer) -> None:
    path = book(bringer.folder, *(row(nr=f"A{nth}") for nth in range(300)))
    rewritten(path, SHEET, lambda text: text.replace("</sheetData>", "</row></sheetData>"))
    assert "不完整或已损坏" in bringer.refusal(path)
    assert not Ticket.objects.exists()


def test_merged_cells_are_named(bringer: Bringer) -> None:
    path = book(bringer.folder, row(), row(nr="A2"), bend=lambda sheet: sheet.merge_cells("D2:D3"))
    assert "合并单元格（D2:D3）" in refusal(path)


def test_merged_cells_of_no_column_asked_for_do_not_matter(bringer: Bringer) -> None:
    path = book(bringer.folder, row(), row(nr="A2"), bend=lambda sheet: sheet.merge_cells("L2:L3"))
    assert Table(path, load(str(SPOTS))).check() == 2


def test_an_unknown_sheet_names_the_known_ones(bringer: Bringer) -> None:
    path = book(bringer.folder, row())
    assert refusal(path, sheet="甲") == "文件 rows.xlsx 里没有工作表“甲”，有的是：Sheet。"


def test_a_text_file_has_no_sheets(bringer: Bringer) -> None:
    assert "不是工作簿" in refusal(bringer.table(), sheet="甲")


def test_a_workbook_packed_once_more_is_to_be_unpacked(bringer: Bringer) -> None:
    path = bringer.folder / "rows.xlsx.gz"
    path.write_bytes(gzip.compress(book(bringer.folder, row()).read_bytes()))
    assert "请先解压" in refusal(path)


def test_a_part_that_is_too_large_is_not_unpacked(
    bringer: Bringer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(bringer.folder, row())
    monkeypatch.setattr(workbook, "LARGEST_SHEET", 500)
    assert "展开后太大" in refusal(path)


def padded(path: Path, filling: bytes, many: int) -> Path:
    """The same workbook with so much inside its sheet."""
    with ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    before, end, after = kept.pop(SHEET).partition(b"</sheetData>")
    with ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name, content in kept.items():
            new.writestr(name, content)
        with new.open(SHEET, "w") as file:
            file.write(before)
            for _nth in range(many):
                file.write(filling * 1000)
            file.write(end + after)
    return path


BOMBS = {"rows": b"<row/>", "rows with a cell": b'<row><c s="1"/></row>', "blanks": b" " * 99}


@pytest.mark.parametrize("filling", BOMBS.values(), ids=BOMBS)
def test_a_bomb_needs_little_memory(bringer: Bringer, filling: bytes) -> None:
    path = padded(book(bringer.folder, row()), filling, 60)
    assert path.stat().st_size < 60_000
    tracemalloc.start()
    assert Table(path, load(str(SPOTS))).check() == 1
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 3_000_000


def test_an_endless_cell_is_refused(bringer: Bringer) -> None:
    cell = b"".join([b'<row r="9"><c r="A9" t="str"><v>', b"x" * 9_000_000, b"</v></c></row>"])
    path = book(bringer.folder, row())
    rewritten(
        path, SHEET, lambda text: text.replace("</sheetData>", cell.decode() + "</sheetData>")
    )
    assert "某一格太长" in refusal(path)


LONG = "x" * 100_000
ENDLESS: dict[str, tuple[str, Bend]] = {
    "an attribute": (SHEET, lambda text: text.replace("<sheetData", f'<sheetData a="{LONG * 12}"')),
    "a comment": (SHEET, lambda text: text.replace("<sheetData", f"<!--{LONG * 12}--><sheetData")),
    "elements in elements": (SHEET, lambda text: text.replace("<sheetData", "<a>" * 101)),
    "a text in pieces": (STRINGS, lambda text: text.replace("<si>", "<si>" + f"<t>{LONG}</t>" * 2)),
    "a row": (SHEET, lambda text: text.replace("</row>", f"<c><v>{LONG}</v></c>" * 11 + "</row>")),
    "a form of numbers": ("xl/styles.xml", lambda text: text.replace(
        "<cellXfs", f'<numFmt numFmtId="170" formatCode="{"0" * 1001}"/><cellXfs')),
}  # fmt: skip


@pytest.mark.parametrize(("part", "bend"), ENDLESS.values(), ids=ENDLESS)
def test_what_has_no_end_is_refused(bringer: Bringer, part: str, bend: Bend) -> None:
    path = rewritten(shared(book(bringer.folder, row())), part, bend)
    assert "多得不像一张表" in refusal(path)


@pytest.mark.parametrize("limit", ["MOST_STRINGS", "MOST_TEXT", "MOST_STYLES"])
def test_more_than_a_table_has_is_refused(
    bringer: Bringer, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(parts, limit, 0)
    assert "多得不像一张表" in refusal(shared(book(bringer.folder, row())))


def test_a_claim_of_a_million_rows_is_not_believed(bringer: Bringer) -> None:
    def claim(text: str) -> str:
        return text.replace('<dimension ref="A1:I2"', '<dimension ref="A1:XFD1048576"')

    path = rewritten(book(bringer.folder, row()), SHEET, claim)
    assert Table(path, load(str(SPOTS))).check() == 1


def test_many_rows_need_little_memory(bringer: Bringer) -> None:
    rows: list[list[Any]] = [row(nr=nth, what=nth) for nth in range(2_000)]
    path = book(bringer.folder, *rows)
    tracemalloc.start()
    assert Table(path, load(str(SPOTS))).check() == 2_000
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_500_000
