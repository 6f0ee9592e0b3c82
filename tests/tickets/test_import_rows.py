"""Good rows become tickets."""

import gzip
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from common import clock
from tests.tickets.importing import CLOSED, HEADER, LETTERS, OPEN, Bringer
from tests.world import World
from tickets.models import Ticket, Words
from tickets.states import State
from tickets.words import Promise, Source, WordsKind

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def bringer(tmp_path: Path) -> Bringer:
    return Bringer(tmp_path)


def test_an_open_row_waits_at_the_desk(bringer: Bringer, world: World) -> None:
    bringer.bring(bringer.table(OPEN))
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.source, ticket.source_id) == (State.REPORTED, Source.IMPORT, "A1")
    assert ticket.category == world.categories["litter"]
    assert (ticket.division, ticket.address) == (world.places["grid"], "湖滨路 1 号")


def test_its_accept_clock_starts_at_the_import(bringer: Bringer) -> None:
    before = clock.now()
    bringer.bring(bringer.table(OPEN))
    accept = Ticket.objects.get().clocks.get(promise=Promise.ACCEPT)
    assert before <= accept.started_at <= clock.now()
    assert Ticket.objects.get().reported_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def test_a_closed_row_is_history_without_clocks(bringer: Bringer) -> None:
    bringer.bring(bringer.table(CLOSED))
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.is_historic) == (State.CLOSED, True)
    assert ticket.ended_at == datetime(2026, 3, 5, 8, tzinfo=UTC)
    assert ticket.number.startswith("330102-20260302-")
    assert not ticket.clocks.exists()


def test_the_text_holds_the_named_columns_once(bringer: Bringer) -> None:
    bringer.bring(bringer.table(OPEN, CLOSED.replace("井盖缺失,", "井盖缺失,井盖缺失")))
    texts = (
        Words.objects.filter(kind=WordsKind.REPORT).order_by("pk").values_list("text", flat=True)
    )
    assert list(texts) == ["门口有垃圾\n三天没有人清运", "井盖缺失"]


def test_an_unknown_kind_gets_the_default_category(bringer: Bringer, world: World) -> None:
    bringer.bring(bringer.table(OPEN.replace("litter", "weeds")))
    assert Ticket.objects.get().category == world.categories["advice"]


def test_a_point_outside_is_spread_over_the_communities(bringer: Bringer) -> None:
    elsewhere = OPEN.replace("30.245,120.155,湖滨路 1 号", "42.36,-71.06,1 City Hall Plz")
    bringer.bring(bringer.table(elsewhere))
    ticket = Ticket.objects.get()
    assert ticket.community is not None
    assert not ticket.is_outside
    assert ticket.address != "1 City Hall Plz"


def test_spreading_reaches_every_community_and_never_moves(bringer: Bringer) -> None:
    rows = [OPEN.replace("A1", f"B{n}").replace("30.245,120.155", ",") for n in range(40)]
    bringer.bring(bringer.table(*rows))
    first = dict(Ticket.objects.values_list("source_id", "division_id"))
    assert Ticket.objects.values("community").distinct().count() == 2
    copies = [row.replace(",门口", ",楼道") for row in rows]
    bringer.bring(bringer.table(*copies), LETTERS.with_name("spots_again.toml"))
    again = Ticket.objects.filter(source_profile="spots_again")
    assert dict(again.values_list("source_id", "division_id")) == first


def test_letters_are_spaced_evenly_over_the_period(bringer: Bringer) -> None:
    rows = [f"第{n}封信,请看看小区的路灯" for n in range(4)]
    bringer.bring(bringer.table(*rows, header="subject,detail"), LETTERS)
    times = list(Ticket.objects.order_by("reported_at").values_list("reported_at", flat=True))
    assert times[0] == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(days=1)}


def test_a_second_run_adds_nothing_and_says_so(bringer: Bringer) -> None:
    path = bringer.table(OPEN, CLOSED)
    assert "新增 2，已有 0，退回 0" in bringer.bring(path)
    said = bringer.bring(path)
    assert "新增 0，已有 2，退回 0" in said
    assert "没有新增工单" in said
    assert Ticket.objects.count() == 2


def test_the_same_number_under_another_profile_is_another_ticket(bringer: Bringer) -> None:
    path = bringer.table(OPEN)
    bringer.bring(path)
    bringer.bring(path, LETTERS.with_name("spots_again.toml"))
    assert Ticket.objects.count() == 2


def test_a_gzipped_table_is_read_too(bringer: Bringer) -> None:
    path = bringer.folder / "rows.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\n{OPEN}\n".encode()))
    bringer.bring(path)
    assert Ticket.objects.count() == 1


def test_a_byte_order_mark_does_not_hide_the_first_column(bringer: Bringer) -> None:
    path = bringer.table(OPEN)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    bringer.bring(path)
    assert Ticket.objects.get().source_id == "A1"


def test_a_text_of_20000_characters_goes_in(bringer: Bringer) -> None:
    bringer.bring(bringer.table(OPEN.replace("门口有垃圾,三天没有人清运", "字" * 20_000 + ",")))
    assert Ticket.objects.count() == 1


def test_a_header_without_rows_is_no_error(bringer: Bringer) -> None:
    assert "没有数据行" in bringer.bring(bringer.table())
