"""Who gets in where, for programs: every address, asked by every person, as the table says."""

from typing import Any

import pytest

from common.errors import Refused
from tests.promises.doors import (
    HOTLINE,
    NOBODY,
    OTHER_SYSTEM,
    PEOPLE,
    SYSTEMS,
    House,
    api_doors,
)
from tests.promises.markers import FEW, FULL
from tests.promises.matrix_figures import WATCHERS
from tickets import permits
from tickets.models import Event
from tickets.states import TRANSITIONS

pytestmark = pytest.mark.scene(make=House.furnish)

Answers = dict[frozenset[str], int]
LOGIN = {frozenset({NOBODY}): 401}
CLOSED = {**LOGIN, frozenset(SYSTEMS): 403}
REST: frozenset[str] = frozenset()
OUTSIDE = frozenset({
    "resident", "admin", "other_grid_worker", "far_desk", "far_handler", "fire_handler",
    "office_handler", "office_head", "far_office_handler", OTHER_SYSTEM,
})  # fmt: skip
UNTOLD = frozenset({
    "grid_worker", "community_lead", "leader", "district_leader", "auditor", "clerk",
    "other_handler",
})  # fmt: skip
LOOKERS = frozenset({"leader", "district_leader", "inspector", "auditor"})
DESKS = frozenset({
    "desk", "other_desk", "far_desk", "district_desk", "shift_leader", "district_shift_leader",
})  # fmt: skip
KEEPERS = frozenset({
    "leader", "district_leader", "inspector", "admin", "shift_leader", "district_shift_leader",
})  # fmt: skip
ASKED = [
    who if who in FEW or who in SYSTEMS else pytest.param(who, marks=FULL)
    for who in (*PEOPLE, *SYSTEMS)
]
"""The pages are asked by everybody in any case, and the rules behind both are the same."""
VERBS = {f"api_{move.verb}" for move in TRANSITIONS if move.button}


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> None:
    """Law from the cache; nobody is slowed down, the matrix asks a lot."""
    settings.HUBIN_LAW_CACHE = True
    settings.HUBIN_API_ANONYMOUS = 10_000


def inside(status: int) -> Answers:
    """Whoever is logged in."""
    return {**LOGIN, REST: status}


def people(status: int) -> Answers:
    """Every person; the door is closed to other systems."""
    return {**CLOSED, REST: status}


SEEN: Answers = {**LOGIN, OUTSIDE: 404, REST: 200}
DECISION: Answers = {**CLOSED, OUTSIDE: 404, frozenset({"head"}): 428, REST: 403}
NEVER = inside(405)
NOBODYS = people(405)
TABLE: dict[str, tuple[Answers, Answers]] = {
    # name: what GET answers, what POST of an empty object answers
    "api_tickets": (inside(200), inside(422)),
    "api_ticket": (SEEN, NEVER),
    "api_events": (SEEN, NEVER),
    "api_deadlines": (SEEN, NEVER),
    "api_ticket_by_external": (SEEN, NEVER),
    "api_attachments": (
        SEEN, {**LOGIN, OUTSIDE: 404, LOOKERS: 403, frozenset({HOTLINE}): 422, REST: 428},
    ),
    "api_attachment": (SEEN, NEVER),
    "api_reveal": (NOBODYS, {**CLOSED, OUTSIDE: 404, UNTOLD: 403, REST: 422}),
    "api_approvals": (people(200), NOBODYS),
    "api_countersign_approval": (NOBODYS, DECISION),
    "api_refuse_approval": (
        NOBODYS, {**CLOSED, OUTSIDE: 404, frozenset({"head", "shift_leader"}): 428, REST: 403},
    ),
    # not before the head has signed
    "api_grant_approval": (
        NOBODYS, {**CLOSED, OUTSIDE: 404, frozenset({"shift_leader"}): 409, REST: 403},
    ),
    "api_assists": (people(200), NOBODYS),
    "api_export_tickets": (people(200), NOBODYS),
    "api_export_approvals": (people(200), NOBODYS),
    "api_export_assists": (people(200), NOBODYS),
    "api_export_inbox": (people(200), NOBODYS),
    "api_export_incidents": ({**LOGIN, KEEPERS: 200, REST: 403}, NOBODYS),
    "api_answer_one_assist": (NOBODYS, people(404)),
    "api_waive_one_assist": (NOBODYS, people(404)),
    "api_incidents": ({**LOGIN, KEEPERS: 200, REST: 403}, NOBODYS),
    "api_patrol": (people(200), NOBODYS),
    "api_check_ins": (NOBODYS, people(422)),
    "api_figures": ({**CLOSED, WATCHERS: 200, REST: 403}, NOBODYS),
    "api_figures_report": ({**CLOSED, WATCHERS: 200, REST: 403}, NOBODYS),
    "api_figures_behind": ({**CLOSED, WATCHERS: 200, REST: 403}, NOBODYS),
    "api_categories": (inside(200), NEVER),
    "api_divisions": (inside(200), NEVER),
    "api_units": (inside(200), NEVER),
    "api_buildings": (inside(200), NEVER),
    "api_people": ({**LOGIN, DESKS: 200, REST: 403}, NOBODYS),
    "api_me": (people(200), NOBODYS),
    "api_turns": (people(200), NOBODYS),
    "api_inbox": (people(200), NOBODYS),
    "api_inbox_read": (NOBODYS, people(422)),
    "api_schema": ({REST: 200}, {REST: 405}),
    "api_docs": ({REST: 200}, {REST: 405}),
    "api_root": ({REST: 404}, {REST: 404}),
    "api_nowhere": ({REST: 404}, {REST: 404}),
}  # fmt: skip


UNSEEN = {"urge": 200}
"""What a system may do without saying anything; which version it saw it need not say."""


def expected(answers: Answers, who: str) -> int:
    return next((code for people, code in answers.items() if who in people), answers.get(REST, 0))


def test_the_table_knows_every_door() -> None:
    known = {door.name for door in api_doors()}
    assert known == set(TABLE) | VERBS


@pytest.mark.parametrize("who", ASKED)
def test_every_door_answers_as_the_table_says(scene: House, who: str) -> None:
    answered = {
        door.name: (scene.status(who, "get", door), scene.status(who, "post", door))
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
    actor = house.systems[who].client if who in house.systems else house.world.people[who]
    try:
        permits.require(actor, house.ticket, verb, at=house.world.at)
    except Refused as refused:
        return int(refused.status)
    return UNSEEN.get(verb, 422) if who in house.systems else 428


@pytest.mark.parametrize("who", ASKED)
def test_every_verb_answers_as_the_table_of_moves_says(scene: House, who: str) -> None:
    answered = {
        door.name: scene.status(who, "post", door) for door in api_doors() if door.name in VERBS
    }
    verbs = {name: name.removeprefix("api_") for name in VERBS}
    assert answered == {name: permitted(scene, who, verb) for name, verb in verbs.items()}


@pytest.mark.parametrize("who", ["nobody", "desk", "handler", "admin", OTHER_SYSTEM])
def test_no_empty_request_changes_the_record(scene: House, who: str) -> None:
    before = list(Event.objects.values())
    for door in api_doors():
        scene.status(who, "get", door)
        scene.status(who, "post", door)
    assert list(Event.objects.values()) == before
