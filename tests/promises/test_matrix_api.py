"""Who gets in where, for programs: every address, asked by every person, as the table says."""

from typing import Any

import pytest

from common.errors import Refused
from tests.promises.doors import NOBODY, PEOPLE, House, api_doors
from tests.world import World
from tickets import permits
from tickets.models import Event
from tickets.states import TRANSITIONS

Answers = dict[frozenset[str], int]
LOGIN = {frozenset({NOBODY}): 401}
REST: frozenset[str] = frozenset()
OUTSIDE = frozenset({
    "resident", "admin", "other_grid_worker", "far_desk", "far_handler", "fire_handler",
    "office_handler", "office_head", "far_office_handler",
})  # fmt: skip
UNTOLD = frozenset({
    "grid_worker", "community_lead", "leader", "district_leader", "auditor", "clerk",
    "other_handler",
})  # fmt: skip
LOOKERS = frozenset({"leader", "district_leader", "inspector", "auditor"})
KEEPERS = frozenset({"leader", "district_leader", "inspector", "admin"})
VERBS = {f"api_{move.verb}" for move in TRANSITIONS if move.button}


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> None:
    """Law from the cache; nobody is slowed down, the matrix asks a lot."""
    settings.HUBIN_LAW_CACHE = True
    settings.HUBIN_API_ANONYMOUS = 10_000


def inside(status: int) -> Answers:
    """Whoever is logged in."""
    return {**LOGIN, REST: status}


SEEN: Answers = {**LOGIN, OUTSIDE: 404, REST: 200}
DECISION: Answers = {**LOGIN, OUTSIDE: 404, frozenset({"head"}): 428, REST: 403}
NEVER = inside(405)
TABLE: dict[str, tuple[Answers, Answers]] = {
    # name: what GET answers, what POST of an empty object answers
    "api_tickets": (inside(200), inside(422)),
    "api_ticket": (SEEN, NEVER),
    "api_events": (SEEN, NEVER),
    "api_attachments": (SEEN, {**LOGIN, OUTSIDE: 404, LOOKERS: 403, REST: 428}),
    "api_attachment": (SEEN, NEVER),
    "api_reveal": (NEVER, {**LOGIN, OUTSIDE: 404, UNTOLD: 403, REST: 422}),
    "api_approvals": (inside(200), NEVER),
    "api_countersign_approval": (NEVER, DECISION),
    "api_refuse_approval": (
        NEVER, {**LOGIN, OUTSIDE: 404, frozenset({"head", "shift_leader"}): 428, REST: 403},
    ),
    # not before the head has signed
    "api_grant_approval": (
        NEVER, {**LOGIN, OUTSIDE: 404, frozenset({"shift_leader"}): 409, REST: 403},
    ),
    "api_assists": (inside(200), NEVER),
    "api_answer_one_assist": (NEVER, inside(404)),
    "api_waive_one_assist": (NEVER, inside(404)),
    "api_incidents": ({**LOGIN, KEEPERS: 200, REST: 403}, NEVER),
    "api_categories": (inside(200), NEVER),
    "api_divisions": (inside(200), NEVER),
    "api_units": (inside(200), NEVER),
    "api_me": (inside(200), NEVER),
    "api_turns": (inside(200), NEVER),
    "api_inbox": (inside(200), NEVER),
    "api_inbox_read": (NEVER, inside(422)),
    "api_schema": ({REST: 200}, {REST: 405}),
    "api_docs": ({REST: 200}, {REST: 405}),
    "api_root": ({REST: 404}, {REST: 404}),
    "api_nowhere": ({REST: 404}, {REST: 404}),
}  # fmt: skip


def expected(answers: Answers, who: str) -> int:
    return next((code for people, code in answers.items() if who in people), answers.get(REST, 0))


def test_the_table_knows_every_door() -> None:
    known = {door.name for door in api_doors()}
    assert known == set(TABLE) | VERBS


@pytest.mark.parametrize("who", PEOPLE)
def test_every_door_answers_as_the_table_says(world: World, who: str) -> None:
    house = House.furnish(world)
    answered = {
        door.name: (house.status(who, "get", door), house.status(who, "post", door))
        for door in api_doors()
        if door.name in TABLE
    }
    assert answered == {
        name: (expected(get, who), expected(post, who)) for name, (get, post) in TABLE.items()
    }


def permitted(house: House, who: str, verb: str) -> int:
    """What the table of moves says to that person; what is allowed asks for the version first."""
    if who == NOBODY:
        return 401
    try:
        permits.require(house.world.people[who], house.ticket, verb, at=house.world.at)
    except Refused as refused:
        return int(refused.status)
    return 428


@pytest.mark.parametrize("who", PEOPLE)
def test_every_verb_answers_as_the_table_of_moves_says(world: World, who: str) -> None:
    house = House.furnish(world)
    answered = {
        door.name: house.status(who, "post", door) for door in api_doors() if door.name in VERBS
    }
    verbs = {name: name.removeprefix("api_") for name in VERBS}
    assert answered == {name: permitted(house, who, verb) for name, verb in verbs.items()}


@pytest.mark.parametrize("who", ["nobody", "desk", "handler", "admin"])
def test_no_empty_request_changes_the_record(world: World, who: str) -> None:
    house = House.furnish(world)
    before = list(Event.objects.values())
    for door in api_doors():
        house.status(who, "get", door)
        house.status(who, "post", door)
    assert list(Event.objects.values()) == before
