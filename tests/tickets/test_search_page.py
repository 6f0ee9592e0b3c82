"""The search page: results, pages, refusals, and the look-up by telephone."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from tests.tickets.english import english
from tests.tickets.pages import entered, statements, text_of
from tests.world import World
from tickets import actions, phones
from tickets.models import PhoneLookup, Reporter

SEARCH, PHONE = reverse("search"), reverse("search_phone")


def ask(client: Client, question: str, **more: Any) -> Any:
    return client.get(SEARCH, {"q": question, **more})


def call(client: Client, number: str = "139 0000 1234", reason: str = "来电询问进度") -> Any:
    return client.post(PHONE, {"phone": number, "reason": reason})


def test_what_was_asked_for_is_marked(nine: World) -> None:
    ticket = nine.reported(text="<b>楼道</b>里的电梯停了，LED也不亮")
    page = text_of(ask(entered(nine.desk), "电梯 led"))
    assert ticket.number in page
    assert "&lt;b&gt;楼道&lt;/b&gt;里的<mark>电梯</mark>停了，<mark>LED</mark>也不亮" in page


def test_words_of_two_texts_are_both_marked(nine: World) -> None:
    nine.replied()
    page = text_of(ask(entered(nine.desk), "垃圾 约谈物业"))
    assert "<mark>垃圾</mark>" in page
    assert "<mark>约谈物业</mark>" in page


@pytest.mark.parametrize(("count", "told"), [(1, "1 ticket found."), (2, "2 tickets found.")])
def test_one_is_told_as_one_in_english(nine: World, count: int, told: str) -> None:
    for _nth in range(count):
        nine.reported(text="楼道里的电梯停了")
    assert told in text_of(ask(english(nine.desk), "电梯"))


def test_a_whole_number_leads_to_its_ticket(nine: World) -> None:
    ticket = nine.reported()
    client = entered(nine.desk)
    there = reverse("ticket", args=[ticket.number])
    assert ask(client, f" {ticket.number} ").url == ask(client, ticket.number[7:]).url == there


def test_the_beginning_of_a_number_finds_its_day(nine: World) -> None:
    tickets = [nine.reported(), nine.reported()]
    page = text_of(ask(entered(nine.desk), tickets[0].number[:15]))
    assert all(f"/t/{ticket.number}/" in page for ticket in tickets)


def test_the_words_of_a_sensitive_ticket_do_not_come_with_its_number(nine: World) -> None:
    ticket = nine.reported(category=nine.categories["alone"], text="独居老人无人照看")
    client = entered(nine.people["leader"])
    assert ticket.number not in text_of(ask(client, "独居老人"))
    page = text_of(ask(client, ticket.number[:-1]))
    assert ticket.number in page
    assert "独居老人" not in page
    assert "湖滨路 1 号" not in page


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("路", "请至少输入两个相连的字"),
        ("，！", "标点和符号不能查找"),
        ("路" * 201, "最多 200 字，现在有 201 字"),
    ],
)
def test_a_bad_question_is_answered_with_a_sentence(
    nine: World, question: str, sentence: str
) -> None:
    answer = ask(entered(nine.desk), question)
    assert answer.status_code == 422
    assert sentence in text_of(answer)


@pytest.mark.parametrize("page", ["0", "41", "x", "-1", "²", "1e3"])
def test_a_page_that_is_none_is_refused(nine: World, page: str) -> None:
    assert ask(entered(nine.desk), "垃圾", page=page).status_code == 422


def test_single_characters_are_named(nine: World) -> None:
    nine.reported()
    assert "单个字不参与查找：路" in text_of(ask(entered(nine.desk), "垃圾 路"))


def test_nothing_found_says_what_to_do(nine: World) -> None:
    assert "没有找到" in text_of(ask(entered(nine.desk), "电梯"))


def test_pages_go_on_to_the_last_match(nine: World) -> None:
    numbers = {nine.reported().number for _each in range(27)}
    client = entered(nine.desk)
    first, second = (text_of(ask(client, "垃圾", page=page)) for page in "12")
    found = [{number for number in numbers if number in page} for page in (first, second)]
    assert (len(found[0]), len(found[1]), found[0] | found[1]) == (25, 2, numbers)


@pytest.mark.parametrize("who", ["desk", "district_desk", "handler", "grid_worker"])
def test_statements_do_not_grow_with_the_results(nine: World, who: str, settings: Settings) -> None:
    settings.HUBIN_LAW_CACHE = True  # as in production
    client = entered(nine.people[who])
    few = nine.handled()
    counts = [statements(client, SEARCH, q="垃圾")]
    for _each in range(3):
        nine.handled()
    counts.append(statements(client, SEARCH, q="垃圾"))
    assert few.number in text_of(ask(client, "垃圾"))
    assert counts[0] == counts[1] == 7


def test_residents_do_not_search(nine: World) -> None:
    assert ask(entered(nine.people["resident"]), "垃圾").status_code == 403


def test_a_number_finds_the_tickets_of_whoever_called(nine: World) -> None:
    ticket = nine.reported()
    page = text_of(call(entered(nine.desk)))
    assert ticket.number in page
    assert "13900001234" not in page
    assert PhoneLookup.objects.values_list("person", "reason", "found").get() == (
        nine.desk.pk, "来电询问进度", 1,
    )  # fmt: skip


def test_a_number_finds_what_its_owner_follows(nine: World) -> None:
    lead = nine.reported(reporter=Reporter.build(name="钱同", phone="13900005678"))
    actions.merge(nine.reported(), by=nine.desk, at=nine.at, target=lead)
    other = nine.reported(reporter=Reporter.build(name="孙异", phone="13900009999"))
    page = text_of(call(entered(nine.desk)))
    assert lead.number in page
    assert other.number not in page


def test_a_number_finds_nothing_of_another_street(nine: World) -> None:
    ticket = nine.reported()
    assert ticket.number not in text_of(call(entered(nine.people["far_desk"])))


@pytest.mark.parametrize("who", ["handler", "head", "grid_worker", "leader", "auditor"])
def test_others_do_not_look_for_numbers(nine: World, who: str) -> None:
    nine.handled()
    assert call(entered(nine.people[who])).status_code == 403
    assert not PhoneLookup.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"number": ""}, "请填写“电话”"),
        ({"number": "赵见诚"}, "请填写完整的电话号码"),
        ({"number": "123"}, "请填写完整的电话号码"),
        ({"reason": " "}, "请填写“查找理由”"),
        ({"reason": "因" * 121}, "最多 120 字"),
    ],
)
def test_a_bad_look_up_is_not_made(nine: World, given: dict[str, str], sentence: str) -> None:
    answer = call(entered(nine.desk), **given)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not PhoneLookup.objects.exists()


def test_look_ups_are_limited_by_the_hour(nine: World) -> None:
    client = entered(nine.desk)
    for _each in range(phones.LOOKUPS.limit):
        assert call(client).status_code == 200
    assert call(client).status_code == 429
    assert call(entered(nine.people["other_desk"])).status_code == 200


def typed(client: Client, question: str) -> Any:
    return client.post("/search/found/", {"q": question})


def test_what_is_typed_finds_in_a_piece_of_the_page(nine: World) -> None:
    ticket = nine.reported(text="楼道里的电梯停了")
    piece = text_of(typed(entered(nine.desk), "电梯"))
    assert ticket.number in piece
    assert "<mark>电梯</mark>" in piece
    assert "<html" not in piece


@pytest.mark.parametrize(
    ("who", "number", "told"),
    [
        ("desk", "139 0000 1234", "请用下面的“按电话查找”"),
        ("handler", "+8613900001234", "这里不按号码查找"),
    ],
)
def test_a_telephone_number_is_not_searched_for_by_typing(
    nine: World, who: str, number: str, told: str
) -> None:
    nine.reported(text="请打 13900001234")
    piece = text_of(typed(entered(nine.people[who]), number))
    assert told in piece
    assert "board-row" not in piece


def test_what_cannot_be_searched_for_is_told_in_the_piece(nine: World) -> None:
    assert "search-note" in text_of(typed(entered(nine.desk), "，，"))
    assert typed(entered(nine.resident), "电梯").status_code == 403


def test_typing_costs_the_same_however_much_is_found(nine: World) -> None:
    client = entered(nine.desk)
    nine.reported(text="楼道里的电梯停了")
    counts = set()
    for _turn in range(2):
        typed(client, "电梯")
        with CaptureQueriesContext(connection) as counted:
            typed(client, "电梯")
        counts.add(sum("common_lawstamp" not in row["sql"] for row in counted))
        nine.reported(text="又一部电梯停了")
    assert len(counts) == 1
