"""查看联系方式: with a reason, logged, once."""

from typing import Any

import pytest
from django.urls import reverse

from tests.tickets.pages import entered, text_of
from tests.world import World
from tickets.models import Reveal, Ticket
from tickets.words import Origin

PHONE = "13900001234"


def reveal(world: World, who: str, ticket: Ticket, reason: str = "约时间上门") -> Any:
    address = reverse("reveal", args=[ticket.number])
    return entered(world.again(who)).post(address, {"reason": reason})


def look(world: World, who: str, ticket: Ticket) -> str:
    return text_of(entered(world.again(who)).get(reverse("ticket", args=[ticket.number])))


def test_a_contact_is_masked_until_it_is_asked_for(nine: World) -> None:
    page = look(nine, "handler", nine.handled())
    assert "139****1234" in page
    assert PHONE not in page


def test_a_reveal_is_logged_and_shown(nine: World) -> None:
    ticket = nine.handled()
    assert f'href="tel:{PHONE}"' in text_of(reveal(nine, "handler", ticket))
    logged = Reveal.objects.get()
    assert (logged.ticket, logged.person, logged.reason) == (ticket, nine.handler, "约时间上门")


def test_it_is_shown_once(nine: World) -> None:
    ticket = nine.handled()
    answer = reveal(nine, "handler", ticket)
    assert answer["Cache-Control"] == "no-store"
    assert PHONE not in look(nine, "handler", ticket)


@pytest.mark.parametrize("reason", ["", " ", "x" * 121, "\x00"])
def test_without_a_reason_nothing_is_shown(nine: World, reason: str) -> None:
    ticket = nine.handled()
    answer = reveal(nine, "handler", ticket, reason)
    assert answer.status_code == 422
    assert 'id="reveal-reason_error"' in text_of(answer)
    assert PHONE not in text_of(answer)
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "leader", "auditor", "grid_worker", "community_lead"])
def test_who_may_not_see_contacts_is_refused(nine: World, who: str) -> None:
    ticket = nine.handled()
    answer = reveal(nine, who, ticket)
    assert answer.status_code == 403
    assert PHONE not in text_of(answer)
    assert not Reveal.objects.exists()


def test_a_grid_worker_may_on_their_turn(nine: World) -> None:
    assert PHONE in text_of(reveal(nine, "grid_worker", nine.resolved()))


def test_a_stranger_does_not_find_the_ticket(nine: World) -> None:
    assert reveal(nine, "far_desk", nine.handled()).status_code == 404


@pytest.mark.parametrize("who", ["handler", "head"])
def test_the_unit_never_sees_an_anonymous_reporter(nine: World, who: str) -> None:
    ticket = nine.handled(is_anonymous=True)
    assert "赵" not in look(nine, who, ticket)
    assert reveal(nine, who, ticket).status_code == 403


def test_where_nobody_left_a_number_there_is_none(nine: World) -> None:
    ticket = nine.reported(origin=Origin.PATROL, by=nine.grid_worker)
    answer = reveal(nine, "desk", ticket)
    assert answer.status_code == 409
    assert "没有留下联系方式" in text_of(answer)


def test_a_superuser_is_no_standing(nine: World) -> None:
    ticket = nine.handled()
    nine.admin.is_superuser = True
    nine.admin.save()
    assert reveal(nine, "admin", ticket).status_code == 404


def test_opening_the_address_shows_nothing(nine: World) -> None:
    ticket = nine.handled()
    answer = entered(nine.handler).get(reverse("reveal", args=[ticket.number]))
    assert answer.status_code == 405
