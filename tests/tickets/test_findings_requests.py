"""Requests that nobody could have moved: an absent head, a page that is out of date."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from common.errors import Stale
from tests.tickets.pages import entered, forms_in
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


def test_a_decision_on_what_has_changed_is_stale(world: World) -> None:
    ticket = asked(world)
    seen = ticket.version
    actions.amend(ticket, by=world.desk, at=world.at, category=world.categories["advice"])
    with pytest.raises(Stale):
        actions.countersign(request(ticket), by=world.head, at=world.at, seen=seen)
    actions.countersign(request(ticket), by=world.head, at=world.at, seen=ticket.version)
    with pytest.raises(Stale):
        actions.grant(request(ticket), by=world.shift_leader, at=world.at, seen=seen)
    with pytest.raises(Stale):
        actions.refuse(request(ticket), by=world.shift_leader, at=world.at, seen=seen, text="否")


def test_a_stale_decision_comes_back_with_the_present_version(nine: World) -> None:
    ticket = asked(nine)
    approval, name = request(ticket), f"decide-countersign-{request(ticket).pk}"
    client = entered(nine.again("head"))
    typed = forms_in(client.get(reverse("approvals")))[name]
    actions.amend(ticket, by=nine.desk, at=nine.at, category=nine.categories["advice"])
    answer = client.post(reverse("decide", args=[approval.pk, "countersign"]), typed)
    assert answer.status_code == HTTPStatus.PRECONDITION_FAILED
    again = forms_in(answer)[name]
    assert (typed["seen"], again["seen"]) != (again["seen"], "")
    done = client.post(reverse("decide", args=[approval.pk, "countersign"]), again)
    assert done.status_code == HTTPStatus.FOUND
