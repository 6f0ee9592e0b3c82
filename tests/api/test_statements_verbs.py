"""What each verb costs with an Idempotency-Key: at most seventeen statements, one for timers."""

from typing import Any

import pytest

from grids.tokens import make_token
from tests.api.asking import V1, Program
from tests.api.test_statements import cost
from tests.tickets.stages import STAGES, stage
from tests.world import ANSWER, World
from tickets.api.needs import shown_name

SCOPES = ["tickets:read", "tickets:write"]
YES_NO = {"yes": True, "no": False}
TOLD = {"reply": {"final_answer": ANSWER}, "reopen": {"category": "0101"}}
"""What a page shows as filled in already."""
OF_TWO = {"merge": 29, "unmerge": 27}
"""They change two tickets, each with its own record."""
WITH_FILES = {"attach", "arrive"}


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> None:
    """Law from the cache; counting callers is not part of any verb."""
    settings.HUBIN_LAW_CACHE = True
    settings.HUBIN_API_WRITES = 1_000_000


def sent(typed: dict[str, Any]) -> dict[str, Any]:
    """As a program writes it."""
    return {
        shown_name(name): YES_NO.get(value, value) if isinstance(value, str) else value
        for name, value in typed.items()
        if value != ""
    }


def ask(world: World, verb: str) -> Any:
    """The request that does it, ready to be sent."""
    ticket, who, typed, _recorded = stage(verb, world)
    body = sent(typed) | TOLD.get(verb, {})
    token = make_token(who, f"{ticket.number} {verb}", SCOPES, at=world.at)[1]
    program = Program(None)
    program.get("tickets/", Authorization=f"Bearer {token}")  # its use is noted once an hour
    headers = {
        "Authorization": f"Bearer {token}",
        "If-Match": f'"{ticket.version}"',
        "Idempotency-Key": "key-" + ticket.number,
    }
    path = f"{V1}tickets/{ticket.number}/{verb}/"
    if verb in WITH_FILES:
        return lambda: program.client.post(path, body, headers=headers)
    return lambda: program.client.post(path, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("verb", STAGES)
def test_a_verb_with_a_key_costs_at_most_seventeen(world: World, verb: str) -> None:
    ask(world, verb)()  # what is read once is known now
    assert cost(ask(world, verb)) <= OF_TWO.get(verb, 17)
