"""Workbooks (.xlsx): one sheet, row by row, within bounds whatever the file claims."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_ISO8601

from common.errors import Invalid
from common.listing import listed
from tickets.importing.markup import (
    Merged,
    RawCell,
    RawRow,
    Reader,
    SheetReader,
    TooMuch,
    Unsound,
    whole,
)
from tickets.importing.opening import refuse
from tickets.importing.parts import Book, Strings, Styles, links
from tickets.importing.records import Damaged, Record, Value
from tickets.importing.values import form_of, number

BOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
LARGEST_SHEET = 512 << 20  # bytes unpacked; read piece by piece
LARGEST_STRINGS = 256 << 20
LARGEST_OTHER = 16 << 20
PACKED = (ZIP_STORED, ZIP_DEFLATED)  # what a workbook may be packed with (ISO 29500-2)
BROKEN = (
    BadZipFile, zlib.error, struct.error, EOFError, Unsound, OSError, NotImplementedError,
    RuntimeError, UnicodeDecodeError,
)  # fmt: skip


R = TypeVar("R", bound=Reader)


class Workbook:
    """工作簿: the first visible sheet, or the one that is named."""

    def __init__(self, path: Path, *, sheet: str = "") -> None:
        self.path = path
        self.merged: list[Merged] = []
        with self._unbroken(), ZipFile(path) as parts:
            self._check_names(parts)
            book = self._read(parts, BOOK, Book())
            self._epoch = CALENDAR_MAC_1904 if book.is_1904 else CALENDAR_WINDOWS_1900
            self._strings = self._read(parts, STRINGS, Strings(), most=LARGEST_STRINGS).found
            self._styles = self._read(parts, STYLES, Styles())
            with self._open(parts, "xl/_rels/workbook.xml.rels", LARGEST_OTHER) as file:
                targets = links(file)
            self._part = targets.get(self._choose(book, sheet), "")

    def records(self) -> Iterator[Record]:
        """逐行: rows that hold anything, under the numbers a person sees beside them."""
        with self._unbroken(), ZipFile(self.path) as parts:
            reader = SheetReader()
            last = 0
            with self._open(parts, self._part, LARGEST_SHEET) as file:
                for _step in reader.feed(file):
                    for row in reader.rows:
                        if row.line <= last:
                            raise Unsound
                        last = row.line
                        if cells := self._cells(row):
                            yield Record(row.line, cells)
                    reader.rows.clear()
            self.merged = reader.merged

    def _cells(self, row: RawRow) -> list[Value]:
        found: list[Value] = []
        for cell in row.cells:
            value = self._value(cell)
            if value == "":
                continue
            found += [""] * (cell.column - len(found))
            found[cell.column - 1] = value
        return found

    def _value(self, cell: RawCell) -> Value:
        if cell.has_formula and cell.text == "" and cell.kind != "str":
            return Damaged("", _("公式没有算好的结果，请在 Excel 里打开后保存，或改成数值"))
        if cell.text == "":
            return ""
        match cell.kind:
            case "s":
                nth = whole(cell.text)
                if nth >= len(self._strings):
                    raise Unsound
                return self._strings[nth]
            case "n":
                form = form_of(self._styles.form_ids.get(cell.style, 0), self._styles.own)
                return number(cell.text.strip(), form, self._epoch)
            case "b":
                return "TRUE" if cell.text.strip() == "1" else "FALSE"
            case "e":
                return Damaged(cell.text, _("Excel 里是错误值 %(error)s") % {"error": cell.text})
            case "d":
                return _iso(cell.text)
        return cell.text

    def _choose(self, book: Book, wanted: str) -> str:
        if wanted:
            for name, key, _is_hidden in book.sheets:
                if name == wanted:
                    return key
            raise Invalid(
                _("文件 %(file)s 里没有工作表“%(sheet)s”，有的是：%(known)s。")
                % {
                    "file": self.path.name, "sheet": wanted,
                    "known": listed(name for name, _key, _is_hidden in book.sheets),
                },
                field="sheet",
            )  # fmt: skip
        visible = [key for _name, key, is_hidden in book.sheets if not is_hidden]
        if not visible:
            refuse(_("文件 %(file)s 里没有可见的工作表。"), file=self.path.name)
        return visible[0]

    def _check_names(self, parts: ZipFile) -> None:
        names = set(parts.namelist())
        if BOOK not in names:
            refuse(
                _("文件 %(file)s 不是 .xlsx 表格。请用 Excel 或 WPS 打开，另存为 .xlsx。"),
                file=self.path.name,
            )

    def _read(self, parts: ZipFile, name: str, reader: R, *, most: int = LARGEST_OTHER) -> R:
        if name in parts.namelist():
            with self._open(parts, name, most) as file:
                reader.read(file)
        return reader

    @contextmanager
    def _open(self, parts: ZipFile, name: str, most: int) -> Iterator[IO[bytes]]:
        try:
            part = parts.getinfo(name)
        except KeyError:
            raise Unsound from None
        if part.flag_bits & 1:
            refuse(_("文件 %(file)s 有密码。请去掉密码，再另存一份。"), file=self.path.name)
        if part.file_size > most:
            refuse(
                _("文件 %(file)s 展开后太大（%(size)s MB）。请分成几个文件，或另存为 CSV。"),
                file=self.path.name, size=part.file_size >> 20,
            )  # fmt: skip
        if part.compress_type not in PACKED:
            raise Unsound
        with parts.open(part) as file:
            yield file

    @contextmanager
    def _unbroken(self) -> Iterator[None]:
        try:
            yield
        except TooMuch:
            refuse(
                _(
                    "文件 %(file)s 的内容多得不像一张表（样式、合并单元格、文字或某一格太长）。"
                    "请分成几个文件，或另存为 CSV。"
                ),
                file=self.path.name,
            )
        except BROKEN as error:
            raise Invalid(
                _(
                    "文件 %(file)s 不完整或已损坏，读不下去。"
                    "请重新传一份，或在 Excel 里打开后另存为 .xlsx。"
                )
                % {"file": self.path.name},
                field="file",
            ) from error


def _iso(text: str) -> Value:
    try:
        found = from_ISO8601(text)
    except ValueError:
        return Damaged(text, _("不是日期"))
    return found if isinstance(found, datetime) else str(found)
