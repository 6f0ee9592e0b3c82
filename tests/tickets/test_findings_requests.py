"""Requests that nobody could have moved: an absent head, a page that is out of date."""

from tests.tickets.steps import HOUR, fresh, last, now_impossible, request
from tests.world import World
from tickets import actions
from tickets.models import Ticket


def asked(world: World) -> Ticket:
    ticket = world.handled()
    return actions.extend(
        ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等材料"
    )


def test_a_decider_waits_for_the_head_until_the_request_is_due(world: World) -> None:
    ticket = asked(world)
    with now_impossible("会签"):
        actions.grant(request(ticket), by=world.shift_leader, at=world.at + HOUR)
    actions.grant(request(ticket), by=world.district_shift_leader, at=request(ticket).due_at)
    assert last(ticket, "grant").data["waived"] is True
    assert not fresh(ticket).has_request


def test_a_head_who_has_left_holds_up_nobody(world: World) -> None:
    ticket = asked(world)
    world.head.posts.update(valid_to=world.at.date())
    actions.grant(request(ticket), by=world.shift_leader, at=world.at)
    assert last(ticket, "grant").data["waived"] is True
