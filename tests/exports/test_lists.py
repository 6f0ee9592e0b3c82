"""Lists taken out from their pages: the same rows, what may be read of them, and who took it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from grids.models import Person
from tests.exports.reading import content, csv_rows, export, numbers, xlsx_rows
from tests.tickets.pages import entered, move_clock, text_of
from tests.world import World
from tickets import actions
from tickets.exporting import lists
from tickets.models import Export, Ticket

CONTACT = ("赵见诚", "赵*", "13900001234", "139****1234", "1234")
SECRET = "内容限定人员可见"


def test_a_row_tells_what_the_list_tells(nine: World) -> None:
    ticket = nine.handled(text="楼下垃圾堆了三天")
    (row,) = csv_rows(export(nine, "desk", tab="open"))
    assert row["编号"] == ticket.number
    assert (row["状态"], row["类别"], row["承办单位"]) == ("处置中", "litter", "squad")
    assert (row["诉求内容"], row["地址"]) == ("楼下垃圾堆了三天", "湖滨路 1 号")
    assert row["上报时间"] == "2026-11-23 09:00:00"


def test_both_kinds_of_file_hold_the_same(nine: World) -> None:
    for _nth in range(3):
        nine.handled()
    rows = csv_rows(export(nine, "desk", tab="open"))
    sheet = xlsx_rows(export(nine, "desk", tab="open", format="xlsx"))
    assert sheet[0] == list(rows[0])
    assert [line[0] for line in sheet[1:]] == numbers(rows)
    assert str(sheet[1][sheet[0].index("上报时间")]) == rows[0]["上报时间"]


def test_no_contact_leaves_the_house(nine: World) -> None:
    nine.handled()
    for who in ("desk", "inspector", "handler"):
        told = content(export(nine, who, tab="open")).decode()
        assert not [word for word in CONTACT if word in told]


def test_the_filter_is_that_of_the_list(nine: World) -> None:
    litter = nine.reported()
    nine.reported(category=nine.categories["manhole"])
    shown = csv_rows(export(nine, "desk", tab="open", category="0101", since="2026-11-01"))
    assert numbers(shown) == [litter.number]


def test_the_order_is_that_of_the_list(nine: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    for hours in (3, 1, 4, 2, 0):
        nine.reported(at=nine.at - timedelta(hours=hours))
    rows = numbers(csv_rows(export(nine, "desk", tab="open")))
    assert rows == list(Ticket.objects.order_by("due_at", "id").values_list("number", flat=True))


def test_ended_ones_come_newest_first(nine: World) -> None:
    ended = [nine.reported_with_key() for _nth in range(2)]
    for hours, (ticket, token) in enumerate(ended):
        key = nine.key_of(token)
        actions.withdraw(ticket, by=key, at=nine.at + timedelta(seconds=hours))
    rows = numbers(csv_rows(export(nine, "desk", tab="ended")))
    assert rows == [ended[1][0].number, ended[0][0].number]


def test_what_is_not_visible_is_not_there(nine: World) -> None:
    nine.reported()
    assert csv_rows(export(nine, "far_desk", tab="open")) == []


def test_words_of_a_sensitive_ticket_are_hidden(nine: World) -> None:
    nine.dispatched(category=nine.categories["alone"], text="独居老人", place=nine.spot)
    (row,) = csv_rows(export(nine, "leader", tab="open"))
    assert (row["诉求内容"], row["地址"], row["敏感"]) == (SECRET, "", "是")
    assert csv_rows(export(nine, "desk", tab="open"))[0]["诉求内容"] == "独居老人"


def test_who_only_reported_is_not_told_who_handles_it(nine: World) -> None:
    nine.handled()
    own = nine.reported(by=nine.resident, is_on_behalf=False, reporter=None)
    rows = csv_rows(export(nine, "resident", tab="open"))
    assert numbers(rows) == [own.number]
    assert rows[0]["处置人员"] == ""


def test_a_formula_in_a_report_stays_text(nine: World) -> None:
    nine.reported(text='=HYPERLINK("http://x","点我")')
    (row,) = csv_rows(export(nine, "desk", tab="open"))
    assert row["诉求内容"].startswith("'=HYPERLINK")


def test_found_tickets_come_best_first(nine: World) -> None:
    weak = nine.reported(text="电梯停了，门口还有垃圾，" + "很久没有人来管。" * 9)
    strong = nine.reported(text="电梯垃圾电梯垃圾")
    rows = csv_rows(export(nine, "desk", "search", q="电梯 垃圾"))
    assert numbers(rows) == [strong.number, weak.number]


def test_nothing_is_found_by_words_that_may_not_be_read(nine: World) -> None:
    nine.dispatched(category=nine.categories["alone"], text="独居老人没有吃饭")
    assert csv_rows(export(nine, "leader", "search", q="独居老人")) == []


def test_search_results_are_for_staff(nine: World) -> None:
    assert export(nine, "resident", "search", q="垃圾").status_code == 403


@pytest.mark.parametrize(("who", "role"), [("shift_leader", "decider"), ("desk", "asker")])
def test_requests_come_with_their_words(nine: World, who: str, role: str) -> None:
    ticket = nine.reported()
    actions.decline(ticket, by=nine.desk, at=nine.at, reason="BEYOND", answer="不归本区管")
    (row,) = csv_rows(export(nine, who, "approvals", role=role))
    assert (row["工单"], row["审批种类"], row["说明"]) == (ticket.number, "不予受理", "不归本区管")
    assert csv_rows(export(nine, "other_desk", "approvals", role=role)) == []


def test_it_is_kept_who_took_what(nine: World) -> None:
    for _nth in range(3):
        nine.reported()
    export(nine, "desk", tab="open", category="0101", format="xlsx")
    kept = Export.objects.get()
    assert (kept.person, kept.what, kept.form, kept.rows) == (nine.desk, "TICKETS", "xlsx", 3)
    assert kept.asked == {"tab": "open", "category": "0101"}
    assert not kept.is_capped
    assert abs(kept.at - nine.at) < timedelta(minutes=1)


WRONG = {
    "no format": ({"format": ""}, "请选择导出格式"),
    "another format": ({"format": "zip"}, "请选择导出格式"),
    "no such tab": ({"tab": "x"}, "没有这个列表"),
    "a bad day": ({"since": "31.12."}, "日期"),
    "a single letter": ({"q": "x"}, "请至少输入两个相连的字"),
}


@pytest.mark.parametrize(("asked", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_filter_is_a_sentence(nine: World, asked: dict[str, str], sentence: str) -> None:
    answer = export(nine, "desk", **asked)
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert not Export.objects.exists()


def test_there_is_no_other_list(nine: World) -> None:
    assert export(nine, "desk", "people").status_code == 404


def test_a_get_takes_nothing_out(nine: World) -> None:
    assert entered(nine.desk).get("/export/tickets/?format=csv").status_code == 405


def cost(person: Person, settings: Settings) -> int:
    settings.HUBIN_LAW_CACHE = True
    client = entered(person)
    asked = {"tab": "open", "format": "csv"}
    content(client.post("/export/tickets/", asked))
    with CaptureQueriesContext(connection) as counted:
        content(client.post("/export/tickets/", asked))
    return sum("common_lawstamp" not in row["sql"] for row in counted)


@pytest.mark.parametrize("who", ["desk", "clerk", "leader"])
def test_it_costs_the_same_for_one_row_and_for_many(
    nine: World, settings: Settings, who: str
) -> None:
    def busy() -> None:
        ticket = nine.handled()
        actions.enlist(
            ticket, by=nine.handler, at=nine.at, unit=nine.units["fire"], question="看看"
        )

    busy()
    few = cost(nine.again(who), settings)
    for _nth in range(7):
        busy()
    assert cost(nine.again(who), settings) == few


def columns_of(answer: Any) -> list[str]:
    return content(answer).decode("utf-8-sig").split("\r\n")[0].strip('"').split('","')


def test_an_english_page_gives_english_columns(nine: World) -> None:
    client = entered(nine.desk)
    given = {"tab": "open", "format": "csv"}
    answer = client.post("/export/tickets/", given, headers={"accept-language": "en"})
    assert columns_of(answer)[:3] == ["Number", "Status", "Whose turn"]


def test_lists_of_a_unit_of_what_is_overdue_and_of_supervisions(
    nine: World, settings: Any, tmp_path: Path
) -> None:
    ticket, other = nine.handled(), nine.dispatched()
    actions.supervise(
        ticket, by=nine.leader, at=nine.at, demand="今天清完",
        due_on=(nine.at + timedelta(days=1)).date(),
    )  # fmt: skip
    assert numbers(csv_rows(export(nine, "head", "unit", tab="new"))) == [other.number]
    mine = csv_rows(export(nine, "head", "unit", handler=str(nine.handler.pk)))
    assert numbers(mine) == [ticket.number]
    (row,) = csv_rows(export(nine, "leader", "supervisions", tab="open"))
    assert [row[name] for name in ("工单", "督办要求", "状态")] == [
        ticket.number, "今天清完", "督办中",
    ]  # fmt: skip
    assert csv_rows(export(nine, "leader", "supervisions", tab="ended")) == []
    move_clock(settings, tmp_path, nine.at + timedelta(days=9))
    squad = f"u-{nine.units['squad'].pk}"
    assert len(csv_rows(export(nine, "leader", "late", **{"with": squad}))) == 2
    assert csv_rows(export(nine, "leader", "late", **{"with": "u-0"})) == []
    kept = [(one.what, one.asked.get("list")) for one in Export.objects.order_by("pk")]
    assert kept[0] == ("TICKETS", "unit")
    assert kept[-1] == ("TICKETS", "late")
    for who, what in (("desk", "unit"), ("handler", "late"), ("resident", "supervisions")):
        assert export(nine, who, what).status_code == 403
