"""The file itself, whatever kind it is: rows of cells under the columns of a profile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from django.utils.translation import gettext as _

from common.listing import listed, noted
from tickets.importing import encoding as encodings
from tickets.importing.opening import Kind, kind_of, refuse
from tickets.importing.profile import Profile
from tickets.importing.records import Damaged, Record, Value
from tickets.importing.text import TextFile
from tickets.importing.workbook import Workbook

TITLES = 20
"""Rows that may stand above the header of a workbook."""


@dataclass(frozen=True, slots=True)
class Row:
    """行: cells by column, or the fault that keeps them from being read."""

    line: int
    raw: list[str]
    cells: dict[str, str]
    fault: str = ""


class Table:
    """表: one file under one profile. Nothing is kept but the row at hand.

    `encoding` of a text file and `sheet` of a workbook, where they are not to be found out.
    """

    def __init__(
        self, path: Path, profile: Profile, *, encoding: str = "", sheet: str = ""
    ) -> None:
        self.path = path
        self.profile = profile
        self.header: list[str] = []
        self._encoding = encodings.check(encoding) if encoding else ""
        self._sheet = sheet
        self._file: TextFile | Workbook | None = None

    def check(self) -> int:
        """检查: reads the whole file once; how many rows it has.

        Raises `Invalid` when it is missing, empty, not a table, wrongly encoded, or when columns
        are missing: before anything of it has been used.
        """
        return sum(1 for _row in self.rows())

    def rows(self) -> Iterator[Row]:
        """逐行: every row with its line number; an unreadable one has a fault, not a crash."""
        file = self._file = self._file or self._open()
        records = file.records()
        if isinstance(file, Workbook):
            first, top = self._below_titles(records)
        else:
            first, top = records, 0
        self.header = self._header(next(first, None))
        for record in first:
            if record.cells:
                yield self._row(record, is_padded=isinstance(file, Workbook))
        if isinstance(file, Workbook):
            self._refuse_merged(file, top)

    def _open(self) -> TextFile | Workbook:
        if kind_of(self.path) == Kind.XLSX:
            return Workbook(self.path, sheet=self._sheet)
        if self._sheet:
            refuse(_("文件 %(file)s 不是工作簿，没有工作表可选。"), file=self.path.name)
        profile = self.profile
        known = self._encoding or encodings.marked(self.path) or profile.encoding
        return TextFile(
            self.path, profile.columns,
            encoding=known or encodings.detect(self.path), delimiter=profile.delimiter,
        )  # fmt: skip

    def _below_titles(self, records: Iterator[Record]) -> tuple[Iterator[Record], int]:
        """The header is the first row with all columns; titles may stand above it."""
        above = list(islice(records, TITLES))
        for nth, record in enumerate(above):
            if set(self.profile.columns) <= set(_names(record)):
                return chain(above[nth:], records), record.line
        return chain(above, records), 0

    def _header(self, record: Record | None) -> list[str]:
        name = self.path.name
        if record is not None and record.is_endless:
            refuse(_("文件 %(file)s 第一行超过一百万字，不像是表格。请检查换行。"), file=name)
        header = _names(record) if record is not None and not record.fault else []
        if any("\x00" in column for column in header):
            refuse(_("文件 %(file)s 的编码读不出来，请用 --encoding 指定编码。"), file=name)
        if not any(header):
            refuse(_("文件 %(file)s 是空的，或第一行不是表头。"), file=name)
        missing = [column for column in self.profile.columns if column not in header]
        if missing:
            refuse(
                _(
                    "文件 %(file)s 缺少列：%(missing)s。它的列是：%(header)s。"
                    "请改正表头或换一个来源格式。"
                ),
                file=name, missing=listed(missing), header=listed(header)[:400],
            )  # fmt: skip
        twice = [column for column in self.profile.columns if header.count(column) > 1]
        if twice:
            refuse(
                _("文件 %(file)s 的表头里 %(twice)s 出现不止一次，请改成不同的列名。"),
                file=name, twice=listed(twice),
            )  # fmt: skip
        return header

    def _row(self, record: Record, *, is_padded: bool) -> Row:
        width = len(self.header)
        values = record.cells
        if is_padded:
            values = values[:width] + [""] * (width - len(values))
        raw = [self._text(value, name) for value, name in _pairs(values, self.header)]
        if record.fault:
            return Row(record.line, raw, {}, record.fault)
        if len(raw) != width:
            said = {"count": len(raw), "wanted": width}
            fault = _("有 %(count)s 格，表头有 %(wanted)s 列；请检查逗号和引号。") % said
            return Row(record.line, raw, {}, fault)
        return Row(record.line, raw, dict(zip(self.header, raw, strict=True)), self._damage(values))

    def _damage(self, values: list[Value]) -> str:
        for value, name in zip(values, self.header, strict=True):
            if isinstance(value, Damaged) and name in self.profile.columns:
                seen = noted(name, value.text[:40]) if value.text else name
                return _("列 %(column)s：%(why)s。") % {"column": seen, "why": value.why}
        return ""

    def _text(self, value: Value, name: str) -> str:
        if isinstance(value, Damaged):
            return value.text
        if not isinstance(value, datetime):
            return value
        times = self.profile.times
        if name in (times.reported, times.closed) and times.format != "iso":
            return value.strftime(times.format)
        return value.isoformat(sep=" ", timespec="seconds")

    def _refuse_merged(self, file: Workbook, top: int) -> None:
        """What is merged has one value and many cells: the others would be taken for empty."""
        used = {nth for nth, name in enumerate(self.header, 1) if name in self.profile.columns}
        for area in file.merged:
            if area.bottom > top and used & set(range(area.left, area.right + 1)):
                refuse(
                    _(
                        "文件 %(file)s 里有合并单元格（%(cells)s）。"
                        "请取消合并，每一格都填上，再迁入。"
                    ),
                    file=self.path.name, cells=area.name,
                )  # fmt: skip


def _names(record: Record) -> list[str]:
    return [value.strip() if isinstance(value, str) else "" for value in record.cells]


def _pairs(values: list[Value], header: list[str]) -> Iterator[tuple[Value, str]]:
    for nth, value in enumerate(values):
        yield value, header[nth] if nth < len(header) else ""
