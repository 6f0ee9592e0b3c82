"""What a verb needs is told with its choices, or with the address where they are to be had."""

from typing import Any

import pytest

from tests.api.asking import Program
from tests.tickets.stages import STAGES, stage
from tests.world import World

FREE = {"text", "boolean", "number", "date", "position", "files"}


def needs_of(world: World, who: str, number: str) -> dict[str, dict[str, Any]]:
    """By verb and name."""
    told = Program(world.people[who]).get(f"tickets/{number}/").json()["allowed_actions"]
    return {one["verb"]: {need["name"]: need for need in one["needs"]} for one in told}


@pytest.mark.parametrize("verb", [verb for verb, row in STAGES.items() if row.typed])
def test_whatever_is_chosen_can_be_looked_up(world: World, verb: str) -> None:
    ticket, who, _typed, _recorded = stage(verb, world)
    program = Program(who)
    told = program.get(f"tickets/{ticket.number}/").json()["allowed_actions"]
    for need in next(one for one in told if one["verb"] == verb)["needs"]:
        if need["kind"] in FREE or (need["kind"] == "integer" and need["options"] is None):
            continue
        known = need["options"] or program.client.get(need["options_from"]).status_code == 200
        assert (need["name"], bool(known)) == (need["name"], True)


def test_the_head_is_told_who_can_be_assigned(world: World) -> None:
    need = needs_of(world, "head", world.dispatched().number)["assign"]["handler"]
    known = {one["value"] for one in need["options"]}
    assert {world.handler.pk, world.other_handler.pk} <= known
    assert world.far_handler.pk not in known


def test_who_was_told_can_be_named(world: World) -> None:
    ticket = world.handled()
    need = needs_of(world, "handler", ticket.number)["hand_over"]["handler"]
    chosen = need["options"][0]["value"]
    body = {"handler": chosen, "text": "换班"}
    assert Program(world.handler).do(ticket.number, "hand_over", body).status_code == 200
    ticket.refresh_from_db()
    assert ticket.handler_id == chosen


def test_units_are_to_be_had_at_their_address(world: World) -> None:
    need = needs_of(world, "desk", world.accepted().number)["dispatch"]["unit"]
    rows = Program(world.desk).client.get(need["options_from"]).json()["results"]
    assert "CG-003" in {row["code"] for row in rows}


def test_buildings_are_found_by_name(world: World) -> None:
    found = Program(world.resident).get("buildings/", {"text": "湖滨公寓"}).json()["results"]
    assert found == [{"value": "B1", "label": "湖滨公寓 1 幢", "note": "湖滨路 1 号"}]
    assert Program(world.resident).get("buildings/").json()["results"] == []


def test_the_desk_finds_whom_a_report_is_about(world: World) -> None:
    name = world.handler.name
    found = Program(world.desk).get("people/", {"text": name}).json()["results"]
    assert found[0]["label"] == name
    ticket = world.reported(category=world.categories["conduct"])
    body = {"category": "1007", "about_person": found[0]["value"], "about_unit": "XF"}
    assert Program(world.desk).do(ticket.number, "accept", body).status_code == 200
    ticket.refresh_from_db()
    assert ticket.about_person == world.handler


@pytest.mark.parametrize("who", ["handler", "resident", "inspector"])
def test_people_are_listed_to_nobody_else(world: World, who: str) -> None:
    assert Program(world.people[who]).get("people/", {"text": "人"}).status_code == 403
