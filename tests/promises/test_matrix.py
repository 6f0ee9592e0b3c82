"""Who gets in where: every URL of the house, asked by every person, answered as the table says.

The ticket lies in the first grid and is in the hands of the squad's handler, who asks for time.
"""

from typing import Any

import pytest

from tests.promises import matrix_desk, matrix_field, matrix_figures, matrix_unit
from tests.promises.doors import NOBODY, PEOPLE, Door, House, admin_doors, chain_doors
from tests.promises.markers import FEW, FULL
from tickets.models import Event

pytestmark = pytest.mark.scene(make=House.furnish)

Answers = dict[frozenset[str], int]
LOGIN = {frozenset({NOBODY}): 302}
OUTSIDE = frozenset({
    "resident", "admin", "other_grid_worker", "far_desk", "far_handler", "fire_handler",
    "office_handler", "office_head", "far_office_handler",
})  # fmt: skip
"""For them the ticket does not exist; a superuser is nobody in particular."""
LOOKERS = frozenset({"leader", "district_leader", "inspector", "auditor"})
UNTOLD = frozenset({
    "grid_worker", "community_lead", "leader", "district_leader", "auditor", "clerk",
    "other_handler",
})  # fmt: skip
"""They see the ticket, but not how to reach its reporter."""
CITIZENS = frozenset({"resident"})
POSTLESS = frozenset({"resident", "admin", "auditor"})
"""They hold no post that somebody could stand in for."""
LISTENERS = frozenset({
    "desk", "other_desk", "far_desk", "district_desk", "shift_leader", "district_shift_leader",
    "inspector",
})  # fmt: skip
"""They may look for a reporter by telephone."""
DESKS = frozenset({
    "desk", "other_desk", "far_desk", "district_desk", "shift_leader", "district_shift_leader",
})  # fmt: skip
KEEPERS = frozenset({
    "inspector", "leader", "district_leader", "admin", "shift_leader", "district_shift_leader",
})  # fmt: skip
"""They look at incidents."""
REST: frozenset[str] = frozenset()


@pytest.fixture(autouse=True)
def cached_law(settings: Any) -> None:
    """As in production; the world clears the cache before and after itself."""
    settings.HUBIN_LAW_CACHE = True


def everybody(status: int) -> Answers:
    return {REST: status}


def inside(status: int) -> Answers:
    """Whoever is logged in."""
    return {**LOGIN, REST: status}


TABLE: dict[str, tuple[Answers, Answers]] = {
    # name: what GET answers, what POST of an empty form answers
    "login": ({frozenset({NOBODY}): 200, REST: 302}, {frozenset({NOBODY}): 200, REST: 302}),
    "login_code": (everybody(302), everybody(302)),
    # no text messages are set up
    "login_phone": (
        {frozenset({NOBODY}): 200, REST: 302},
        {frozenset({NOBODY}): 503, REST: 302},
    ),
    "login_phone_code": (everybody(302), everybody(302)),
    # no provider is set up
    "oidc": (everybody(404), everybody(405)),
    "oidc_callback": (everybody(404), everybody(405)),
    "logout": (inside(405), everybody(302)),
    "security": (inside(200), inside(405)),
    "security_totp": (inside(200), inside(422)),
    "security_codes": (inside(405), inside(409)),
    "security_move": (inside(405), inside(409)),
    "security_off": (inside(405), inside(409)),
    "standins": ({**LOGIN, POSTLESS: 403, REST: 200}, {**LOGIN, POSTLESS: 403, REST: 422}),
    "standin_end": (inside(405), inside(404)),
    "profile": (inside(200), inside(422)),
    # there is none of that number
    "session_end": (inside(405), inside(404)),
    "sessions_end": (inside(405), inside(302)),
    "set_language": (everybody(302), everybody(302)),
    "set_theme": (everybody(405), everybody(422)),
    "healthz": (everybody(200), everybody(405)),
    "readyz": (everybody(200), everybody(405)),
    # nothing was swept yet
    "healthz_sweeps": (everybody(503), everybody(405)),
    # the tests ask from this machine
    "metrics": (everybody(200), everybody(405)),
    # nobody told what signs text messages that come back
    "sms_reply": (everybody(405), everybody(404)),
    "link": (everybody(200), everybody(422)),
    "follow": (everybody(200), everybody(405)),
    "follow_verb": (everybody(200), everybody(422)),
    "follow_attachment": (everybody(200), everybody(405)),
    "queue": (inside(200), inside(405)),
    "home": (inside(302), inside(405)),
    # nobody here is invented for a demo
    "tour": (everybody(404), everybody(405)),
    "next": (inside(302), inside(405)),
    "search": ({**LOGIN, CITIZENS: 403, REST: 200}, inside(405)),
    # nothing was typed yet
    "search_found": (inside(405), {**LOGIN, CITIZENS: 403, REST: 200}),
    "search_phone": (
        inside(405),
        {**LOGIN, LISTENERS: 422, REST: 403},
    ),
    # a form that does not say which kind of file
    "export": (inside(405), inside(422)),
    "report": (inside(200), inside(422)),
    "inbox": (inside(200), inside(405)),
    # whose login ended learns nothing, and is not sent to it while typing
    "inbox_count": ({frozenset({NOBODY}): 204, REST: 200}, everybody(405)),
    "preferences": (inside(200), inside(422)),
    "inbox_read": (inside(405), inside(422)),
    "incidents": ({**LOGIN, KEEPERS: 200, REST: 403}, inside(405)),
    # there is none of that number
    "incident_end": (inside(405), {**LOGIN, KEEPERS: 404, REST: 403}),
    # whoever was logged out is told so, in a form that htmx asks for no more
    "ringing": ({frozenset({NOBODY}): 286, DESKS: 200, REST: 403}, everybody(405)),
    "supervisions": ({**LOGIN, CITIZENS: 403, REST: 200}, inside(405)),
    # nobody put the ticket under supervision
    "supervision_paper": ({**LOGIN, REST: 404}, inside(405)),
    "approvals": (inside(200), inside(405)),
    "decide": (
        inside(405),
        {**LOGIN, OUTSIDE: 404, frozenset({"shift_leader"}): 409, REST: 403},
    ),
    "suggest_buildings": (inside(200), inside(405)),
    "suggest_people": ({**LOGIN, DESKS: 200, REST: 403}, inside(405)),
    "shapes": (inside(200), inside(405)),
    "attachment": ({**LOGIN, OUTSIDE: 404, REST: 200}, inside(405)),
    "ticket": ({**LOGIN, OUTSIDE: 404, REST: 200}, inside(405)),
    "ticket_deadlines": ({**LOGIN, OUTSIDE: 404, REST: 200}, inside(405)),
    "reveal": (inside(405), {**LOGIN, OUTSIDE: 404, UNTOLD: 403, REST: 422}),
    # a note, without saying which version of the ticket was seen
    "verb": (inside(405), {**LOGIN, OUTSIDE: 404, LOOKERS: 403, REST: 428}),
    **matrix_desk.ROWS,
    **matrix_figures.ROWS,
    **matrix_unit.ROWS,
}


TABLE |= matrix_field.ROWS


def expected(answers: Answers, who: str) -> int:
    return next((code for people, code in answers.items() if who in people), answers.get(REST, 0))


def test_the_table_knows_every_door() -> None:
    assert sorted(TABLE) == sorted(door.name for door in chain_doors())


@pytest.mark.parametrize("who", PEOPLE)
def test_every_door_answers_as_the_table_says_and_writes_nothing(scene: House, who: str) -> None:
    before = list(Event.objects.values())
    answered = {
        door.name: (scene.status(who, "get", door), scene.status(who, "post", door))
        for door in chain_doors()
    }
    assert answered == {
        name: (expected(get, who), expected(post, who)) for name, (get, post) in TABLE.items()
    }
    assert list(Event.objects.values()) == before


def is_login(door: Door) -> bool:
    return door.name in {"admin/login/", "admin:login"}


@pytest.mark.parametrize(
    "who",
    [
        who if who in FEW else pytest.param(who, marks=FULL)
        for who in sorted(set(PEOPLE) - {"admin"})
    ],
)
def test_nobody_but_the_administrator_enters_the_admin(scene: House, who: str) -> None:
    answered = {door.name: scene.status(who, "get", door) for door in admin_doors()}
    refused = 302 if who == NOBODY else 403
    assert answered == {door.name: refused if is_login(door) else 302 for door in admin_doors()}


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"admin"}))
def test_nobody_else_finds_the_admin_open(scene: House, who: str) -> None:
    index = next(door for door in admin_doors() if door.name == "admin:index")
    assert scene.status(who, "get", index) == 302


def test_no_door_of_the_admin_breaks(scene: House) -> None:
    answered = {scene.status("admin", "get", door) for door in admin_doors()}
    assert answered <= {200, 302, 403, 404, 405}
