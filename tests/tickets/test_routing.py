"""Most specific wins; the choice and its reason stand in the event."""

from datetime import timedelta
from typing import Any

import pytest

from common import clock
from common.law import bump
from grids.models import Unit
from tests.tickets.steps import sent_back
from tests.world import World
from tickets import actions
from tickets.actions._born import Place
from tickets.models import RoutingRule, Ticket
from tickets.models.rule import Target
from tickets.words import Nature, Source


def rule(world: World, unit: str = "fire", **given: Any) -> RoutingRule:
    values = {"target": Target.UNIT, "unit": world.units[unit]} | given
    return RoutingRule.objects.create(**values)


def because(ticket: Ticket) -> dict[str, Any]:
    found: dict[str, Any] = ticket.events.filter(verb="dispatch").latest("seq").data["because"]
    return found


def test_a_bureaus_local_squad_takes_it(world: World) -> None:
    assert world.dispatched().unit == world.units["squad"]


def test_the_minor_category_beats_the_major(world: World) -> None:
    rule(world, category=world.categories["litter"])
    assert world.dispatched().unit == world.units["fire"]


def test_the_category_beats_the_division(world: World) -> None:
    rule(world, category=None, division=world.places["grid"])
    assert world.dispatched().unit == world.units["squad"]


@pytest.mark.parametrize("place", ["grid", "community", "street", "district"])
def test_a_rule_for_the_place_beats_one_without(world: World, place: str) -> None:
    rule(world, category=world.categories["street_order"], division=world.places[place])
    assert world.dispatched().unit == world.units["fire"]


def test_a_rule_for_another_place_does_not_match(world: World) -> None:
    rule(world, category=world.categories["litter"], division=world.places["other_street"])
    assert world.dispatched().unit == world.units["squad"]


@pytest.mark.parametrize("given", [{"nature": Nature.COMPLAINT}, {"source": Source.PHONE}])
def test_nature_and_source_make_a_rule_more_specific(world: World, given: dict[str, str]) -> None:
    rule(world, category=world.categories["street_order"], **given)
    assert world.dispatched().unit == world.units["fire"]


def test_among_equals_the_priority_decides(world: World) -> None:
    rule(world, category=world.categories["street_order"], priority=-1)
    assert world.dispatched().unit == world.units["squad"]


@pytest.mark.parametrize(("begins", "ends", "unit"), [
    (0, None, "fire"), (1, None, "squad"), (None, 0, "squad"), (None, 1, "fire"),
])  # fmt: skip
def test_a_rule_holds_from_its_first_day_until_its_last(
    world: World, begins: int | None, ends: int | None, unit: str
) -> None:
    today = clock.local(world.at).date()
    first = None if begins is None else today + timedelta(days=begins)
    last = None if ends is None else today + timedelta(days=ends)
    rule(world, category=world.categories["litter"], valid_from=first, valid_to=last)
    assert world.dispatched().unit == world.units[unit]


def test_the_event_says_which_rule_what_matched_and_what_came_second(world: World) -> None:
    general = RoutingRule.objects.get(category=world.categories["street_order"])
    special = rule(world, category=world.categories["litter"], source=Source.PHONE)
    assert because(world.dispatched()) == {
        "rule": special.pk, "matched": ["category", "source"], "second": general.pk,
    }  # fmt: skip


def test_without_a_rule_the_subdistrict_office_is_the_last_resort(world: World) -> None:
    RoutingRule.objects.all().delete()
    ticket = world.dispatched()
    assert ticket.unit == world.units["office"]
    assert because(ticket)["last_resort"] is True


def test_a_unit_out_of_service_is_passed_over(world: World) -> None:
    Unit.objects.filter(code="CG-003").update(is_active=False)
    assert world.dispatched().unit == world.units["bureau"]


def test_a_community_target_is_the_community_of_the_place(world: World) -> None:
    litter = world.categories["litter"]
    RoutingRule.objects.create(category=litter, target=Target.COMMUNITY)
    assert world.dispatched().unit == world.units["community_unit"]


def test_a_dispatch_is_counted_for_its_rule(world: World) -> None:
    ticket = world.dispatched()
    assert RoutingRule.objects.get(pk=ticket.rule_id or 0).dispatched == 1


def test_a_redirect_is_counted_against_the_rule(world: World) -> None:
    ticket = world.dispatched()
    wrong = ticket.rule_id or 0
    actions.redirect(
        ticket, by=world.desk, at=world.at, unit=world.units["office"], text="不是中队的事"
    )
    assert RoutingRule.objects.get(pk=wrong).wrong == 1


def test_a_bare_address_lies_in_the_street_of_the_desk_that_took_it_down(world: World) -> None:
    assert world.reported(place=Place(address="某处")).division == world.places["street"]


def test_a_bare_address_of_a_resident_goes_to_the_centre(world: World) -> None:
    RoutingRule.objects.all().delete()
    ticket = world.reported(by=world.resident, place=Place(address="某处"))
    actions.accept(ticket, by=world.district_desk, at=world.at)
    assert actions.route(ticket, at=world.at).unit == world.units["centre"]


def test_a_granted_return_is_counted_against_the_rule(world: World) -> None:
    ticket = world.handled()
    wrong = ticket.rule_id or 0
    sent_back(world, ticket)
    assert RoutingRule.objects.get(pk=wrong).wrong == 1


def test_a_dispatch_by_hand_is_charged_to_no_rule(world: World) -> None:
    ticket = sent_back(world, world.handled())
    actions.dispatch(ticket, by=world.desk, at=world.at, unit=world.units["squad"])
    sent_back(world, actions.claim(ticket, by=world.handler, at=world.at))
    assert RoutingRule.objects.get(category=world.categories["street_order"]).wrong == 1


def test_the_unit_concerned_is_never_chosen(world: World) -> None:
    ticket = world.accepted()
    actions.amend(ticket, by=world.desk, at=world.at, about_unit=world.units["squad"])
    actions.route(ticket, at=world.at)
    assert ticket.unit == world.units["office"]
    assert (because(ticket)["last_resort"], because(ticket)["concerned"]) == (True, True)


def test_when_the_office_is_concerned_the_centre_takes_it(world: World) -> None:
    RoutingRule.objects.all().delete()
    ticket = world.accepted()
    actions.amend(ticket, by=world.desk, at=world.at, about_unit=world.units["office"])
    assert actions.route(ticket, at=world.at).unit == world.units["centre"]


def test_a_unit_that_was_closed_gets_nothing_more(world: World, settings: Any) -> None:
    settings.HUBIN_LAW_CACHE = True
    rule(world, category=world.categories["litter"])
    assert world.dispatched().unit == world.units["fire"]
    Unit.objects.filter(pk=world.units["fire"].pk).update(is_active=False)
    bump(Unit.STAMP)
    assert world.dispatched().unit == world.units["office"]
