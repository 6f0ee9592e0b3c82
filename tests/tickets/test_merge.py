"""并单: merge, unmerge, and what becomes of those who came along."""

from typing import Any

import pytest

from common.actors import SYSTEM
from tests.tickets.steps import (
    HOUR,
    clock,
    fresh,
    grant,
    handled_with_key,
    invalid,
    last,
    not_visible,
    not_yours,
    now_impossible,
    request,
    resolve,
    running,
)
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Follower, Participation, Ticket
from tickets.states import State
from tickets.words import Promise


def merged(world: World, lead: Ticket, **given: Any) -> Ticket:
    ticket = world.reported(**given)
    return actions.merge(ticket, by=world.desk, at=world.at, target=lead)


@pytest.mark.parametrize("step", ["reported", "accepted", "dispatched", "handled"])
def test_a_ticket_without_outcome_is_merged(world: World, step: str) -> None:
    ticket, lead = getattr(world, step)(), world.handled()
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    assert (ticket.state, ticket.merged_into) == (State.MERGED, lead)
    assert running(ticket) == set()


def test_a_ticket_with_an_outcome_is_not_merged(world: World) -> None:
    ticket, lead = world.resolved(), world.handled()
    with now_impossible("待核查"):
        actions.merge(ticket, by=world.desk, at=world.at, target=lead)


@pytest.mark.parametrize("step", ["reported", "dispatched", "handled", "resolved", "verified"])
def test_the_target_is_any_ticket_whose_answer_is_to_come(world: World, step: str) -> None:
    lead = getattr(world, step)()
    merged(world, lead)
    assert fresh(lead).followers_count == 1


@pytest.mark.parametrize("step", ["replied", "withdrawn", "merged"])
def test_what_is_answered_or_ended_is_no_target(world: World, step: str) -> None:
    ticket, (lead, token) = world.reported(), world.reported_with_key()
    if step == "withdrawn":
        actions.withdraw(lead, by=world.key_of(token), at=world.at)
    if step == "merged":
        actions.merge(lead, by=world.desk, at=world.at, target=world.reported())
    if step == "replied":
        actions.answer(lead, by=world.desk, at=world.at, answer=ANSWER)
    with invalid("target"):
        actions.merge(ticket, by=world.desk, at=world.at, target=lead)


def test_a_ticket_is_not_merged_into_itself(world: World) -> None:
    ticket = world.reported()
    with invalid("target"):
        actions.merge(ticket, by=world.desk, at=world.at, target=ticket)


def test_a_target_that_is_not_visible_does_not_exist(world: World) -> None:
    lead = world.reported(by=world.far_desk, place=world.far_spot)
    with invalid("target"):
        merged(world, lead)


def test_a_lead_is_not_merged_away(world: World) -> None:
    lead, other = world.reported(), world.reported()
    merged(world, lead, origin="PATROL")
    with now_impossible("已有工单并入"):
        actions.merge(lead, by=world.desk, at=world.at, target=other)


def test_the_merged_reporter_follows_the_lead(world: World) -> None:
    lead = world.reported()
    ticket = merged(world, lead)
    follower = Follower.objects.get(ticket=lead)
    assert (follower.merged, follower.reporter) == (ticket, ticket.reporter)
    assert last(lead, "follow").data == {"merged": ticket.pk}


def test_a_find_of_our_own_is_merged_without_a_follower(world: World) -> None:
    lead = world.reported()
    merged(world, lead, origin="PATROL")
    assert fresh(lead).followers_count == 0


def test_a_merged_ticket_is_not_counted_twice(world: World) -> None:
    lead = world.handled()
    ticket = merged(world, lead)
    assert not Ticket.objects.open().filter(pk=ticket.pk).exists()
    assert not ticket.clocks.filter(state="MET").exists()


def test_who_followed_the_merged_ticket_follows_the_lead(world: World) -> None:
    lead, ticket = world.handled(), world.reported()
    follower = actions.follow(ticket, by=world.desk, at=world.at)[0]
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    assert fresh(lead).followers_count == 2
    assert Follower.objects.get(ticket=lead, via=follower)


def test_the_followers_of_the_merged_ticket_rate_for_themselves(world: World) -> None:
    (lead, _token), ticket = handled_with_key(world), world.reported()
    follower, token = actions.follow(ticket, by=world.desk, at=world.at)
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    resolve(world, lead)
    actions.verify(lead, by=world.grid_worker, at=world.at)
    actions.reply(lead, by=world.desk, at=world.at, final_answer=ANSWER)
    actions.rate(ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True)
    assert lead.ratings.get().follower == Follower.objects.get(via=follower)


def test_a_find_of_our_own_with_a_merged_resident_is_answered(world: World) -> None:
    lead = world.handled(origin="PATROL")
    merged(world, lead)
    lead = resolve(world, fresh(lead))
    actions.verify(lead, by=world.grid_worker, at=world.at)
    assert lead.state == State.VERIFIED


def test_merging_cancels_assists_and_supersedes_a_request(world: World) -> None:
    ticket, lead = world.handled(), world.reported()
    actions.enlist(
        ticket, by=world.handler, at=world.at, unit=world.units["office"], question="请协助"
    )
    actions.void(ticket, by=world.desk, at=world.at, reason="DUPLICATE", text="重复")
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    assert (ticket.assists.get().state, request(ticket).state) == ("CANCELLED", "SUPERSEDED")
    assert (ticket.open_assists, ticket.has_request) == (0, False)


# --- unmerge 取消并单


@pytest.mark.parametrize(("step", "state"), [("reported", "REPORTED"), ("handled", "ACCEPTED")])
def test_an_unmerged_ticket_goes_back_to_where_it_was_accepted(
    world: World, step: str, state: str
) -> None:
    ticket, lead = getattr(world, step)(), world.reported()
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    actions.unmerge(ticket, by=world.desk, at=world.at, text="不是一件事")
    assert (ticket.state, ticket.merged_into, ticket.unit) == (state, None, None)
    assert not Participation.objects.filter(ticket=ticket, ended_at=None).exists()


def test_unmerging_takes_the_follower_off_the_lead(world: World) -> None:
    lead, ticket = world.reported(), world.reported()
    actions.follow(ticket, by=world.desk, at=world.at)
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    actions.unmerge(ticket, by=world.desk, at=world.at + HOUR)
    assert fresh(lead).followers_count == 0
    assert set(Follower.objects.filter(ticket=lead).values_list("ended_at", flat=True)) == {
        world.at + HOUR
    }


def test_a_verified_lead_with_nobody_left_to_answer_is_closed(world: World) -> None:
    lead = world.handled(origin="PATROL")
    ticket = merged(world, lead)
    lead = resolve(world, fresh(lead))
    actions.verify(lead, by=world.grid_worker, at=world.at)
    actions.unmerge(ticket, by=world.desk, at=world.at)
    assert fresh(lead).state == State.CLOSED


def test_an_ended_lead_still_counts_who_follows(world: World) -> None:
    lead = world.reported(nature="ENQUIRY")
    ticket = merged(world, lead)
    lead = actions.answer(fresh(lead), by=world.desk, at=world.at, answer=ANSWER)
    actions.close(lead, by=SYSTEM, at=clock(lead, Promise.RATE).due_at)
    actions.unmerge(ticket, by=world.desk, at=world.at + HOUR)
    assert fresh(lead).followers_count == 0


def test_only_the_desk_unmerges(world: World) -> None:
    ticket = merged(world, world.handled())
    with not_yours("受理员"):
        actions.unmerge(ticket, by=world.grid_worker, at=world.at)
    with not_visible():
        actions.unmerge(ticket, by=world.far_desk, at=world.at)


# --- release 放开并单


def test_a_withdrawn_lead_lets_its_merged_tickets_go_on(world: World) -> None:
    lead, token = world.reported_with_key()
    ticket = merged(world, lead)
    actions.withdraw(fresh(lead), by=world.key_of(token), at=world.at)
    assert fresh(ticket).state == State.REPORTED
    assert last(ticket).by == SYSTEM.actor_ref


def test_a_voided_lead_lets_its_merged_tickets_go_on(world: World) -> None:
    lead = world.handled()
    ticket = merged(world, lead)
    actions.void(lead, by=world.handler, at=world.at, reason="DUPLICATE", text="重复")
    grant(world, lead, by=world.leader)
    assert (fresh(ticket).state, fresh(lead).followers_count) == (State.REPORTED, 0)


@pytest.mark.parametrize("reason", ["EMERGENCY", "BEYOND"])
def test_a_declined_lead_lets_its_merged_tickets_go_on(world: World, reason: str) -> None:
    lead = world.reported()
    ticket = merged(world, lead)
    actions.decline(fresh(lead), by=world.desk, at=world.at, reason=reason, answer="另有去处")
    if reason == "BEYOND":
        grant(world, lead)
    assert (fresh(lead).state, fresh(ticket).state) == (State.DECLINED, State.REPORTED)
