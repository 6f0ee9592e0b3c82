"""The two kinds of file: row by row into a temporary file, a little memory however many rows."""

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from common.cells import Cell, clean, local, looks_like_formula, written
from tickets.models.export import ExportForm

IN_MEMORY = 1 << 20
WIDTH = 18
MOMENT = "yyyy-mm-dd hh:mm:ss"
SHEET = "xl/worksheets/sheet1.xml"
FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What Excel would read as one character."""
BEGIN = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>\
<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" \
state="frozen"/></sheetView></sheetViews><cols><col min="1" max="%(columns)d" \
width="%(width)d" customWidth="1"/></cols><sheetData>"""
TEXT = '<t xml:space="preserve">'
END = "</sheetData></worksheet>"


class Sheet(Protocol):
    """表格文件, being written."""

    def row(self, cells: Sequence[Cell]) -> None:
        """One more line."""

    def finish(self) -> IO[bytes]:
        """The whole file, from its beginning."""


class Csv:
    """CSV: UTF-8 with byte order mark, CRLF, every cell quoted, as Excel in China opens it."""

    def __init__(self, title: str, header: Sequence[str]) -> None:
        self._file = _room()
        self._file.write(b"\xef\xbb\xbf")
        self._writer = csv.writer(self, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        self.row(header)

    def write(self, line: str) -> int:
        """What the writer makes of a row."""
        return self._file.write(line.encode("utf-8", "replace"))

    def row(self, cells: Sequence[Cell]) -> None:
        """一行."""
        self._writer.writerow([written(cell) for cell in cells])

    def finish(self) -> IO[bytes]:
        """写完."""
        self._file.seek(0)
        return self._file


class Xlsx:
    """XLSX: every text a cell of type text, which no program takes for a formula.

    The package comes from openpyxl, its one sheet is written here: ten times as fast.
    """

    def __init__(self, title: str, header: Sequence[str]) -> None:
        self._file = _room()
        shell, self._styles = _shell(title)
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED, compresslevel=3)
        with ZipFile(shell) as parts:
            for name in parts.namelist():
                if name != SHEET:
                    self._zip.writestr(name, parts.read(name))
        self._sheet = self._zip.open(SHEET, "w", force_zip64=True)
        self._sheet.write((BEGIN % {"columns": len(header), "width": WIDTH}).encode())
        self._letters = [get_column_letter(nth) for nth in range(1, len(header) + 1)]
        self._rows = 0
        self._write(header, self._styles["bold"])

    def row(self, cells: Sequence[Cell]) -> None:
        """一行."""
        self._write(cells)

    def finish(self) -> IO[bytes]:
        """写完."""
        self._sheet.write(END.encode())
        self._sheet.close()
        self._zip.close()
        self._file.seek(0)
        return self._file

    def _write(self, cells: Sequence[Cell], style: int = 0) -> None:
        self._rows += 1
        told = [f'<row r="{self._rows}">']
        for letter, cell in zip(self._letters, cells, strict=False):
            if cell is not None and cell != "":
                told.append(self._cell(f"{letter}{self._rows}", cell, style))
        told.append("</row>")
        self._sheet.write("".join(told).encode("utf-8", "replace"))

    def _cell(self, where: str, cell: Cell, style: int) -> str:
        if isinstance(cell, datetime):
            return f'<c r="{where}" s="{self._styles["moment"]}"><v>{to_excel(local(cell))}</v></c>'
        if not isinstance(cell, str):
            return f'<c r="{where}"><v>{cell}</v></c>'
        style = style or (self._styles["text"] if looks_like_formula(cell) else 0)
        text = escape(ESCAPED.sub("_x005F_", clean(cell)), {"\r": "&#13;"})
        return f'<c r="{where}" s="{style}" t="inlineStr"><is>{TEXT}{text}</t></is></c>'


def _shell(title: str) -> tuple[BytesIO, dict[str, int]]:
    """A workbook without rows, and the numbers of the styles they take."""
    book, file = Workbook(), BytesIO()
    sheet: Any = book.active
    sheet.title = FORBIDDEN.sub(" ", title)[:31]
    moment, text, bold = (sheet.cell(1, nth) for nth in (1, 2, 3))
    moment.number_format, text.quotePrefix, bold.font = MOMENT, True, Font(bold=True)
    book.save(file)
    return file, {"moment": moment.style_id, "text": text.style_id, "bold": bold.style_id}


def open_sheet(form: ExportForm, title: str, header: Sequence[str]) -> Sheet:
    """新文件."""
    return Xlsx(title, header) if form == ExportForm.XLSX else Csv(title, header)


def _room() -> Any:
    return SpooledTemporaryFile(max_size=IN_MEMORY)
