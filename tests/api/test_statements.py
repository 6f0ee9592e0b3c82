"""How many statements a request costs, however many rows there are (DESIGN, speed)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.asking import TAKES_DOWN, Program
from tests.api.clients import connect
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Ticket

APART = ("common_lawstamp", "SAVEPOINT", "BEGIN", "COMMIT")
LISTS = [
    ("tickets/", "desk"), ("tickets/?status=ended", "desk"), ("tickets/?my_turn=true", "handler"),
    ("tickets/?mine=true&category=01&division=330102003000", "handler"), ("me/turns/", "clerk"),
    ("tickets/?text=垃圾", "desk"), ("approvals/", "shift_leader"), ("assists/", "desk"),
    ("assists/?mine=true", "fire_handler"), ("incidents/", "inspector"), ("me/", "desk"),
]  # fmt: skip
VERBS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("reported", "desk", "accept", {"category": "0101"}),
    ("accepted", "desk", "dispatch", {"unit": "CG-003"}),
    ("dispatched", "handler", "claim", {}),
    ("handled", "handler", "note", {"text": "已到现场查看"}),
    ("handled", "handler", "enlist", {"unit": "XF", "question": "请看消防通道"}),
    ("handled", "handler", "extend", {"days": 2, "reason": "MATERIAL", "text": "等灯杆"}),
    ("handled", "handler", "resolve", {"result": "DONE", "note": "清", "proposed_answer": ANSWER}),
    ("resolved", "grid_worker", "verify", {}),
    ("verified", "desk", "reply", {"final_answer": ANSWER}),
]


@pytest.fixture(autouse=True)
def cached_law(settings: Any) -> None:
    """As in production; counting callers, now and then, is not part of any request."""
    settings.HUBIN_LAW_CACHE = True
    settings.HUBIN_API_READS = settings.HUBIN_API_WRITES = 1_000_000


def cost(call: Callable[[], Any]) -> int:
    """Statements of one call that must succeed."""
    with CaptureQueriesContext(connection) as counted:
        assert call().status_code in (200, 201)
    return sum(not any(part in row["sql"] for part in APART) for row in counted)


def furnish(world: World, rows: int) -> None:
    """So many tickets of each kind, with helpers and requests."""
    for _row in range(rows):
        world.reported()
        ticket = world.handled()
        unit = world.units["fire"]
        actions.enlist(ticket, by=world.handler, at=world.at, unit=unit, question="看看")
        actions.extend(
            ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等灯杆"
        )
        declined = world.reported()
        actions.decline(
            declined, by=world.desk, at=world.at, reason="EMERGENCY", answer="请拨打 119 报警"
        )


@pytest.mark.parametrize(("path", "who"), LISTS)
def test_a_list_costs_the_same_however_long(world: World, path: str, who: str) -> None:
    program = Program(world.people[who])
    furnish(world, 1)
    program.get(path)
    short = cost(lambda: program.get(path))
    furnish(world, 5)
    assert (cost(lambda: program.get(path)), short <= 8) == (short, True)


@pytest.mark.parametrize("who", ["desk", "handler", "head", "inspector", "shift_leader"])
def test_a_ticket_costs_at_most_twelve(world: World, who: str) -> None:
    furnish(world, 1)
    ticket = Ticket.objects.filter(has_request=True).get()
    program = Program(world.people[who])
    program.get(f"tickets/{ticket.number}/")
    assert cost(lambda: program.get(f"tickets/{ticket.number}/")) <= 12


@pytest.mark.parametrize(("stage", "who", "verb", "body"), VERBS)
def test_a_verb_costs_at_most_sixteen(
    world: World, stage: str, who: str, verb: str, body: dict[str, Any]
) -> None:
    program = Program(world.people[who])
    assert program.do(getattr(world, stage)().number, verb, body).status_code == 200
    ticket = getattr(world, stage)()
    tag = program.get(f"tickets/{ticket.number}/")["ETag"]
    path = f"tickets/{ticket.number}/{verb}/"
    assert cost(lambda: program.post(path, body, If_Match=tag)) <= 16


def test_what_a_system_hands_in_costs_at_most_sixteen(world: World) -> None:
    system = connect(world)
    system.hand_in()
    codes = {"external": {"id": "HL-2"}, "category": None, "external_codes": {"category": "A01"}}
    assert cost(lambda: system.hand_in(**codes)) <= 13


@pytest.mark.parametrize(
    "path", ["tickets/", "tickets/?external=HL-1", "tickets/by-external/HL-1/"]
)
def test_a_system_reads_at_the_same_cost_however_much_there_is(world: World, path: str) -> None:
    system = connect(world)
    system.hand_in(external={"id": "HL-1"})
    system.get(path)
    few = cost(lambda: system.get(path))
    for number in range(2, 6):
        system.hand_in(external={"id": f"HL-{number}"})
    assert (cost(lambda: system.get(path)), few <= 8) == (few, True)


def test_a_new_ticket_costs_at_most_sixteen(world: World) -> None:
    program = Program(world.desk)
    program.post("tickets/", TAKES_DOWN)
    assert cost(lambda: program.post("tickets/", TAKES_DOWN, Idempotency_Key="k" * 8)) <= 16
