"""The small parts of a workbook: which sheets there are, its texts, how numbers are shown."""

from typing import IO

from tickets.importing.markup import Reader, TooMuch, whole
from tickets.importing.text import LONGEST_CELL

MOST_STRINGS = 1_000_000
MOST_TEXT = 64 << 20  # characters of all texts together
MOST_STYLES = 100_000
MOST_SHEETS = 1_000
LONGEST_FORMAT = 1_000  # characters; it is looked through for every number


class Book(Reader):
    """工作簿: its sheets (name, key, whether hidden), and from which year it counts days."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "sheet":
            state = given.get("state", "visible")
            self.sheets.append((given.get("name", ""), given.get("id", ""), state != "visible"))
            if len(self.sheets) > MOST_SHEETS:
                raise TooMuch
        elif name == "workbookPr":
            self.is_1904 = given.get("date1904", "") in ("1", "true")


class Strings(Reader):
    """共享文本: each cell of text names its place in here."""

    texts = frozenset({"t"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._text: list[str] = []
        self._in_sound = 0
        self._total = 0

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "si":
            self._text = []
        elif name == "rPh":
            self._in_sound += 1

    def end(self, name: str, text: str) -> None:
        if name == "t" and not self._in_sound:
            self._text.append(text)
        elif name == "rPh":
            self._in_sound -= 1
        elif name == "si":
            self.found.append("".join(self._text))
            self._total += len(self.found[-1])
            if len(self.found) > MOST_STRINGS or self._total > MOST_TEXT:
                raise TooMuch
            if len(self.found[-1]) > LONGEST_CELL:
                raise TooMuch


class Styles(Reader):
    """样式: which format of numbers a cell's style has."""

    def __init__(self) -> None:
        super().__init__()
        self.own: dict[int, str] = {}
        self.form_ids: dict[int, int] = {}
        self._in_cells = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "numFmt":
            form = given.get("formatCode", "")
            if len(form) > LONGEST_FORMAT:
                raise TooMuch
            self.own[whole(given.get("numFmtId"))] = form
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self.form_ids[len(self.form_ids)] = whole(given.get("numFmtId"))
        if len(self.form_ids) + len(self.own) > MOST_STYLES:
            raise TooMuch

    def end(self, name: str, text: str) -> None:
        if name == "cellXfs":
            self._in_cells = False


class _Links(Reader):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "Relationship" and len(self.found) < MOST_SHEETS * 10:
            target = given.get("Target", "")
            where = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            self.found[given.get("Id", "")] = where


def links(file: IO[bytes]) -> dict[str, str]:
    """关系: from a sheet's key to its part."""
    reader = _Links()
    reader.read(file)
    return reader.found
