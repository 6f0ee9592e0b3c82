"""Reading: rows with their line numbers, and every complaint with its place and its cure."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from pathlib import Path

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from common.listing import listed


@dataclass(frozen=True)
class Problem:
    """差错: where it is, what it is and what helps."""

    file: str
    line: int | None
    column: str
    sentence: str

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += _(" 第 %(line)s 行") % {"line": self.line}
        if self.column:
            place += _(" %(column)s 列") % {"column": self.column}
        return f"{place}: {self.sentence}"


class Unloadable(Exception):
    """不能载入: all problems of the folder; nothing was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Sheet:
    """表: one CSV file and its columns."""

    file: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass
class Row:
    """行: one line; the readers note what is wrong and hand back an empty value."""

    file: str
    line: int
    cells: dict[str, str]
    problems: list[Problem] = field(repr=False)

    def wrong(self, column: str, sentence: str) -> None:
        self.problems.append(Problem(self.file, self.line, column, sentence))

    def has(self, column: str) -> bool:
        """Whether the file has that (optional) column."""
        return column in self.cells

    def text(self, column: str, limit: int, *, blank: bool = False) -> str:
        value = self.cells.get(column, "")
        if not value and not blank:
            self.wrong(column, _("不能为空，请填写。"))
        elif len(value) > limit:
            self.wrong(column, _("最多 %(limit)s 个字，请缩短。") % {"limit": limit})
        elif any(unicodedata.category(sign) == "Cc" for sign in value):
            self.wrong(column, _("含有换行或控制字符，请删去。"))
        return value

    def choice(self, column: str, choices: type[TextChoices]) -> str:
        value = self.cells.get(column, "")
        if value not in choices.values:
            known = listed(choices.values)
            self.wrong(
                column,
                _("“%(value)s”不认识，只能是 %(known)s。") % {"value": value, "known": known},
            )
        return value

    def day(self, column: str) -> date | None:
        value = self.cells.get(column, "")
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.wrong(
                column, _("“%(value)s”不是日期，请写成 2026-01-31 的样子。") % {"value": value}
            )
            return None

    def period(self) -> tuple[date | None, date | None]:
        begins, ends = self.day("valid_from"), self.day("valid_to")
        if begins and ends and ends <= begins:
            self.wrong("valid_to", _("失效日应晚于生效日，请改正其一。"))
        return begins, ends

    def number(self, column: str, low: float, high: float) -> float | None:
        value = self.cells.get(column, "")
        if not value:
            return None
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or not low <= number <= high:
            self.wrong(
                column,
                _("“%(value)s”应是 %(low)g 到 %(high)g 之间的数。")
                % {"value": value, "low": low, "high": high},
            )
            return None
        return number

    def flag(self, column: str) -> bool:
        value = self.cells.get(column, "")
        if value not in ("0", "1"):
            self.wrong(column, _("“%(value)s”应是 1（是）或 0（否）。") % {"value": value})
        return value == "1"


def read(folder: Path, sheet: Sheet, problems: list[Problem]) -> list[Row]:
    """读表: the rows of one file; none when the file is not there."""
    path = folder / sheet.file
    if not path.is_file():
        return []
    text = decode(path, problems)
    return [] if text is None else parse(text, sheet, problems)


def parse(text: str, sheet: Sheet, problems: list[Problem]) -> list[Row]:
    """读表: the rows of a text."""
    try:
        return list(_rows(text, sheet, problems))
    except csv.Error as error:
        problems.append(
            Problem(sheet.file, None, "", _("不是完好的 CSV (%(error)s)。") % {"error": error})
        )
        return []


def decode(path: Path, problems: list[Problem]) -> str | None:
    """The text of a file; None, and a problem, when it is not UTF-8."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(Problem(path.name, line, "", _("不是 UTF-8 编码，请另存为 UTF-8 后重试。")))
        return None


def _rows(text: str, sheet: Sheet, problems: list[Problem]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in next(reader, [])]
    if not _is_header_right(header, sheet, problems):
        return
    line = reader.line_num + 1
    for cells in reader:
        row = Row(sheet.file, line, {}, problems)
        line = reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            counts = {"cells": len(cells), "columns": len(header)}
            row.wrong("", _("有 %(cells)s 格，表头有 %(columns)s 列，请对齐。") % counts)
            continue
        row.cells = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        yield row


def _is_header_right(header: list[str], sheet: Sheet, problems: list[Problem]) -> bool:
    known = sheet.required + sheet.optional
    complaints = [
        (name, _("缺少这一列，请在表头补上。")) for name in sheet.required if name not in header
    ]
    complaints += [
        (name, _("不认识这一列；可用的列是 %(known)s。") % {"known": listed(known)})
        for name in dict.fromkeys(header)
        if name not in known
    ]
    complaints += [
        (name, _("这一列出现了两次，请删去一列。"))
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    problems += [Problem(sheet.file, 1, column, sentence) for column, sentence in complaints]
    return not complaints


def unique(rows: list[Row], column: str) -> dict[str, Row]:
    """Rows by their key; a key that comes twice is a problem of the later line."""
    found: dict[str, Row] = {}
    for row in rows:
        key = row.cells[column]
        if not key:
            row.wrong(column, _("不能为空，请填写。"))
        elif key in found:
            first = {"key": key, "line": found[key].line}
            row.wrong(column, _("“%(key)s”在第 %(line)s 行已经有了，请删去其一。") % first)
        else:
            found[key] = row
    return found
