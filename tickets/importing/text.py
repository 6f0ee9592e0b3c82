"""Text files: CSV and its kin, plain or gzipped, read line by line in constant memory."""

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from tickets.importing.opening import refuse, unpacked
from tickets.importing.records import Record

LONGEST_LINE = 1_048_576  # characters; a table has line ends
LONGEST_CELL = 131_072
KEPT_OF_LINE = 200
ENDS = ("\n", "\r")
DELIMITERS = (",", "\t", ";")
HEADER = 65_536  # characters in which the header is looked for


class _Long(str):
    """The beginning of a line that is longer than any row; the rest was passed over."""

    __slots__ = ()


class _TooLong(Exception):
    """Such a line stands in the record at hand."""


class TextFile:
    """文本表格: the delimiter is the one that shows the wanted columns."""

    def __init__(
        self, path: Path, wanted: Iterable[str], *, encoding: str, delimiter: str = ""
    ) -> None:
        self.path = path
        self._encoding = encoding
        self._delimiter = self._find(set(wanted), delimiter)

    def records(self) -> Iterator[Record]:
        """逐行, the header first; an unreadable one has a fault, not a crash."""
        with unpacked(self.path) as plain, self._text(plain) as file:
            lines = _Lines(file, self.path.name)
            csv.field_size_limit(LONGEST_CELL)
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            while True:
                lines.begin_record()
                try:
                    cells = next(reader, None)
                except (csv.Error, _TooLong):
                    # an open quotation mark swallows what follows: only its own line is lost
                    line = lines.back_to_second()
                    is_endless = isinstance(line, _Long)
                    yield Record(lines.first, [line.rstrip("\r\n")], _fault(is_endless), is_endless)
                    continue
                if cells is None:
                    return
                yield Record(lines.first, list(cells))

    def _text(self, plain: IO[bytes]) -> IO[str]:
        return io.TextIOWrapper(plain, encoding=self._encoding, newline="")

    def _find(self, wanted: set[str], said: str) -> str:
        given = said or DELIMITERS[0]
        with unpacked(self.path) as plain, self._text(plain) as file:
            try:
                head = file.read(HEADER)
            except (ValueError, EOFError, OSError, zlib.error):
                return given
        for sign in dict.fromkeys((given, *DELIMITERS)):
            try:
                names = next(csv.reader(io.StringIO(head, newline=""), delimiter=sign), [])
            except csv.Error:
                continue
            if wanted <= {name.strip() for name in names}:
                return sign
        return given


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
            refuse(
                _(
                    "文件 %(file)s 不是 %(encoding)s 编码（从第 %(line)s 行起读不下去）。"
                    "请在 Excel 里另存为“CSV UTF-8”或 .xlsx，或用 --encoding 指定编码。"
                ),
                file=self._name, encoding=error.encoding,
                line=self._read + 1 + error.object[: error.start].count(b"\n"),
            )  # fmt: skip
        except UnicodeError:  # UTF-16 without its mark
            refuse(_("文件 %(file)s 的编码读不出来，请用 --encoding 指定编码。"), file=self._name)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            refuse(_("文件 %(file)s 不是完整的 gzip 文件，请重新传一份。"), file=self._name)


def _fault(is_endless: bool) -> str:
    if is_endless:
        return _("这一行超过一百万字，只保留开头；请检查换行和引号。")
    return _("引号没有配对，或一格超过 %(most)s 字。") % {"most": LONGEST_CELL}
