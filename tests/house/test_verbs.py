"""One verb, one function, one place; one hand (DESIGN §2 laws 1, 2, 6)."""

import ast
import inspect
import re

import pytest

from tests.house import source
from tickets import actions, tasks
from tickets.states import MOVES

VERBS = sorted(set(actions.__all__) - {"OBSERVED", "ON_TICKET"})
NOT_A_VERB_OF_ONE_TICKET = {"report", "settle", "bring_in"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
STATE_WRITERS = {"tickets/actions/_move.py"}


@pytest.mark.parametrize("name", VERBS)
def test_an_action_takes_by_and_at_by_keyword(name: str) -> None:
    wanted = {"at"} if name in ("bring_in", "route") else {"by", "at"}
    parameters = inspect.signature(getattr(actions, name)).parameters
    keyword = {key for key, value in parameters.items() if value.kind is value.KEYWORD_ONLY}
    assert wanted <= keyword


@pytest.mark.parametrize("name", VERBS)
def test_an_action_begins_with_its_chinese_term(name: str) -> None:
    assert CHINESE.match(inspect.getdoc(getattr(actions, name)) or "")


def test_every_verb_of_the_table_with_a_button_is_an_action() -> None:
    assert {move.verb for move in MOVES.values() if move.button} <= set(actions.ON_TICKET)


def test_every_action_on_a_ticket_is_a_verb_of_the_table() -> None:
    assert set(actions.ON_TICKET) <= set(MOVES)


def test_no_verb_stands_on_a_model() -> None:
    found = [
        f"{source.name(path)}:{node.name}"
        for path in source.modules("tickets")
        if "models" in path.parts
        for node in source.functions(path)
        if node.name in MOVES
    ]
    assert not found


def test_only_the_one_hand_sets_the_state_of_a_ticket() -> None:
    found = [
        f"{source.name(path)}:{node.lineno}"
        for path in source.modules("tickets")
        if source.name(path) not in STATE_WRITERS
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if re.search(r"\bticket\.state$", ast.unparse(target))
    ]
    assert not found


def test_nobody_updates_the_state_of_tickets_in_bulk() -> None:
    found = [
        source.name(path)
        for path in source.modules("tickets")
        if re.search(
            r"Ticket\.objects[^\n]*\.(update|bulk_update)\(", path.read_text(encoding="utf-8")
        )
    ]
    assert not found


def test_celery_tasks_are_short_and_take_keywords() -> None:
    found = [
        node.name
        for node in source.functions(source.ROOT / "tickets" / "tasks.py")
        if source.length(node) > 9 or node.args.args
    ]
    assert not found
    assert tasks.route.name == "tickets.tasks.route"
