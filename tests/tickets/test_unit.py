"""承办: a unit's lists, its counters, who carries how much, and the ledger of what is suspended."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from grids.models import Person, Post, PostKind
from tests.grids.standins import away
from tests.races import race
from tests.tickets.english import english, left_on
from tests.tickets.pages import entered, forms_in, move_clock, statements, text_of
from tests.tickets.stages import helped, suspended
from tests.tickets.unit import (
    BULK,
    HTMX,
    KEY,
    LEDGER,
    LIST,
    UNIT,
    at_unit,
    claim,
    counted,
    listed,
    row,
)
from tests.world import World
from tickets import actions, boards, bulk, workloads
from tickets.models import Export, Ticket
from tickets.states import State


def busy(world: World) -> None:
    """Some of everything, in the hands of two."""
    for _nth in range(2):
        world.dispatched()
        actions.claim(world.dispatched(), by=world.other_handler, at=world.at)
    urgent = world.handled(category=world.categories["manhole"])
    actions.inquire(urgent, by=world.handler, at=world.at, question="是几号灯杆？")
    world.resolved(), world.verified(), helped(world), suspended(world)


def test_the_most_pressing_comes_first(nine: World) -> None:
    calm, urgent = nine.handled(), nine.handled(category=nine.categories["manhole"])
    nine.resolved()
    assert listed(at_unit(nine)) == [urgent.number, calm.number]


@pytest.mark.parametrize("who", ["head", "handler", "clerk"])
@pytest.mark.parametrize("hours", [0, 3, 80])
def test_every_number_is_the_list_it_leads_to(
    nine: World, settings: Settings, tmp_path: Any, who: str, hours: int
) -> None:
    busy(nine)
    move_clock(settings, tmp_path, nine.at + timedelta(hours=hours))
    client = at_unit(nine, who)
    told = counted(client)
    assert len(told) >= 7
    for address, count in told.items():
        page = text_of(client.get(address))
        assert page.count('class="board-row') == count, address


def test_what_is_over_is_told_apart_from_what_is_due_today(
    nine: World, settings: Settings, tmp_path: Any
) -> None:
    ticket = nine.handled(category=nine.categories["manhole"])
    client = at_unit(nine)
    assert listed(client, tab="today") == [ticket.number]
    move_clock(settings, tmp_path, nine.at + timedelta(days=3))
    assert listed(client, tab="today") == []
    assert listed(client, tab="late") == [ticket.number]


def test_a_head_sees_all_hands_and_a_handler_their_own(nine: World) -> None:
    busy(nine)
    heads = workloads.loads(nine.again("head"), nine.at)
    own = workloads.loads(nine.again("handler"), nine.at)
    people = {nine.handler.pk, nine.other_handler.pk}
    assert {one.handler for one in heads} == {*people, None}
    assert [one for one in heads if one.handler == nine.handler.pk] == own


def test_a_stand_in_sees_what_the_absent_one_has(nine: World) -> None:
    ticket = nine.handled()
    away(nine, nine.handler, nine.far_handler)
    client = at_unit(nine, "far_handler")
    assert ticket.number in listed(client)
    assert [one.todo for one in workloads.loads(nine.again("far_handler"), nine.at)] == [1]


def test_units_see_their_own_only(nine: World) -> None:
    mine, theirs = nine.handled(), helped(nine)
    assert listed(at_unit(nine, "far_handler")) == []
    assert listed(at_unit(nine, "office_handler"), tab="assist") == [theirs.number]
    assert mine.number not in listed(at_unit(nine, "office_handler"))


@pytest.mark.parametrize("who", ["desk", "grid_worker", "leader", "resident"])
def test_it_is_for_units_only(nine: World, who: str) -> None:
    client = entered(nine.people[who])
    assert {client.get(one).status_code for one in (UNIT, LIST, LEDGER)} == {403}
    assert f'href="{UNIT}"' not in text_of(client.get("/"))
    assert f'href="{UNIT}"' in text_of(at_unit(nine).get("/"))


def test_nothing_new_is_no_content(nine: World) -> None:
    nine.handled()
    client = at_unit(nine)
    known = client.get(LIST).context["digest"]
    assert client.get(LIST, {"known": known}).status_code == 204
    nine.dispatched()
    assert 'hx-swap-oob="true"' in text_of(client.get(LIST, {"known": known}))
    assert Client().get(LIST).status_code == 286


def test_many_are_claimed_at_once_each_with_its_result(nine: World) -> None:
    done, stale = nine.dispatched(), nine.dispatched()
    far = nine.reported(place=nine.far_spot, by=nine.far_desk)
    answer = claim(at_unit(nine, "clerk"), row(done), f"{stale.number}:1", row(far))
    assert [bool(one.refused) for one in answer.context["outcomes"]] == [False, True, True]
    assert "已签收 1 张，共 3 张" in text_of(answer)
    assert answer["HX-Trigger"] == "unit:moved"
    assert Ticket.objects.get(pk=done.pk).handler == nine.clerk


def test_it_works_without_script_and_only_claims(nine: World) -> None:
    ticket = nine.dispatched()
    client = at_unit(nine, "clerk")
    form = forms_in(client.get(UNIT, {"tab": "new"}))["bulk"]
    assert client.post(BULK, form | {"row": row(ticket), "verb": "accept"}).status_code == 422
    assert "<html" in text_of(client.post(BULK, form | {"row": row(ticket)}))
    assert Ticket.objects.get(pk=ticket.pk).state == State.HANDLING
    assert "bulk" not in forms_in(at_unit(nine, "head").get(UNIT, {"tab": "new"}))


def by_number(number: str) -> Ticket:
    return Ticket.objects.get(number=number)


def test_of_two_who_claim_the_same_exactly_one_wins(committed_world: World) -> None:
    world = committed_world
    chosen = [
        bulk.Chosen(one.number, one.version) for one in (world.dispatched(), world.dispatched())
    ]
    find = lambda number: Ticket.objects.get(number=number)  # noqa: E731

    def all_of(person: Person) -> Any:
        return bulk.perform("claim", chosen, by=person, at=world.at, key=KEY, find=find)

    told = race(lambda: all_of(world.again("clerk")), lambda: all_of(world.again("handler")))
    for nth, one in enumerate(chosen):
        ticket = Ticket.objects.get(number=one.number)
        won = [not outcomes[nth].refused for outcomes in told]
        assert sorted(won) == [False, True]
        assert ticket.handler == (world.clerk if won[0] else world.handler)
        assert ticket.events.filter(verb="claim").count() == 1


def test_the_ledger_tells_why_and_until_when(nine: World) -> None:
    ticket = suspended(nine)
    nine.handled()
    client = at_unit(nine, "head")
    page = client.get(LEDGER)
    entry = page.context["entries"][0]
    assert [one.row.ticket for one in page.context["entries"]] == [ticket]
    assert (entry.reason, entry.by, entry.since) == ("BUDGET", nine.leader.name, nine.at)
    assert "2026-12-13" in text_of(page)


def test_the_ledger_is_exported_and_that_is_kept(nine: World) -> None:
    ticket = suspended(nine)
    answer = at_unit(nine, "head").post("/export/suspended/", {"format": "csv"})
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert ticket.number in lines[1]
    assert "BUDGET" in lines[1]
    assert (Export.objects.get().what, Export.objects.get().rows) == ("SUSPENDED", 1)
    assert at_unit(nine, "desk").post("/export/suspended/", {"format": "csv"}).status_code == 403


def test_long_lists_cost_no_more_statements(nine: World, settings: Settings) -> None:
    settings.HUBIN_LAW_CACHE = True
    busy(nine)
    client = at_unit(nine, "head")
    short = {one: statements(client, one) for one in (LIST, UNIT, LEDGER)}
    busy(nine)
    assert {one: statements(client, one) for one in (LIST, UNIT, LEDGER)} == short
    assert short[LIST] <= 8
    assert short[UNIT] <= 8
    assert short[LEDGER] <= 5


def test_the_unit_in_english(nine: World) -> None:
    busy(nine)
    client = english(nine.head)
    pages = {tab: client.get(UNIT, {"tab": tab}) for tab in workloads.NAMES}
    ticket = nine.dispatched()
    pages["claimed"] = claim(english(nine.clerk), row(ticket), "330102-20261123-09999:1")
    pages["ledger"] = client.get(LEDGER)
    pages["over"] = Client(headers={"accept-language": "en"}).get(LIST, headers=HTMX)
    assert left_on(pages) == {}


def test_a_later_page_is_asked_for_again_where_it_is(nine: World) -> None:
    for _nth in range(boards.PAGE + 1):
        nine.dispatched()
    client = at_unit(nine)
    further = re.search(r'href="(/unit/\?[^"]*after=[^"]*)"', text_of(client.get(UNIT)))
    assert further
    page = text_of(client.get(html.unescape(further[1])))
    again = re.search(r'hx-get="([^"]*)"[^>]*hx-trigger="every', page)
    assert again
    assert client.get(html.unescape(again[1]), headers=HTMX).status_code == 204


def test_loads_of_a_unit_one_only_clerks_for_are_in_no_list(nine: World) -> None:
    office = nine.units["office"]
    Post.objects.create(person=nine.head, kind=PostKind.UNIT_CLERK, unit=office)
    nine.dispatched()
    ticket = nine.accepted()
    actions.dispatch(ticket, by=nine.desk, at=nine.at, unit=office)
    client = at_unit(nine, "head")
    told = counted(client)
    unclaimed = {url: many for url, many in told.items() if "handler=0" in url}
    assert unclaimed
    for url, many in unclaimed.items():
        assert len(re.findall(r'id="row-', text_of(client.get(url)))) == many


def test_a_head_finds_assigning_open_where_nobody_has_claimed(nine: World) -> None:
    ticket = nine.dispatched()
    address = f"/t/{ticket.number}/"
    opened = {
        who: [one.move.verb for one in entered(nine.again(who)).get(address).context["leading"]]
        for who in ("head", "desk")
    }
    assert ("assign" in opened["head"], "assign" in opened["desk"]) == (True, False)
