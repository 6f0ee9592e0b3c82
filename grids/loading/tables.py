"""规则表文件: one table as CSV, out, and in again after a look at what it would change."""

import csv
import io
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from common import law
from common.cells import as_text, looks_like_formula
from common.errors import Invalid, Stale
from grids.loading.sheets import Problem, Row, Sheet, parse

MOST_BYTES = 1_000_000
ENCODINGS = ("utf-8-sig", "gb18030")
"""What spreadsheets write in China."""


@dataclass(frozen=True)
class Change:
    """一处变化: of which line, and what; a new row lists nothing."""

    line: int
    key: str
    is_new: bool
    what: tuple[str, ...] = ()


@dataclass
class Outcome:
    """导入结果: changes and what stayed as it was, or problems and nothing else."""

    changes: list[Change] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)


class Table(Protocol):
    """规则表: what its file looks like, how its rows are read and written."""

    @property
    def sheet(self) -> Sheet:
        """Its file and columns."""

    @property
    def guarded(self) -> tuple[type[models.Model], ...]:
        """Whom others may not write to while a file is taken in."""

    def lines(self) -> Iterator[Sequence[str]]:
        """Its rows, in the order of the columns."""

    def write(self, rows: list[Row]) -> Outcome:
        """Takes the rows over; what is wrong is noted at them."""


def columns(table: Table) -> tuple[str, ...]:
    """表头."""
    return table.sheet.required + table.sheet.optional


def written(table: Table) -> str:
    """导出: the whole table; a cell that a spreadsheet would take for a formula stays text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns(table))
    writer.writerows([as_text(cell) for cell in line] for line in table.lines())
    return out.getvalue()


def digest(table: Table) -> str:
    """摘要: of the table as it is now."""
    return sha256(written(table).encode()).hexdigest()


def decoded(raw: bytes) -> str:
    """读文件: as a spreadsheet saved it. Raises `Invalid`."""
    if len(raw) > MOST_BYTES:
        raise Invalid(_("文件太大，请分成几个，每个不超过 1 MB。"), field="file")
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _unreadable()


def packed(raw: bytes) -> str:
    """随表单带着: as it is; a browser would change the line ends of text, and make it longer."""
    return urlsafe_b64encode(raw).decode("ascii")


def unpacked(text: str) -> bytes:
    """What `packed` was given. Raises `Invalid`."""
    try:
        return urlsafe_b64decode(text)
    except ValueError as error:
        raise _unreadable() from error


def _unreadable() -> Invalid:
    return Invalid(_("读不了这个文件，请在表格软件里另存为 CSV（UTF-8）。"), field="file")


def looked_at(table: Table, text: str, stamps: Sequence[str]) -> tuple[Outcome, str]:
    """预览: what would change, and the digest of what it was compared with; nothing is kept."""
    with transaction.atomic():
        seen = digest(table)
        outcome = _taken(table, text, stamps)
        transaction.set_rollback(True)
    return outcome, seen


def taken_in(table: Table, text: str, stamps: Sequence[str], *, seen: str) -> Outcome:
    """导入: all of it or nothing. Raises `Stale` when the table is not as it was looked at."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for model in table.guarded:
                name = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")
        if digest(table) != seen:
            raise Stale(_("您预览之后有人改了这张表，没有导入。请看过新的预览再确认。"))
        outcome = _taken(table, text, stamps)
        if outcome.problems or not outcome.changes:
            transaction.set_rollback(True)
    return outcome


def _taken(table: Table, text: str, stamps: Sequence[str]) -> Outcome:
    # first, so that nothing read in between is kept for others (see common.law)
    for stamp in stamps:
        law.bump(stamp)
    problems: list[Problem] = []
    rows = parse(text, table.sheet, problems)
    for row in rows:
        row.cells = {name: _plain(cell) for name, cell in row.cells.items()}
    if not rows and not problems:
        problems.append(Problem(table.sheet.file, None, "", _("文件里没有一行内容。")))
    outcome = Outcome() if problems else table.write(rows)
    problems += [one for one in outcome.problems if one not in problems]
    problems += [one for row in rows for one in row.problems if one not in problems]
    if problems:
        ordered = sorted(problems, key=lambda one: (one.line or 0, one.column))
        return Outcome(problems=ordered)
    return outcome


def _plain(cell: str) -> str:
    """As it was before it was written out."""
    return cell[1:] if cell.startswith("'") and looks_like_formula(cell[1:]) else cell


def cell(value: Any) -> str:
    """单元格: as the loaders read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, models.Model):
        return str(getattr(value, "code", value.pk))
    if hasattr(value, "normalize"):
        return format(value.normalize(), "f")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
