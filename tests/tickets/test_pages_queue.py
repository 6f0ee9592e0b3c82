"""我的待办: tabs, filters, pages, counts."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from grids.models import Person
from tests.tickets.pages import entered, move_clock, statements, text_of
from tests.world import World
from tickets import actions, boards, tallies
from tickets import search as searching
from tickets.models import Ticket
from tickets.words import Origin


def queue(world: World, who: str, **asked: Any) -> Any:
    return entered(world.again(who)).get(reverse("queue"), asked)


def numbers(answer: Any) -> list[str]:
    """In the order of the rows."""
    return re.findall(r'class="board-link" href="/t/([0-9-]+)/"', text_of(answer))


def test_a_row_tells_what_matters(nine: World) -> None:
    ticket = nine.handled()
    page = text_of(queue(nine, "handler"))
    for fact in (ticket.number, "楼下垃圾堆了三天", "litter", "street", "处置中", "人15", "按时"):
        assert fact in page


def test_my_turn_follows_the_ticket(nine: World) -> None:
    ticket = nine.dispatched()
    assert numbers(queue(nine, "desk")) == []
    assert numbers(queue(nine, "clerk")) == [ticket.number]


def test_open_shows_what_is_not_my_turn(nine: World) -> None:
    ticket = nine.dispatched()
    assert numbers(queue(nine, "desk", tab="open")) == [ticket.number]


WATCHERS = ["leader", "inspector", "auditor", "head"]


@pytest.mark.parametrize("who", WATCHERS)
def test_who_takes_no_turns_begins_with_all_that_is_open(nine: World, who: str) -> None:
    ticket = nine.dispatched()
    answer = queue(nine, who)
    assert numbers(answer) == [ticket.number]
    assert 'data-tab="open" aria-current="page"' in text_of(answer)


@pytest.mark.parametrize("who", ["admin", *WATCHERS])
def test_nobody_is_praised_for_turns_never_taken(nine: World, who: str) -> None:
    assert "轮到您的工单都已处理" not in text_of(queue(nine, who))
    assert "您的岗位不轮办工单" in text_of(queue(nine, who, tab="mine"))


def test_a_turn_by_name_comes_first_whatever_the_post(nine: World) -> None:
    ticket = actions.assign(nine.dispatched(), by=nine.head, at=nine.at, handler=nine.head)
    nine.dispatched()
    assert numbers(queue(nine, "head")) == [ticket.number]


def test_ended_comes_last_ended_first(nine: World) -> None:
    rows = [nine.reported_with_key() for _turn in range(3)]
    for turn, (ticket, token) in enumerate(rows):
        at = nine.at + timedelta(minutes=turn)
        actions.withdraw(ticket, by=nine.key_of(token), at=at)
    found = numbers(queue(nine, "desk", tab="ended"))
    assert found == [ticket.number for ticket, _token in reversed(rows)]


def test_the_most_pressing_comes_first(nine: World) -> None:
    calm = nine.reported()
    urgent = nine.reported(category=nine.categories["manhole"])
    assert numbers(queue(nine, "desk")) == [urgent.number, calm.number]


def test_a_stranger_finds_nothing_but_a_friendly_word(nine: World) -> None:
    nine.reported()
    answer = queue(nine, "resident", tab="open")
    assert numbers(answer) == []
    assert "没有在办的工单" in text_of(answer)


def test_a_grid_worker_does_not_read_a_sensitive_summary(nine: World) -> None:
    nine.accepted(category=nine.categories["alone"])
    page = text_of(queue(nine, "grid_worker", tab="open"))
    assert "内容限定人员可见" in page
    assert "楼下垃圾" not in page


def test_the_desk_reads_a_sensitive_summary(nine: World) -> None:
    nine.accepted(category=nine.categories["alone"])
    assert "楼下垃圾" in text_of(queue(nine, "desk", tab="open"))


@pytest.mark.parametrize("who", ["desk", "handler"])
def test_many_rows_cost_as_many_statements_as_one(
    nine: World, settings: Settings, who: str
) -> None:
    settings.HUBIN_LAW_CACHE = True  # as in life
    helped(nine)
    client = entered(nine.again(who))
    alone = statements(client, reverse("queue"), tab="open")
    for _turn in range(boards.PAGE - 1):
        helped(nine)
    assert statements(client, reverse("queue"), tab="open") == alone <= 8
    assert statements(client, reverse("queue"), tab="open", q="垃圾") == alone + 2


def helped(world: World) -> Ticket:
    """In work, with a helper: the row whose standing costs most to compute."""
    return actions.enlist(
        world.handled(), by=world.handler, at=world.at, unit=world.units["office"], question="协助"
    )  # fmt: skip


def test_counts_are_one_statement(nine: World, settings: Settings) -> None:
    settings.HUBIN_LAW_CACHE = True  # as in life
    nine.reported()
    desk = nine.again("desk")
    wanted = {tab: boards.tickets_of(desk, tab, nine.at) for tab in boards.TABS}
    tallies.counts(wanted)  # reads the posts of the desk
    with CaptureQueriesContext(connection) as asked:
        assert tallies.counts(wanted) == {"mine": "1", "open": "1", "ended": "0"}
    assert len(asked) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("extra", "shown"), [(-1, "999"), (0, "999+"), (5, "999+")])
def test_nobody_counts_beyond_the_cap(extra: int, shown: str) -> None:
    Person.objects.bulk_create(
        Person(username=f"somebody{turn}") for turn in range(tallies.CAP + extra)
    )
    assert tallies.counts({"people": Person.objects.all()}) == {"people": shown}


def test_pages_follow_each_other_without_gap_or_repetition(nine: World) -> None:
    made = {nine.reported().number for _turn in range(boards.PAGE + 5)}
    client = entered(nine.desk)
    first = client.get(reverse("queue"))
    second = client.get(link(first, "next"))
    assert (len(numbers(first)), len(numbers(second))) == (boards.PAGE, 5)
    assert {*numbers(first), *numbers(second)} == made


def test_the_way_back_leads_to_the_same_page(nine: World) -> None:
    for _turn in range(boards.PAGE + 5):
        nine.reported()
    client = entered(nine.desk)
    first = client.get(reverse("queue"))
    again = client.get(link(client.get(link(first, "next")), "prev"))
    assert numbers(again) == numbers(first)
    assert 'rel="prev"' not in text_of(again)


def link(answer: Any, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', text_of(answer))
    assert found
    return found[1].replace("&amp;", "&")


FILTERS = [
    ({"state": "REPORTED"}, {"state": "HANDLING"}),
    ({"category": "0101"}, {"category": "0103"}),
    ({"category": "01"}, {"category": "06"}),
    ({"division": "330102003000"}, {"division": "330102004000"}),
    ({"division": "330102003050"}, {"division": "330102004050"}),
    ({"nature": "COMPLAINT"}, {"nature": "PRAISE"}),
    ({"source": "PHONE"}, {"source": "VISIT"}),
    ({"origin": "RESIDENT"}, {"origin": "PATROL"}),
    ({"urgency": "NORMAL"}, {"urgency": "URGENT"}),
    ({"since": "2026-11-23"}, {"since": "2026-11-24"}),
    ({"until": "2026-11-23"}, {"until": "2026-11-22"}),
    ({"light": "green"}, {"light": "red"}),
    ({"q": "20261123"}, {"q": "20261124"}),
    ({"q": "垃圾 湖滨路1号"}, {"q": "垃圾 电梯"}),
]


@pytest.mark.parametrize(("fitting", "other"), FILTERS)
def test_a_filter_finds_what_fits_and_nothing_else(
    nine: World, fitting: dict[str, str], other: dict[str, str]
) -> None:
    number = nine.reported().number
    assert numbers(queue(nine, "desk", **fitting)) == [number]
    assert numbers(queue(nine, "desk", **other)) == []


def test_words_narrow_the_list_that_is_shown_and_keep_its_order(nine: World) -> None:
    found = [nine.dispatched().number, nine.reported(text="垃圾桶满了").number]
    nine.reported(text="电梯停了")
    answer = queue(nine, "desk", tab="open", q="垃圾")
    assert sorted(numbers(answer)) == sorted(found)
    due = Ticket.objects.filter(number__in=found).order_by("due_at")
    assert numbers(answer) == [ticket.number for ticket in due]
    assert len(re.findall(r"tab-count", text_of(answer))) == 1


def test_words_that_nobody_may_read_find_nothing_in_a_list(nine: World) -> None:
    nine.reported(category=nine.categories["alone"], text="独居老人无人照看")
    assert numbers(queue(nine, "leader", tab="open", q="独居老人")) == []
    assert len(numbers(queue(nine, "desk", tab="open", q="独居老人"))) == 1


def test_a_list_says_when_there_are_more(nine: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _each in range(3):
        nine.reported()
    monkeypatch.setattr(searching, "LOOKED_AT", 2)
    assert "匹配的工单很多" in text_of(queue(nine, "desk", tab="open", q="垃圾"))


@pytest.mark.parametrize("name", ["CG", "CG-003", "squad"])
def test_a_bureau_is_found_with_its_squads(nine: World, name: str) -> None:
    ticket = nine.dispatched()
    assert numbers(queue(nine, "desk", tab="open", unit=name)) == [ticket.number]
    assert numbers(queue(nine, "desk", tab="open", unit="XF")) == []


@pytest.mark.parametrize(
    ("hours", "colour", "words"),
    [(0, "green", "按时"), (3.5, "yellow", "临期"), (5, "red", "超期")],
)
def test_the_light_changes_as_time_runs(
    nine: World, settings: Settings, tmp_path: Path, hours: float, colour: str, words: str
) -> None:
    ticket = nine.reported(origin=Origin.PATROL, by=nine.grid_worker)
    move_clock(settings, tmp_path, nine.at + timedelta(hours=hours, minutes=5))
    answer = queue(nine, "desk", light=colour)
    assert numbers(answer) == [ticket.number]
    assert words in text_of(answer)


BAD = [
    {"state": "NOWHERE"}, {"category": "9999999999"}, {"division": "1" * 200},
    {"unit": "没有这个单位"}, {"since": "32.13.2026"}, {"until": "9999-12-31"},
    {"since": "0001-01-01"}, {"light": "blue"}, {"q": "\x00"}, {"q": "x"}, {"unit": "\x00"},
    {"tab": "all"}, {"after": "x"}, {"after": "9" * 400}, {"before": f"{2**80}-{2**80}"},
    {"after": "1-2-3"}, {"urgency": "\x00"},
]  # fmt: skip


@pytest.mark.parametrize("asked", BAD, ids=str)
def test_a_bad_address_is_refused_in_a_sentence(nine: World, asked: dict[str, str]) -> None:
    answer = queue(nine, "desk", **asked)
    assert answer.status_code in (400, 422)
    assert "。" in text_of(answer)


def test_a_cursor_beyond_everything_is_an_empty_page(nine: World) -> None:
    nine.reported()
    assert numbers(queue(nine, "desk", after=f"4000000000000000-{2**70}")) == []


def test_nothing_is_posted_to_the_queue(nine: World) -> None:
    answer = entered(nine.desk).post(reverse("queue"))
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_the_next_one_is_not_the_one_i_come_from(nine: World) -> None:
    first, second = (nine.reported().number for _turn in range(2))
    client = entered(nine.desk)
    assert client.get(reverse("next"), {"from": first})["Location"] == f"/t/{second}/"
    assert client.get(reverse("next"), {"from": "x"})["Location"] == f"/t/{first}/"


def test_after_the_last_one_the_queue_says_so(nine: World) -> None:
    number = nine.reported().number
    answer = entered(nine.desk).get(reverse("next"), {"from": number}, follow=True)
    assert "没有别的待办了" in text_of(answer)
