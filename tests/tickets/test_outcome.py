"""有处必果: resolve, verify, rework."""

from typing import Any

import pytest

from common.actors import SYSTEM
from grids.models import Post, PostKind
from tests.tickets.steps import (
    DAY,
    HOUR,
    clock,
    fresh,
    grant,
    handled_with_key,
    invalid,
    last,
    not_yours,
    now_impossible,
    resolve,
    rework,
    said,
)
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Ticket, VerifyRule
from tickets.states import State
from tickets.words import Promise, WordsKind

OUTCOME: dict[str, Any] = {"result": "DONE", "note": "已清运", "proposed_answer": ANSWER}


def test_the_handler_says_result_and_proposes_an_answer(world: World) -> None:
    ticket = resolve(world, world.handled())
    assert (ticket.state, ticket.result_code, ticket.resolved_at) == (
        State.RESOLVED, "DONE", world.at,
    )  # fmt: skip
    assert said(ticket, WordsKind.PROPOSED) == [ANSWER]
    assert last(ticket).data["result"] == "DONE"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"result": "MAYBE"}, "result"),
        ({"note": ""}, "note"),
        ({"proposed_answer": ""}, "proposed_answer"),
        ({"proposed_answer": "已收悉，正在处理"}, "proposed_answer"),
    ],
)
def test_an_outcome_that_says_nothing_is_refused(
    world: World, wrong: dict[str, str], field: str
) -> None:
    ticket = world.handled()
    with invalid(field):
        actions.resolve(ticket, by=world.handler, at=world.at, **OUTCOME | wrong)
    actions.resolve(ticket, by=world.handler, at=world.at, **OUTCOME)


def test_with_nobody_to_answer_no_answer_is_proposed(world: World) -> None:
    ticket = world.handled(origin="PATROL")
    actions.resolve(ticket, by=world.handler, at=world.at, result="DONE", note="已清运")
    assert said(ticket, WordsKind.PROPOSED) == []


def test_a_colleague_does_not_resolve_for_the_handler(world: World) -> None:
    ticket = world.handled()
    with not_yours("处置人员"):
        actions.resolve(ticket, by=world.clerk, at=world.at, **OUTCOME)


@pytest.mark.parametrize(
    ("name", "verify_by", "turn"),
    [
        ("litter", "SITE", "GRID"),
        ("own_word", "REPORTER", "REPORTER"),
        ("conduct", "DESK", "DESK"),
        ("alone", "DESK", "DESK"),
    ],
)
def test_the_category_names_who_looks(world: World, name: str, verify_by: str, turn: str) -> None:
    ticket = world.accepted(category=world.categories[name])
    actions.dispatch(ticket, by=world.desk, at=world.at, unit=world.units["squad"])
    actions.claim(ticket, by=world.handler, at=world.at)
    resolve(world, ticket)
    assert (ticket.verify_by, ticket.turn) == (verify_by, turn)


@pytest.mark.parametrize("of", ["litter", "street_order", None])
def test_the_nature_may_name_somebody_else(world: World, of: str | None) -> None:
    category = world.categories[of] if of else None
    VerifyRule.objects.create(category=category, nature="SUGGESTION", verify_by="DESK")
    assert world.resolved(nature="SUGGESTION").turn == "DESK"
    assert world.resolved(nature="COMPLAINT").turn == "GRID"


def test_without_a_reporter_the_desk_looks_instead(world: World) -> None:
    ticket = world.handled(origin="PATROL", category=world.categories["own_word"])
    assert resolve(world, ticket).verify_by == "DESK"


def test_nobody_of_the_grid_is_sent_to_danger(world: World) -> None:
    leak = world.categories["leak"]
    leak.verify_by = "SITE"
    leak.save()
    ticket = world.dispatched(category=leak)
    actions.claim(ticket, by=world.fire_handler, at=world.at)
    actions.resolve(ticket, by=world.fire_handler, at=world.at, **OUTCOME)
    assert (ticket.verify_by, ticket.turn) == ("DESK", "DESK")


def test_what_needs_no_look_is_verified_in_the_same_transaction(world: World) -> None:
    ticket = world.resolved(category=world.categories["advice"])
    assert (ticket.state, last(ticket).by) == (State.VERIFIED, SYSTEM.actor_ref)


def test_the_grid_worker_verifies_on_site(world: World) -> None:
    ticket = world.resolved()
    with not_yours("网格员"):
        actions.verify(ticket, by=world.desk, at=world.at)
    actions.verify(ticket, by=world.grid_worker, at=world.at, note_optional="已看")
    assert (ticket.state, said(ticket, WordsKind.NOTE)) == (State.VERIFIED, ["已看"])


def test_from_half_the_limit_the_desk_may_verify_too(world: World) -> None:
    ticket = world.resolved()
    half = world.at + 4 * HOUR  # of eight working hours
    assert ticket.turn_rises_at == half
    with not_yours("一半"):
        actions.verify(ticket, by=world.desk, at=half - HOUR)
    assert not Ticket.objects.my_turn(world.desk, half - HOUR).exists()
    assert Ticket.objects.my_turn(world.desk, half).get() == ticket
    actions.verify(ticket, by=world.desk, at=half)


def test_the_grid_worker_may_still_verify_after_half_the_limit(world: World) -> None:
    ticket = world.resolved()
    assert not Ticket.objects.my_turn(world.grid_worker, world.at + 4 * HOUR).exists()
    actions.verify(ticket, by=world.grid_worker, at=world.at + 4 * HOUR)


def test_without_a_grid_worker_the_desk_verifies_at_once(world: World) -> None:
    Post.objects.filter(kind__in=[PostKind.GRID_WORKER, PostKind.COMMUNITY_LEAD]).update(
        is_active=False
    )
    ticket = world.resolved()
    assert ticket.turn_rises_at == world.at
    actions.verify(ticket, by=world.desk, at=world.at)


def test_the_handler_never_verifies_whatever_else_they_are(world: World) -> None:
    for kind, place in ((PostKind.GRID_WORKER, "grid"), (PostKind.DESK, "street")):
        Post.objects.create(person=world.handler, kind=kind, division=world.places[place])
    ticket = world.resolved()
    with not_yours("处置人员不能核查"):
        actions.verify(ticket, by=world.again("handler"), at=world.at + DAY)
    with not_yours("处置人员不能核查"):
        actions.rework(ticket, by=world.again("handler"), at=world.at + DAY, reason="", text="")


def test_the_reporter_confirms_where_the_category_asks_for_it(world: World) -> None:
    ticket, token = handled_with_key(world, category=world.categories["own_word"])
    resolve(world, ticket)
    with not_yours("诉求人"):
        actions.verify(ticket, by=world.grid_worker, at=world.at)
    actions.verify(ticket, by=world.key_of(token), at=world.at)
    assert ticket.state == State.VERIFIED


def test_the_system_verifies_nothing_that_somebody_has_to_see(world: World) -> None:
    with now_impossible("须有人核查"):
        actions.verify(world.resolved(), by=SYSTEM, at=world.at + 30 * DAY)


def test_a_verified_find_of_our_own_is_closed_in_the_same_transaction(world: World) -> None:
    ticket = world.verified(origin="PATROL")
    assert (ticket.state, clock(ticket, Promise.REPLY).state) == (State.CLOSED, "CANCELLED")
    assert clock(ticket, Promise.TOTAL).state == "MET"


def test_a_followed_find_of_our_own_is_answered(world: World) -> None:
    ticket = world.handled(origin="PATROL")
    actions.follow(ticket, by=world.desk, at=world.at)
    resolve(world, ticket)
    assert actions.verify(ticket, by=world.grid_worker, at=world.at).state == State.VERIFIED


def test_rework_goes_back_to_the_same_handler(world: World) -> None:
    ticket = world.resolved()
    with invalid("reason"):
        actions.rework(ticket, by=world.grid_worker, at=world.at, reason="UGLY", text="不好看")
    with invalid("text"):
        actions.rework(ticket, by=world.grid_worker, at=world.at, reason="NOT_DONE", text="")
    rework(world, ticket)
    assert (ticket.state, ticket.handler, ticket.reworks) == (State.HANDLING, world.handler, 1)


def test_only_whoever_verifies_asks_for_rework(world: World) -> None:
    with not_yours("网格员"):
        actions.rework(world.resolved(), by=world.desk, at=world.at, reason="NOT_DONE", text="还在")


def test_a_voided_outcome_needs_nobodys_look(world: World) -> None:
    ticket = world.resolved()
    actions.void(ticket, by=world.desk, at=world.at, reason="DUPLICATE", text="重复")
    ticket = grant(world, ticket, by=world.leader)
    assert (ticket.state, clock(ticket, Promise.VERIFY).state) == (State.VOIDED, "CANCELLED")


def test_a_verified_outcome_is_not_voided(world: World) -> None:
    with now_impossible("待答复"):
        actions.void(world.verified(), by=world.desk, at=world.at, reason="DUPLICATE", text="重复")


def test_the_result_stands_beside_the_event_and_not_in_it(world: World) -> None:
    ticket = fresh(world.resolved())
    assert "已清运" not in str(last(ticket, "resolve").data)
    assert said(ticket, WordsKind.RESULT) == ["已清运"]
