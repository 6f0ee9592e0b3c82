"""The file itself: CSV, plain or gzipped, read line by line in constant memory."""

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.listing import listed
from tickets.importing.profile import Profile

GZIP_BEGINS = b"\x1f\x8b"
LONGEST_LINE = 1_048_576  # characters; a table has line ends
LONGEST_CELL = 131_072
KEPT_OF_LINE = 200
ENDS = ("\n", "\r")


class _Long(str):
    """The beginning of a line that is longer than any row; the rest was passed over."""

    __slots__ = ()


class _TooLong(Exception):
    """Such a line stands in the record at hand."""


@dataclass(frozen=True, slots=True)
class Row:
    """行: cells by column, or the fault that keeps them from being read."""

    line: int
    raw: list[str]
    cells: dict[str, str]
    fault: str = ""


class Table:
    """表: one file under one profile. Nothing is kept but the row at hand."""

    def __init__(self, path: Path, profile: Profile) -> None:
        self.path = path
        self.profile = profile
        self.header: list[str] = []

    def check(self) -> int:
        """检查: reads the whole file once; how many rows it has.

        Raises `Invalid` when it is missing, empty, not what its name says, wrongly encoded, or
        when columns are missing: before anything of it has been used.
        """
        return sum(1 for _row in self.rows())

    def rows(self) -> Iterator[Row]:
        """逐行: every row with its line number; an unreadable one has a fault, not a crash."""
        with _open(self.path, self.profile.encoding) as file:
            lines = _Lines(file, self.path.name)
            csv.field_size_limit(LONGEST_CELL)
            reader = csv.reader(lines, delimiter=self.profile.delimiter, strict=True)
            self.header = self._header(reader)
            while True:
                lines.begin_record()
                try:
                    cells = next(reader, None)
                except (csv.Error, _TooLong):
                    # an open quotation mark swallows what follows: only its own line is lost
                    line = lines.back_to_second()
                    yield Row(lines.first, [line.rstrip("\r\n")], {}, _fault_of(line))
                    continue
                if cells is None:
                    return
                if cells:
                    yield self._row(lines.first, cells)

    def _header(self, reader: Iterator[list[str]]) -> list[str]:
        try:
            header = [name.strip() for name in next(reader, [])]
        except csv.Error:
            header = []
        except _TooLong:
            _refuse(
                _("文件 %(file)s 第一行超过一百万字，不像是表格。请检查换行。"), file=self.path.name
            )
        if not any(header):
            _refuse(_("文件 %(file)s 是空的，或第一行不是表头。"), file=self.path.name)
        missing = [name for name in self.profile.columns if name not in header]
        if missing:
            _refuse(
                _(
                    "文件 %(file)s 缺少列：%(missing)s。它的列是：%(header)s。"
                    "请改正表头或换一个来源格式。"
                ),
                file=self.path.name, missing=listed(missing), header=listed(header)[:400],
            )  # fmt: skip
        twice = [name for name in self.profile.columns if header.count(name) > 1]
        if twice:
            _refuse(
                _("文件 %(file)s 的表头里 %(twice)s 出现不止一次，请改成不同的列名。"),
                file=self.path.name, twice=listed(twice),
            )  # fmt: skip
        return header

    def _row(self, line: int, cells: list[str]) -> Row:
        if len(cells) != len(self.header):
            fault = _("有 %(count)s 格，表头有 %(wanted)s 列；请检查逗号和引号。") % {
                "count": len(cells),
                "wanted": len(self.header),
            }
            return Row(line, cells, {}, fault)
        return Row(line, cells, dict(zip(self.header, cells, strict=True)))


class _Lines:
    """Lines of the file, remembering those of the record at hand and its first number."""

    def __init__(self, file: IO[str], name: str) -> None:
        self._file = file
        self._name = name
        self._record: list[str] = []
        self._again: deque[str] = deque()
        self._read = 0
        self.first = 1

    def begin_record(self) -> None:
        self._record.clear()
        self.first = self._read + 1

    def back_to_second(self) -> str:
        """Gives the first line of the record; the others are read again."""
        self._again.extendleft(reversed(self._record[1:]))
        self._read = self.first
        return self._record[0]

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._from_file()
        if not line:
            raise StopIteration
        self._read += 1
        self._record.append(line)
        if isinstance(line, _Long):
            raise _TooLong
        return line

    def _from_file(self) -> str:
        line = piece = self._piece()
        if len(line) < LONGEST_LINE:
            return line
        while piece and not piece.endswith(ENDS):
            piece = self._piece()
        return _Long(line[:KEPT_OF_LINE])

    def _piece(self) -> str:
        try:
            return self._file.readline(LONGEST_LINE)
        except UnicodeDecodeError as error:
            _refuse(
                _(
                    "文件 %(file)s 不是 %(encoding)s 编码（从第 %(line)s 行起读不下去）。"
                    "请另存为该编码，或在来源格式里改 encoding。"
                ),
                file=self._name, encoding=error.encoding, line=self._read + 1,
            )  # fmt: skip
        except (EOFError, gzip.BadGzipFile, zlib.error):
            _refuse(_("文件 %(file)s 不是完整的 gzip 文件，请重新传一份。"), file=self._name)


@contextmanager
def _open(path: Path, encoding: str) -> Iterator[IO[str]]:
    try:
        file = path.open("rb")
        begins = file.read(2)
        file.seek(0)
    except OSError as error:
        _refuse(_("打不开文件 %(file)s：%(error)s。"), file=path, error=_why(error))
    with file:
        is_gzip = begins == GZIP_BEGINS
        if path.suffix == ".gz" and not is_gzip:
            _refuse(
                _("文件 %(file)s 的名字以 .gz 结尾，内容却不是 gzip。请改名或重新压缩。"),
                file=path.name,
            )
        plain = gzip.GzipFile(fileobj=file) if is_gzip else file
        with io.TextIOWrapper(plain, encoding=encoding, newline="") as text:
            yield text


def _why(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return _("没有这个文件，请核对路径")
        case IsADirectoryError():
            return _("这是一个文件夹，请给出其中的文件")
        case PermissionError():
            return _("没有读取的权限")
    return _("系统错误 %(code)s") % {"code": error.errno}


def _fault_of(line: str) -> str:
    if isinstance(line, _Long):
        return _("这一行超过一百万字，只保留开头；请检查换行和引号。")
    return _("引号没有配对，或一格超过 %(most)s 字。") % {"most": LONGEST_CELL}


def _refuse(sentence: str, **said: object) -> NoReturn:
    raise Invalid(sentence % said, field="file")
