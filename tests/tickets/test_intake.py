"""有报必接: confirm, accept, answer, decline, object, acknowledge."""

from typing import Any

import pytest

from common.actors import SYSTEM
from grids.models import Person, Post, PostKind
from tests.tickets.steps import (
    HOUR,
    grant,
    invalid,
    last,
    not_visible,
    not_yours,
    now_impossible,
    request,
    said,
    states,
)
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Ticket
from tickets.states import State
from tickets.words import Promise, WordsKind

# --- confirm 核实


def test_the_desk_asks_and_the_grid_worker_answers(world: World) -> None:
    ticket = actions.confirm(world.reported(), by=world.desk, at=world.at)
    actions.confirm(ticket, by=world.grid_worker, at=world.at + HOUR, confirm_result="EXISTS")
    assert (ticket.confirmation, ticket.state) == ("EXISTS", State.REPORTED)
    assert states(ticket, Promise.ACCEPT) == ["RUNNING"]


def of_two_posts(world: World) -> Person:
    """A grid worker who sits at the desk, too."""
    Post.objects.create(
        person=world.grid_worker, kind=PostKind.DESK, division=world.places["street"]
    )
    return world.again("grid_worker")


def test_who_holds_both_posts_asks_and_then_answers(world: World) -> None:
    ticket, both = world.reported(), of_two_posts(world)
    actions.confirm(ticket, by=both, at=world.at)
    assert ticket.confirmation == "ASKED"
    actions.confirm(ticket, by=both, at=world.at, confirm_result="EXISTS")
    assert ticket.confirmation == "EXISTS"


def test_when_the_question_lapsed_both_posts_answer_no_more(world: World) -> None:
    ticket, both = world.reported(), of_two_posts(world)
    actions.confirm(ticket, by=world.desk, at=world.at)
    with now_impossible("核实"):
        actions.confirm(ticket, by=both, at=world.at + 2 * HOUR, confirm_result="NOT")


def test_nobody_confirms_unasked(world: World) -> None:
    ticket = world.reported()
    with now_impossible("没有等待核实"):
        actions.confirm(ticket, by=world.grid_worker, at=world.at, confirm_result="NOT")
    actions.confirm(ticket, by=world.desk, at=world.at)
    with invalid("confirm_result"):
        actions.confirm(ticket, by=world.grid_worker, at=world.at, confirm_result="MAYBE")


def test_the_question_lapses_at_half_the_accept_limit(world: World) -> None:
    ticket = actions.confirm(world.reported(), by=world.desk, at=world.at + HOUR)
    assert ticket.confirm_until == world.at + 2 * HOUR  # four working hours from the report
    with now_impossible("核实时间已过"):
        actions.confirm(ticket, by=world.grid_worker, at=world.at + 2 * HOUR, confirm_result="NOT")
    assert Ticket.objects.my_turn(world.grid_worker, world.at + HOUR).exists()
    assert not Ticket.objects.my_turn(world.grid_worker, world.at + 2 * HOUR).exists()


def test_past_half_the_limit_nobody_is_asked(world: World) -> None:
    ticket = world.reported()
    with now_impossible("过半"):
        actions.confirm(ticket, by=world.desk, at=world.at + 2 * HOUR)


@pytest.mark.parametrize(("name", "about"), [("leak", "危险"), ("alone", "敏感")])
def test_nobody_is_sent_to_danger_or_to_what_they_may_not_read(
    world: World, name: str, about: str
) -> None:
    ticket = world.reported(category=world.categories[name])
    with now_impossible(about):
        actions.confirm(ticket, by=world.desk, at=world.at)


# --- accept 受理


def test_a_ticket_is_accepted_with_a_category_only(world: World) -> None:
    ticket = world.reported(category=None)
    with invalid("category"):
        actions.accept(ticket, by=world.desk, at=world.at)
    actions.accept(ticket, by=world.desk, at=world.at, category=world.categories["litter"])
    assert ticket.state == State.ACCEPTED


def test_the_desk_of_another_street_does_not_see_it(world: World) -> None:
    ticket = world.reported()
    with not_visible():
        actions.accept(ticket, by=world.far_desk, at=world.at)
    actions.accept(ticket, by=world.district_desk, at=world.at)
    assert last(ticket).by == world.district_desk.actor_ref


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [({}, False), ({"urgency": "URGENT"}, True), ({"source": "SENSOR", "origin": "MACHINE"}, True)],
)
def test_the_system_accepts_what_is_urgent_or_trusted(
    world: World, given: dict[str, str], is_taken: bool
) -> None:
    ticket = world.reported(**given)
    if is_taken:
        actions.accept(ticket, by=SYSTEM, at=world.at)
        assert ticket.state == State.ACCEPTED
        return
    with now_impossible("系统只受理"):
        actions.accept(ticket, by=SYSTEM, at=world.at)


def test_acceptance_raises_the_urgency_to_the_categorys(world: World) -> None:
    ticket = world.reported()
    actions.accept(ticket, by=world.desk, at=world.at, category=world.categories["manhole"])
    assert ticket.urgency == "URGENT"


def test_whom_it_is_about_is_named_at_acceptance(world: World) -> None:
    ticket = world.reported(category=world.categories["conduct"])
    actions.accept(
        ticket, by=world.desk, at=world.at, about_unit=world.units["squad"],
        about_person=world.handler,
    )  # fmt: skip
    assert last(ticket).data["set"] == {
        "about_unit_id": world.units["squad"].pk, "about_person_id": world.handler.pk,
    }  # fmt: skip


# --- answer 直接答复


@pytest.mark.parametrize("step", ["reported", "accepted"])
def test_what_needs_no_unit_is_answered_directly(world: World, step: str) -> None:
    ticket = getattr(world, step)(nature="ENQUIRY")
    actions.answer(ticket, by=world.desk, at=world.at, answer=ANSWER)
    assert (ticket.state, ticket.replied_by) == (State.REPLIED, world.desk)
    assert states(ticket, Promise.TOTAL) == ["MET"]


def test_a_dispatched_ticket_is_not_answered_past_its_unit(world: World) -> None:
    ticket = world.dispatched()
    with now_impossible("待签收"):
        actions.answer(ticket, by=world.desk, at=world.at, answer=ANSWER)


def test_with_nobody_asking_nothing_is_answered(world: World) -> None:
    ticket = world.reported(origin="PATROL")
    with now_impossible("没有要答复的人"):
        actions.answer(ticket, by=world.desk, at=world.at, answer=ANSWER)


# --- decline 不予受理


def test_declining_needs_a_second_person(world: World) -> None:
    ticket = world.reported()
    actions.decline(ticket, by=world.desk, at=world.at, reason="BEYOND", answer="请找市级平台")
    assert (ticket.state, ticket.has_request) == (State.REPORTED, True)
    with not_yours("值班长"):
        actions.grant(request(ticket), by=world.desk, at=world.at)
    ticket = grant(world, ticket)
    assert ticket.state == State.DECLINED
    assert said(ticket, WordsKind.ANSWER)[-1] == "请找市级平台"


def test_a_transfer_to_the_emergency_line_takes_effect_at_once(world: World) -> None:
    ticket = world.reported()
    actions.decline(ticket, by=world.desk, at=world.at, reason="EMERGENCY", answer="已转 119")
    assert (ticket.state, ticket.has_request) == (State.DECLINED, False)
    assert said(ticket, WordsKind.ANSWER) == ["已转 119"]


@pytest.mark.parametrize(
    ("reason", "answer", "field"), [("WEATHER", "x", "reason"), ("EMERGENCY", " ", "answer")]
)
def test_declining_needs_a_known_reason_and_words(
    world: World, reason: str, answer: str, field: str
) -> None:
    ticket = world.reported()
    with invalid(field):
        actions.decline(ticket, by=world.desk, at=world.at, reason=reason, answer=answer)


# --- object 异议


def test_one_objects_once(world: World) -> None:
    ticket, token = world.reported_with_key()
    decline: dict[str, Any] = {
        "by": world.desk,
        "at": world.at,
        "reason": "EMERGENCY",
        "answer": "已转 119",
    }
    actions.decline(ticket, **decline)
    actions.object(ticket, by=world.key_of(token), at=world.at, text="不是火警")
    assert (ticket.state, ticket.cycle) == (State.REPORTED, 2)
    actions.decline(ticket, **decline)
    with now_impossible("异议只能提一次"):
        actions.object(ticket, by=world.key_of(token), at=world.at, text="再看看")


def test_nobody_else_objects(world: World) -> None:
    ticket = world.reported()
    actions.decline(ticket, by=world.desk, at=world.at, reason="EMERGENCY", answer="已转 119")
    with not_yours("诉求人"):
        actions.object(ticket, by=world.desk, at=world.at, text="我看可以受理")


# --- acknowledge 知悉


def test_an_urgent_ticket_rings_until_it_is_acknowledged(world: World) -> None:
    ticket = world.reported(urgency="URGENT")
    actions.acknowledge(ticket, by=world.desk, at=world.at)
    assert ticket.acknowledged_at == world.at
    with now_impossible("知悉"):
        actions.acknowledge(ticket, by=world.desk, at=world.at)


def test_what_is_not_urgent_does_not_ring(world: World) -> None:
    with now_impossible("紧急"):
        actions.acknowledge(world.reported(), by=world.desk, at=world.at)
