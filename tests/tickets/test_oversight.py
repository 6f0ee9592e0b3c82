"""督办, 催办, 脱敏: beside the chain, and still on the record."""

from datetime import timedelta

import pytest

from common.actors import SYSTEM
from tests.tickets.steps import (
    DAY,
    HOUR,
    fresh,
    handled_with_key,
    invalid,
    last,
    not_visible,
    not_yours,
    now_impossible,
    replied_with_key,
    said,
)
from tests.world import World
from tickets import actions
from tickets.models import Supervision, Ticket, Words
from tickets.proof import chain
from tickets.proof.facts import Tally
from tickets.states import State
from tickets.words import WordsKind


def supervised(world: World) -> Ticket:
    return actions.supervise(
        world.handled(), by=world.leader, at=world.at, demand="三天内清完并反馈",
        due_on=(world.at + 3 * DAY).date(),
    )  # fmt: skip


# --- urge 催办


def test_urging_changes_nothing_but_is_on_the_record(world: World) -> None:
    ticket, token = handled_with_key(world)
    due_at = ticket.due_at
    actions.urge(ticket, by=world.key_of(token), at=world.at + HOUR, text="还没有人来")
    assert (ticket.state, ticket.due_at, last(ticket).verb) == (State.HANDLING, due_at, "urge")
    assert said(ticket, WordsKind.FACTS) == ["还没有人来"]


def test_the_desk_urges_too_the_unit_does_not(world: World) -> None:
    ticket = world.handled()
    actions.urge(ticket, by=world.desk, at=world.at)
    with not_yours("诉求人"):
        actions.urge(ticket, by=world.handler, at=world.at)


def test_nobody_urges_what_has_ended(world: World) -> None:
    ticket, token = replied_with_key(world)
    actions.rate(ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True)
    with now_impossible("已结案"):
        actions.urge(ticket, by=world.key_of(token), at=world.at)


# --- supervise 督办, answer_supervision 督办反馈, lift_supervision 销号


def test_a_leader_demands_an_answer_by_a_date(world: World) -> None:
    ticket = supervised(world)
    row = Supervision.objects.get()
    assert (row.state, row.opened_by) == ("OPEN", world.leader)
    assert row.due_at == world.at + 3 * DAY + 8.5 * HOUR  # the office closes at 17:30
    assert said(ticket, WordsKind.DEMAND) == ["三天内清完并反馈"]


@pytest.mark.parametrize(
    ("name", "may"), [("leader", True), ("inspector", True), ("desk", False), ("head", False)]
)
def test_leader_and_inspector_supervise(world: World, name: str, may: bool) -> None:
    ticket, person = world.handled(), world.people[name]
    day = (world.at + DAY).date()
    if may:
        actions.supervise(ticket, by=person, at=world.at, demand="速办", due_on=day)
        assert Supervision.objects.count() == 1
        return
    with not_yours("领导"):
        actions.supervise(ticket, by=person, at=world.at, demand="速办", due_on=day)


def test_a_leader_of_another_division_does_not_see_it(world: World) -> None:
    ticket = world.reported(by=world.far_desk, place=world.far_spot)
    with not_visible():
        actions.supervise(
            ticket, by=world.leader, at=world.at, demand="速办", due_on=(world.at + DAY).date()
        )


def test_a_demand_has_words_and_lies_ahead(world: World) -> None:
    ticket = world.handled()
    with invalid("due_on"):
        actions.supervise(ticket, by=world.leader, at=world.at, demand="速办",
                          due_on=(world.at - DAY).date())  # fmt: skip
    with invalid("demand"):
        actions.supervise(ticket, by=world.leader, at=world.at, demand=" ",
                          due_on=(world.at + DAY).date())  # fmt: skip
    assert not Supervision.objects.exists()


def test_one_supervision_at_a_time(world: World) -> None:
    ticket = supervised(world)
    with now_impossible("已在督办中"):
        actions.supervise(ticket, by=world.inspector, at=world.at, demand="速办",
                          due_on=(world.at + DAY).date())  # fmt: skip
    actions.lift_supervision(ticket, by=world.leader, at=world.at)
    actions.supervise(
        ticket, by=world.inspector, at=world.at, demand="再办", due_on=(world.at + DAY).date()
    )


def test_the_unit_answers_and_the_leader_lifts(world: World) -> None:
    ticket = supervised(world)
    actions.answer_supervision(ticket, by=world.handler, at=world.at + HOUR, text="已清完")
    assert Supervision.objects.get().answered_at == world.at + HOUR
    with not_yours("领导"):
        actions.lift_supervision(ticket, by=world.handler, at=world.at)
    actions.lift_supervision(ticket, by=world.leader, at=world.at + DAY, text="属实")
    assert Supervision.objects.get().state == "LIFTED"


@pytest.mark.parametrize("verb", ["answer_supervision", "lift_supervision"])
def test_without_a_supervision_there_is_nothing_to_answer_or_lift(world: World, verb: str) -> None:
    by = world.handler if verb == "answer_supervision" else world.leader
    with now_impossible("没有在督办"):
        getattr(actions, verb)(world.handled(), by=by, at=world.at, text="好")


def test_a_supervision_is_lifted_after_the_ticket_has_ended(world: World) -> None:
    ticket, token = replied_with_key(world)
    actions.supervise(
        ticket, by=world.leader, at=world.at, demand="速办", due_on=(world.at + DAY).date()
    )
    actions.rate(ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True)
    actions.lift_supervision(ticket, by=world.leader, at=world.at + DAY)
    assert (ticket.state, ticket.due_at, last(ticket).verb) == (
        State.CLOSED, None, "lift_supervision",
    )  # fmt: skip
    assert ticket.ended_at == world.at


# --- erase 脱敏


def closed(world: World) -> Ticket:
    ticket, token = replied_with_key(world)
    return actions.rate(ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True)


def erased(world: World) -> Ticket:
    late = world.at + timedelta(days=730)
    return actions.erase(closed(world), by=SYSTEM, at=late, rule="two-years")


def test_erasing_empties_words_and_place(world: World) -> None:
    ticket = fresh(erased(world))
    left = Words.objects.filter(ticket=ticket).exclude(text="", salt="")
    assert not left.exists()
    assert (ticket.address, ticket.lat, ticket.lng) == ("", None, None)


def test_the_event_names_the_rule_and_how_far_it_reached(world: World) -> None:
    ticket = erased(world)
    said = last(ticket).data
    assert (said["rule"], said["upto"]) == ("two-years", last(ticket).seq - 1)


def test_an_erased_ticket_is_still_proved(world: World) -> None:
    erased(world)
    tally = Tally()
    assert list(chain.verify(tally=tally)) == []
    assert tally.erased > 0


def test_an_open_ticket_is_not_erased(world: World) -> None:
    with now_impossible("处置中"):
        actions.erase(world.handled(), by=SYSTEM, at=world.at, rule="two-years")


def test_nobody_but_the_system_erases(world: World) -> None:
    with not_yours("系统"):
        actions.erase(closed(world), by=world.district_desk, at=world.at, rule="now")
