"""在看: who else has the ticket open; a hint among colleagues, never a lock."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.races import race
from tests.tickets.browsing import check, open_street, visit
from tests.tickets.english import english, left
from tests.tickets.pages import entered, move_clock, statements, text_of
from tests.tickets.stages import own
from tests.world import World
from tickets import lookings, sweeps
from tickets.models import Looking, Ticket


def asks(client: Client, ticket: Ticket, **asked: str) -> Any:
    return client.get(f"/t/{ticket.number}/looking/", asked)


def look(world: World, who: str, ticket: Ticket, seconds: int = 0) -> list[str]:
    return lookings.look(ticket, world.again(who), at=world.at + timedelta(seconds=seconds))


def test_two_people_see_each_other(nine: World) -> None:
    ticket = nine.handled()
    assert look(nine, "desk", ticket) == []
    assert look(nine, "handler", ticket) == [nine.desk.name]
    assert look(nine, "desk", ticket) == [nine.handler.name]
    assert f"{nine.desk.name}也在看" in text_of(asks(entered(nine.handler), ticket))


def test_who_has_left_is_gone_after_a_while(nine: World) -> None:
    ticket = nine.handled()
    look(nine, "desk", ticket)
    assert look(nine, "handler", ticket, 44) == [nine.desk.name]
    assert look(nine, "handler", ticket, 45) == []
    look(nine, "desk", ticket, 60)
    assert look(nine, "handler", ticket, 61) == [nine.desk.name]


def test_nothing_new_is_no_content(nine: World) -> None:
    ticket = nine.handled()
    client = entered(nine.desk)
    assert asks(client, ticket).status_code == 200
    assert asks(client, ticket, known="").status_code == 204
    look(nine, "handler", ticket)
    assert asks(client, ticket, known="").status_code == 200


def test_a_reporter_neither_sees_nor_is_seen(nine: World) -> None:
    ticket = own(nine)
    look(nine, "desk", ticket)
    client = entered(nine.resident)
    assert asks(client, ticket).status_code == 403
    assert "looking" not in text_of(client.get(f"/t/{ticket.number}/"))
    assert look(nine, "other_desk", ticket) == [nine.desk.name]
    assert asks(entered(nine.far_desk), ticket).status_code == 404
    assert set(Looking.objects.values_list("person", flat=True)) == {
        nine.desk.pk, nine.other_desk.pk,
    }  # fmt: skip


def test_it_costs_the_same_whoever_looks_and_no_lock(nine: World) -> None:
    ticket = nine.handled()
    address = f"/t/{ticket.number}/looking/"
    few = statements(entered(nine.desk), address)
    for who in ("handler", "head", "clerk", "other_desk"):
        look(nine, who, ticket)
    assert statements(entered(nine.desk), address) == few <= 6
    version = ticket.version
    ticket.refresh_from_db()
    assert ticket.version == version


def test_the_same_person_twice_at_once_is_one(committed_world: World) -> None:
    world = committed_world
    ticket = world.handled()
    told = race(*[lambda: look(world, "desk", ticket)] * 3)
    assert told == [[], [], []]
    assert Looking.objects.count() == 1


def test_it_is_forgotten_the_day_after(nine: World) -> None:
    ticket = nine.handled()
    look(nine, "desk", ticket)
    sweeps.run("erase", at=nine.at + timedelta(hours=23))
    assert Looking.objects.count() == 1
    sweeps.run("erase", at=nine.at + timedelta(hours=25))
    assert Looking.objects.count() == 0


def test_in_english(nine: World) -> None:
    ticket = nine.handled()
    look(nine, "handler", ticket)
    look(nine, "head", ticket)
    assert left(asks(english(nine.desk), ticket)) == []


@pytest.mark.parametrize("where", ["/desk/?t={}", "/t/{}/"])
def test_the_open_page_tells_who_else_looks(
    committed_world: World, open_page: OpenPage, settings: Settings, tmp_path: Path, where: str
) -> None:
    world = open_street(committed_world, settings, tmp_path)
    ticket = world.reported()
    page: Page = open_page()
    page.clock.install()
    visit(page, "desk", where.format(ticket.number))
    expect(page.locator(".looking[hx-trigger^=every]")).to_have_count(1)
    look(world, "shift_leader", ticket)
    page.clock.run_for(21_000)
    expect(page.locator(".looking")).to_have_text(f"{world.shift_leader.name}也在看")
    check(page, "looking-desk" if "desk" in where else "looking")
    move_clock(settings, tmp_path, world.at + timedelta(seconds=60))
    page.clock.run_for(21_000)
    expect(page.locator(".looking")).to_have_text("")
