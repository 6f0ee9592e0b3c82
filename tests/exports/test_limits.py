"""How much, how often, how long, and that a slow reader holds nothing."""

import threading
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, connections
from openpyxl import load_workbook
from pytest_django import Settings

from common.cells import Cell
from tests.exports.reading import content, csv_rows, export, numbers, xlsx_rows
from tests.tickets.pages import entered, text_of
from tests.world import World
from tickets import search
from tickets.exporting import lists, making
from tickets.exporting.making import Listing, Made, make
from tickets.models import Export
from tickets.models.export import ExportForm, ExportOf

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LONG = "楼下垃圾堆了三天没有人清运" * 40


def listing(rows: Any) -> Listing:
    return Listing(ExportOf.TICKETS, lists.TICKET, lambda: rows, {})


def many(count: int) -> Iterator[Sequence[Cell]]:
    return ([f"{nth:05}", LONG, AT, None] for nth in range(count))


def test_a_file_that_does_not_hold_everything_says_so(nine: World, settings: Settings) -> None:
    settings.HUBIN_EXPORT_CSV_ROWS = 2
    for _nth in range(3):
        nine.reported()
    answer = export(nine, "desk", tab="open")
    assert (answer["Hubin-Rows"], answer["Hubin-Capped"]) == ("2", "true")
    rows = csv_rows(answer)
    assert (len(rows), rows[2]["编号"][:9]) == (3, "只导出了前 2 行")
    assert Export.objects.get().is_capped


@pytest.mark.parametrize("what", ["search", "tickets"])
def test_a_search_that_found_too_much_says_so(
    nine: World, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(search, "CAP", 2)
    for _nth in range(3):
        nine.reported(text="楼下垃圾堆了三天")
    answer = export(nine, "desk", what, q="垃圾", tab="open")
    assert (answer["Hubin-Rows"], answer["Hubin-Capped"]) == ("2", "true")
    assert csv_rows(answer)[2]["编号"].startswith("只导出了前 2 行")


def test_a_file_that_is_just_full_is_not_capped(nine: World, settings: Settings) -> None:
    settings.HUBIN_EXPORT_XLSX_ROWS = 2
    for _nth in range(2):
        nine.reported()
    answer = export(nine, "desk", tab="open", format="xlsx")
    assert answer["Hubin-Capped"] == "false"
    assert len(xlsx_rows(answer)) == 3


def test_the_page_says_how_much_there_can_be(nine: World) -> None:
    nine.reported()
    page = text_of(entered(nine.desk).get("/?tab=open&category=0101"))
    assert "XLSX 最多 50,000 行，CSV 最多 100,000 行" in page
    assert '<input type="hidden" name="category" value="0101">' in page


def test_after_so_many_an_hour_it_is_enough(nine: World, settings: Settings) -> None:
    settings.HUBIN_EXPORTS_AN_HOUR = 2
    assert [export(nine, "desk").status_code for _nth in range(3)] == [200, 200, 429]
    refused = export(nine, "desk")
    assert "一小时内最多导出 2 次" in text_of(refused)
    assert 3540 < int(refused["Retry-After"]) <= 3600
    assert export(nine, "other_desk").status_code == 200
    assert Export.objects.count() == 3


def test_what_takes_too_long_is_a_sentence_and_not_half_a_file(
    nine: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "EVERY", 1)
    settings.HUBIN_EXPORT_SECONDS = -1
    nine.reported()
    answer = export(nine, "desk", tab="open")
    assert (answer.status_code, "缩小筛选条件" in text_of(answer)) == (503, True)
    assert not Export.objects.exists()


def slow() -> Iterator[Sequence[Cell]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")
    yield ["x"]


def test_a_statement_that_takes_too_long_is_cut_short(
    committed_world: World, settings: Settings
) -> None:
    settings.HUBIN_EXPORT_SECONDS = 1
    with pytest.raises(making.Unavailable, match="缩小筛选条件"):
        make(listing(slow()), ExportForm.CSV, by=committed_world.desk, at=AT)


def test_only_so_many_run_at_once(committed_world: World, settings: Settings) -> None:
    settings.HUBIN_EXPORTS_AT_ONCE = 1
    refused: list[Exception] = []

    def second() -> None:
        try:
            make(listing([]), ExportForm.CSV, by=committed_world.other_desk, at=AT)
        except making.TooMany as error:
            refused.append(error)
        finally:
            connections.close_all()

    def rows() -> Iterator[Sequence[Cell]]:
        other = threading.Thread(target=second)
        other.start()
        other.join()
        yield ["x"]

    make(listing(rows()), ExportForm.CSV, by=committed_world.desk, at=AT)
    assert [str(one) for one in refused] == ["别人正在导出，请过一分钟再试。"]


def test_all_of_it_is_of_one_moment(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = committed_world
    monkeypatch.setattr(lists, "PAGE", 1)
    before = [world.reported().number for _nth in range(2)]
    person = world.again("desk")
    rows = lists.tickets(person, lists.boards.tickets_of(person, "open", AT),
                         lists.boards.BY_DUE, at=AT)  # fmt: skip

    def interrupted() -> Iterator[Sequence[Cell]]:
        yield next(rows)
        meanwhile(world.reported)
        yield from rows

    made = make(listing(interrupted()), ExportForm.CSV, by=person, at=AT)
    assert (made.rows, sorted(before)) == (2, sorted(first_cells(made)))


def meanwhile(act: Any) -> None:
    """On another connection, as another process would."""

    def run() -> None:
        act()
        connections.close_all()

    other = threading.Thread(target=run)
    other.start()
    other.join()


def first_cells(made: Made) -> list[str]:
    lines = made.file.read().decode("utf-8-sig").split("\r\n")
    return [line.split('","')[0].strip('"') for line in lines[1:] if line]


def test_whoever_reads_slowly_holds_no_transaction(committed_world: World) -> None:
    committed_world.reported()
    answer = export(committed_world, "desk", tab="open")
    assert not connection.in_atomic_block
    assert len(csv_rows(answer)) == 1


@pytest.mark.parametrize("form", [ExportForm.CSV, ExportForm.XLSX])
def test_a_long_list_needs_little_memory(nine: World, form: ExportForm) -> None:
    make(listing(many(10)), form, by=nine.desk, at=AT).file.close()
    tracemalloc.start()
    made = make(listing(many(6_000)), form, by=nine.desk, at=AT)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (made.rows, most < 4_000_000) == (6_000, True)


def test_a_workbook_of_many_rows_opens(nine: World) -> None:
    made = make(listing(many(1_200)), ExportForm.XLSX, by=nine.desk, at=AT)
    book = load_workbook(BytesIO(made.file.read()), read_only=True)
    assert sum(1 for _row in book.worksheets[0].iter_rows()) == 1_201


def test_the_file_has_a_chinese_name(nine: World) -> None:
    answer = export(nine, "desk", tab="open")
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"hubin-tickets.csv\"; filename*=UTF-8''"
        "%E5%B7%A5%E5%8D%95%E5%88%97%E8%A1%A8-20261123-0900.csv"
    )
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert int(answer["Content-Length"]) == len(content(answer))


def test_an_empty_list_is_a_header(nine: World) -> None:
    assert numbers(csv_rows(export(nine, "desk", tab="ended"))) == []
