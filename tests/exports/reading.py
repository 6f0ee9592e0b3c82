"""What tests of exports share: asking for a file as a browser does, and reading it."""

import csv
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook

from tests.tickets.pages import entered
from tests.world import World

BOM = b"\xef\xbb\xbf"


def export(world: World, who: str, what: str = "tickets", **asked: str) -> Any:
    """What that person is answered; CSV unless said otherwise."""
    given = {"format": "csv", **asked}
    return entered(world.again(who)).post(f"/export/{what}/", given)


def content(answer: Any) -> bytes:
    """The whole file."""
    assert answer.status_code == 200, answer.content.decode()
    return b"".join(answer.streaming_content)


def csv_rows(answer: Any) -> list[dict[str, str]]:
    """Rows by the names of their columns."""
    return list(csv.DictReader(StringIO(content(answer).decode("utf-8-sig"), newline="")))


def xlsx_rows(answer: Any) -> list[list[Any]]:
    """Values of the only sheet, the header first."""
    book = load_workbook(BytesIO(content(answer)))
    (sheet,) = book.worksheets
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def numbers(rows: list[dict[str, str]]) -> list[str]:
    """In the order of the rows."""
    return [row["编号"] for row in rows]
