"""Bad rows go to a file with line and reason; good rows go in."""

import csv
import stat
from pathlib import Path

import pytest
from django.db import connection

from tests.tickets.importing import CLOSED, LETTERS, OPEN, Bringer
from tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("world")

BAD = {
    "no text": (OPEN.replace("门口有垃圾,三天没有人清运", ","), "请写明内容"),
    "too long": (OPEN.replace("门口有垃圾", "字" * 20_001), "最多 20000 字"),
    "a NUL in the text": (OPEN.replace("门口", "门\x00口"), "what"),
    "a NUL in the number": (OPEN.replace("A1", "A\x001"), "nr"),
    "no number": (OPEN.replace("A1", ""), "nr"),
    "a number too long": (OPEN.replace("A1", "A" * 121), "120"),
    "no such day": (OPEN.replace("2026-03-02 09:30", "2026-02-30 09:30"), "2026-02-30 09:30"),
    "another format": (OPEN.replace("2026-03-02 09:30", "02.03.2026"), "%Y-%m-%d %H:%M"),
    "no time": (OPEN.replace("2026-03-02 09:30", ""), "opened"),
    "in the future": (OPEN.replace("2026-03-02", "2999-03-02"), "将来"),
    "ended in the future": (CLOSED.replace("2026-03-05", "2999-03-05"), "将来"),
    "ended before it began": (CLOSED.replace("2026-03-05", "2026-03-01"), "早于"),
    "latitude is no number": (OPEN.replace("30.245", "north"), "north"),
    "latitude not finite": (OPEN.replace("30.245", "nan"), "坐标无效"),
    "longitude not finite": (OPEN.replace("120.155", "inf"), "坐标无效"),
    "no place on earth": (OPEN.replace("30.245", "91"), "坐标无效"),
    "an address too long": (OPEN.replace("湖滨路 1 号", "路" * 201), "200"),
    "a cell too few": (OPEN.removesuffix(",湖滨路 1 号"), "有 8 格"),
    "a cell too many": (OPEN + ",左边", "有 10 格"),
}


@pytest.fixture
def bringer(tmp_path: Path) -> Bringer:
    return Bringer(tmp_path)


def rejected(bringer: Bringer) -> list[dict[str, str]]:
    with bringer.rejects.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("row", "reason"), BAD.values(), ids=BAD)
def test_a_bad_row_is_rejected_with_its_reason(bringer: Bringer, row: str, reason: str) -> None:
    said = bringer.bring(bringer.table(CLOSED.replace("A2", "G1"), row, CLOSED))
    assert "新增 2，已有 0，退回 1" in said
    (found,) = rejected(bringer)
    assert found["line"] == "3"
    assert reason in found["reason"]
    assert set(Ticket.objects.values_list("source_id", flat=True)) == {"G1", "A2"}


@pytest.mark.parametrize(("half", "column"), [("30.245", "lat"), ("120.155", "lng")])
def test_half_a_point_is_none(bringer: Bringer, half: str, column: str) -> None:
    text = LETTERS.with_name("spots.toml").read_text(encoding="utf-8")
    profile = bringer.folder / "still.toml"
    profile.write_text(text.replace("spread = true", ""), encoding="utf-8")
    bringer.bring(bringer.table(OPEN.replace(half, ""), CLOSED), profile)
    assert f"列 {column} 空着" in rejected(bringer)[0]["reason"]
    assert Ticket.objects.get().source_id == "A2"


def test_the_line_is_counted_in_the_file_not_in_rows(bringer: Bringer) -> None:
    good = OPEN.replace("三天没有人清运", '"三天\n没有人\n清运"')
    bringer.bring(bringer.table(good, CLOSED.replace("A2", "")))
    assert [row["line"] for row in rejected(bringer)] == ["5"]


def test_a_rejected_row_keeps_its_cells(bringer: Bringer) -> None:
    bringer.bring(bringer.table(OPEN.replace("2026-03-02", "2026-13-02")))
    (found,) = rejected(bringer)
    assert (found["nr"], found["opened"]) == ("A1", "2026-13-02 09:30")


def test_a_corrected_file_of_rejects_can_be_imported(bringer: Bringer) -> None:
    bringer.bring(bringer.table(OPEN.replace("2026-03-02", "2026-13-02"), CLOSED))
    corrected = bringer.rejects.rename(bringer.folder / "corrected.csv")
    corrected.write_text(corrected.read_text(encoding="utf-8").replace("2026-13", "2026-03"))
    assert "新增 1，已有 0，退回 0" in bringer.bring(corrected)


@pytest.mark.parametrize("is_there", [False, True])
def test_the_file_is_for_its_owner_only(bringer: Bringer, is_there: bool) -> None:
    if is_there:
        bringer.rejects.touch(0o644)
    bringer.bring(bringer.table(OPEN.replace("A1", "")))
    assert stat.S_IMODE(bringer.rejects.stat().st_mode) == 0o600


def test_there_is_no_file_without_rejects(bringer: Bringer) -> None:
    bringer.bring(bringer.table(OPEN))
    assert not bringer.rejects.exists()


def test_an_open_quotation_mark_costs_its_own_line_only(bringer: Bringer) -> None:
    after = [OPEN.replace("A1", f"C{n}") for n in range(2)]
    said = bringer.bring(bringer.table(CLOSED, OPEN.replace("三天", '"三天'), *after))
    (found,) = rejected(bringer)
    assert found["line"] == "3"
    assert "引号" in found["reason"]
    assert "新增 3，已有 0，退回 1" in said


@pytest.mark.parametrize("end", [f"\n{CLOSED}", ""], ids=["amid others", "at the end"])
@pytest.mark.parametrize("filling", ["天", "天,"], ids=["one cell", "many cells"])
def test_an_endless_line_costs_itself_only(bringer: Bringer, filling: str, end: str) -> None:
    path = bringer.table(*(OPEN.replace("A1", f"G{n}") for n in range(5)))
    path.write_bytes(path.read_bytes() + (filling * (2_000_000 // len(filling)) + end).encode())
    said = bringer.bring(path)
    (found,) = rejected(bringer)
    assert (found["line"], found["nr"]) == ("7", (filling * 200)[:200])
    assert "超过一百万字" in found["reason"]
    assert f"新增 {6 if end else 5}，已有 0，退回 1" in said


def test_an_endless_line_within_quotes_costs_two(bringer: Bringer) -> None:
    bringer.bring(bringer.table(OPEN.replace("三天", '"三天'), "天" * 2_000_000, CLOSED))
    assert [row["line"] for row in rejected(bringer)] == ["2", "3"]
    assert Ticket.objects.get().source_id == "A2"


def test_a_row_the_database_refuses_takes_no_other_with_it(bringer: Bringer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tickets_words ADD CONSTRAINT no_weeds CHECK (text <> '杂草')")
    rows = [OPEN, OPEN.replace("A1", "D1").replace("门口有垃圾,三天没有人清运", "杂草,"), CLOSED]
    assert "新增 2，已有 0，退回 1" in bringer.bring(bringer.table(*rows))
    assert "数据库不接受" in rejected(bringer)[0]["reason"]


def test_a_value_that_no_category_stands_for_is_rejected(bringer: Bringer) -> None:
    profile = bringer.folder / "strict.toml"
    text = LETTERS.with_name("spots.toml").read_text(encoding="utf-8")
    profile.write_text(text.replace('default = "0102"', ""), encoding="utf-8")
    bringer.bring(bringer.table(OPEN, CLOSED.replace("manhole", "dragon")), profile)
    assert "dragon" in rejected(bringer)[0]["reason"]
