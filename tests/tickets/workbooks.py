"""Workbooks for tests: written by openpyxl, then bent."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from tests.tickets.importing import HEADER

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
INLINE = re.compile(r't="inlineStr"><is><t>([^<]*)</t></is>')
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SOUND = '<rPh sb="0" eb="1"><t>pinyin</t></rPh>'
NAMES = HEADER.split(",")
GOOD: dict[str, Any] = {
    "nr": "A1", "what": "门口有垃圾", "more": "三天没有人清运", "kind": "litter",
    "opened": "2026-03-02 09:30", "closed": None, "lat": 30.245, "lng": 120.155,
    "where": "湖滨路 1 号",
}  # fmt: skip


def row(**given: Any) -> list[Any]:
    """A good row, with these cells instead."""
    return [(GOOD | given)[name] for name in NAMES]


def book(
    folder: Path, *rows: Sequence[Any], bend: Callable[[Any], None] | None = None,
    name: str = "rows.xlsx",
) -> Path:  # fmt: skip
    """A workbook with the header and those rows; `bend` changes its sheet before it is saved."""
    made = Workbook()
    sheet: Any = made.active
    sheet.append(NAMES)
    for cells in rows:
        sheet.append(list(cells))
    if bend is not None:
        bend(sheet)
    made.save(folder / name)
    return folder / name


def rewritten(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The same workbook with one part of its markup changed."""
    with ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    kept[part] = change(kept[part].decode()).encode()
    with ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name, content in kept.items():
            new.writestr(name, content)
    return path


def shared(path: Path) -> Path:
    """The same workbook with its texts in a table of their own, as Excel writes them."""
    found: list[str] = []

    def moved(match: re.Match[str]) -> str:
        found.append(match[1])
        return f't="s"><v>{len(found) - 1}</v>'

    rewritten(path, SHEET, lambda text: INLINE.sub(moved, text))
    told = [f"<si><r><t>{text[:1]}</t></r><r><t>{text[1:]}</t></r>{SOUND}</si>" for text in found]
    with ZipFile(path, "a", ZIP_DEFLATED) as parts:
        parts.writestr(STRINGS, f'<sst xmlns="{SPREADSHEET}">{"".join(told)}</sst>')
    return path
