"""The XML inside a workbook, piece by piece: nothing is kept but the row at hand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from tickets.importing.text import LONGEST_CELL, LONGEST_LINE

CHUNK = 1 << 16
LONGEST_TOKEN = 1 << 20  # bytes; older expats read an unfinished one anew with each piece
DEEPEST = 100  # elements in elements; each open one takes memory
ENCODINGS = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1"})
MOST_COLUMNS = 16_384
MOST_MERGED = 100_000
CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


class Unsound(Exception):
    """The markup is not what a spreadsheet program writes."""


class TooMuch(Exception):
    """More of something than a table has."""


@dataclass(slots=True)
class RawCell:
    """格: as it stands in the markup."""

    column: int
    kind: str
    style: int
    has_formula: bool = False
    text: str = ""


@dataclass(slots=True)
class RawRow:
    """行: its number as the sheet counts, and its cells."""

    line: int
    cells: list[RawCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Merged:
    """合并单元格: first and last row and column."""

    name: str
    top: int
    bottom: int
    left: int
    right: int


class Reader:
    """读取器: hears beginnings, ends and text; a subclass says what to do with them."""

    texts: frozenset[str] = frozenset()
    """Elements whose text is wanted."""

    def __init__(self) -> None:
        self._parser: Any = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._hear
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.XmlDeclHandler = self._declare
        self._heard: list[str] | None = None
        self._length = 0
        self._depth = 0

    def feed(self, file: IO[bytes]) -> Iterator[None]:
        """One step a piece of the file, so that what was found can be taken."""
        fed = 0
        try:
            while piece := file.read(CHUNK):
                self._parser.Parse(piece, False)
                fed += len(piece)
                if fed - self._parser.CurrentByteIndex > LONGEST_TOKEN:
                    raise TooMuch
                yield
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unsound from error
        yield

    def read(self, file: IO[bytes]) -> None:
        """The whole of it."""
        for _step in self.feed(file):
            pass

    def begin(self, name: str, given: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str, text: str) -> None:
        """It ends; `text` only where it is wanted."""

    def _start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooMuch
        if name in self.texts:
            self._heard, self._length = [], 0
        self.begin(name, {key.rpartition(" ")[2]: value for key, value in given.items()})

    def _end(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        self._depth -= 1
        text = ""
        if name in self.texts and self._heard is not None:
            text, self._heard = "".join(self._heard), None
        self.end(name, text)

    def _hear(self, text: str) -> None:
        if self._heard is None:
            return
        self._length += len(text)
        if self._length > LONGEST_CELL:
            raise TooMuch
        self._heard.append(text)

    def _declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise Unsound

    def _refuse(self, *_declared: Any) -> None:
        raise Unsound  # no spreadsheet has a document type; only bombs do


class SheetReader(Reader):
    """工作表: rows as they come; which cells are merged is known at the end."""

    texts = frozenset({"v", "t"})

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RawRow] = []
        self.merged: list[Merged] = []
        self._line = 0
        self._row: RawRow | None = None
        self._cell: RawCell | None = None
        self._said: list[str] = []
        self._row_length = 0
        self._in_sound = 0

    def begin(self, name: str, given: dict[str, str]) -> None:
        match name:
            case "row":
                self._line = whole(given.get("r"), self._line + 1)
                self._row, self._row_length = RawRow(self._line), 0
            case "c" if self._row is not None:
                self._cell, self._said = self._new_cell(self._row, given), []
            case "f" if self._cell is not None:
                self._cell.has_formula = True
            case "rPh":
                self._in_sound += 1
            case "mergeCell":
                self._merge(given.get("ref", ""))

    def end(self, name: str, text: str) -> None:
        match name:
            case "row" if self._row is not None:
                self.rows.append(self._row)
                self._row = None
            case "c" if self._cell is not None and self._row is not None:
                self._cell.text = "".join(self._said)
                self._row.cells.append(self._cell)
                self._cell = None
            case "v" | "t" if text and self._cell is not None and not self._in_sound:
                self._row_length += len(text)
                if self._row_length > LONGEST_LINE:
                    raise TooMuch
                self._said.append(text)
            case "rPh":
                self._in_sound -= 1

    def _new_cell(self, row: RawRow, given: dict[str, str]) -> RawCell:
        where = CELL.fullmatch(given.get("r", ""))
        last = row.cells[-1].column if row.cells else 0
        column = column_number(where[1]) if where else last + 1
        if len(row.cells) >= MOST_COLUMNS or column > MOST_COLUMNS:
            raise Unsound
        return RawCell(column, given.get("t", "n"), whole(given.get("s")))

    def _merge(self, name: str) -> None:
        found = RANGE.fullmatch(name)
        if found is None:
            raise Unsound
        if len(self.merged) >= MOST_MERGED:
            raise TooMuch
        left, right = column_number(found[1]), column_number(found[3])
        self.merged.append(Merged(name, int(found[2]), int(found[4]), left, right))


def column_number(letters: str) -> int:
    """列号: A is 1, AA is 27."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found


def whole(text: str | None, otherwise: int = 0) -> int:
    """整数: as markup writes it."""
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Unsound
    return int(text)
