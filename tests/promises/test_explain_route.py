"""manage.py explain_route: the choice now, and the choices on the record."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.world import World
from tickets import actions
from tickets.models import RoutingRule, Ticket


def explained(ticket: Ticket) -> str:
    said = StringIO()
    call_command("explain_route", ticket.number, stdout=said)
    return said.getvalue()


def test_facts_choice_and_target_are_named(world: World) -> None:
    said = explained(world.accepted())
    assert "类别：0101 litter < 01 street_order" in said
    assert "符合：类别" in said
    assert "派给：CG-003 squad" in said


def test_the_runner_up_is_named(world: World) -> None:
    litter = RoutingRule.objects.create(
        category=world.categories["litter"], target="SUBDISTRICT_OFFICE"
    )
    said = explained(world.accepted())
    general = RoutingRule.objects.get(category=world.categories["street_order"])
    assert f"规则：[{litter.pk}]" in said
    assert f"其次：[{general.pk}]" in said


def test_the_last_resort_is_named(world: World) -> None:
    said = explained(world.accepted(category=world.categories["alone"]))
    assert "没有适用的规则" in said
    assert "派给：JD-003 office" in said


def test_a_rule_without_a_unit_there_falls_back(world: World) -> None:
    RoutingRule.objects.create(category=world.categories["care"], target="COMMUNITY")
    world.units["community_unit"].divisions.clear()
    said = explained(world.accepted(category=world.categories["alone"]))
    assert "这条规则在当地没有可用的单位，由属地兜底。" in said


def test_recorded_dispatches_are_told_as_they_were(world: World) -> None:
    ticket = world.dispatched()
    rule = RoutingRule.objects.get(category=world.categories["street_order"])
    actions.redirect(ticket, by=world.desk, at=world.at, unit=world.units["fire"], text="归消防")
    said = explained(ticket)
    assert f"#3 2026-11-23 09:00 dispatch → CG-003 squad；规则：[{rule.pk}]" in said
    assert "#4 2026-11-23 09:00 redirect → XF fire；人工指定" in said


def test_a_unit_passed_over_because_it_is_concerned_is_said(world: World) -> None:
    unit = world.units["squad"]
    ticket = actions.accept(world.reported(), by=world.desk, at=world.at, about_unit=unit)
    assert "这条规则所指的是被反映的单位" in explained(ticket)


def test_a_ticket_not_yet_dispatched_has_no_record(world: World) -> None:
    assert "还没有派过单。" in explained(world.accepted())


def test_an_unknown_number_is_refused(world: World) -> None:
    with pytest.raises(CommandError, match="没有编号为 H-1 的工单"):
        call_command("explain_route", "H-1")
