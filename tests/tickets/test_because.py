"""派单预告: what is told before it is sent is what then happens."""

import random
from typing import Any

import pytest
from pytest_django import Settings

from tests.tickets.desk import at_desk, pane
from tests.tickets.pages import entered, forms_in, statements, text_of
from tests.world import World
from tickets import actions, because
from tickets.models import Ticket
from tickets.words import Nature


def address(ticket: Ticket) -> str:
    return f"/desk/t/{ticket.number}/because/"


def test_it_is_what_the_rules_then_do(nine: World) -> None:
    dice = random.Random(20261123)
    kinds = [one for one in nine.categories.values() if one.parent_id and not one.is_about_staff]
    for _nth in range(20):
        given = {"category": dice.choice(kinds), "nature": dice.choice(list(Nature))}
        place = dice.choice([nine.spot, nine.far_spot])
        ticket = nine.reported(place=place, by=nine.district_desk, **given)
        told = because.preview(ticket, at=nine.at)
        if ticket.state == "REPORTED":
            actions.accept(ticket, by=nine.district_desk, at=nine.at)
        assert actions.route(ticket, at=nine.at).unit == told.unit


def test_it_follows_the_category_that_is_chosen(nine: World) -> None:
    ticket = nine.reported()
    code = nine.categories["manhole"].code
    there = because.preview(ticket, at=nine.at, category=nine.categories["manhole"])
    page = text_of(at_desk(nine).get(address(ticket), {"category": code}))
    assert str(there.unit) in page
    assert ticket.category_id == nine.categories["litter"].pk


def test_the_unit_concerned_is_never_named(nine: World) -> None:
    ticket = nine.reported()
    plain = because.preview(ticket, at=nine.at)
    assert plain.unit == nine.units["squad"]
    asked = {"about_unit": f"{nine.units['squad'].code} {nine.units['squad'].name}"}
    page = text_of(at_desk(nine).get(address(ticket), asked))
    assert "已经避开" in page
    assert f"<strong>{nine.units['squad']}</strong>" not in page


def test_without_a_category_it_says_what_is_missing(nine: World) -> None:
    told = because.preview(nine.reported(category=None), at=nine.at)
    assert told.unit is None
    assert "选定类别以后" in told.sentence


def test_the_unit_stands_in_the_form_already(nine: World) -> None:
    ticket = nine.accepted()
    unit = nine.units["squad"]
    form = forms_in(pane(at_desk(nine), ticket))["verb-dispatch"]
    assert form["unit"] == f"{unit.code} {unit.name}"


def test_what_was_sent_back_is_sent_by_hand(nine: World) -> None:
    ticket = nine.accepted()
    Ticket.objects.filter(pk=ticket.pk).update(needs_hand=True)
    shown = pane(at_desk(nine), ticket)
    assert forms_in(shown)["verb-dispatch"]["unit"] == ""
    assert "须人工派单" in text_of(shown)


@pytest.mark.parametrize(("given", "status"), [({"category": "9999"}, 422), ({}, 200)])
def test_a_category_that_is_none_is_refused(nine: World, given: Any, status: int) -> None:
    assert at_desk(nine).get(address(nine.reported()), given).status_code == status


def test_it_is_for_desks_only(nine: World) -> None:
    ticket = nine.reported()
    assert entered(nine.again("grid_worker")).get(address(ticket)).status_code == 403
    assert at_desk(nine, "far_desk").get(address(ticket)).status_code == 404


def test_it_costs_next_to_nothing(nine: World, settings: Settings) -> None:
    settings.HUBIN_LAW_CACHE = True
    assert statements(at_desk(nine), address(nine.reported())) <= 4
