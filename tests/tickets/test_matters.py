"""One matter, one ticket: split, link, follow, withdraw, amend."""

from typing import Any

import pytest

from tests.tickets.steps import (
    DAY,
    HOUR,
    clock,
    fresh,
    handled_with_key,
    invalid,
    last,
    not_visible,
    not_yours,
    now_impossible,
    request,
    said,
)
from tests.world import ANSWER, World
from tickets import actions, keys
from tickets.actions import Place
from tickets.models import Follower, Reporter, Ticket, TicketLink
from tickets.states import State
from tickets.words import Promise, WordsKind

# --- split 拆单


@pytest.mark.parametrize(
    ("step", "state"), [("reported", "REPORTED"), ("accepted", "ACCEPTED"), ("handled", "ACCEPTED")]
)
def test_a_second_matter_begins_where_the_first_was_accepted(
    world: World, step: str, state: str
) -> None:
    ticket = getattr(world, step)()
    new = actions.split(ticket, by=world.desk, at=world.at, text="另外路灯也不亮")
    assert (new.state, new.reporter, new.category) == (state, ticket.reporter, ticket.category)
    assert TicketLink.objects.get(is_split=True).other == new


def test_the_record_of_both_names_the_other(world: World) -> None:
    ticket = world.reported()
    new = actions.split(ticket, by=world.desk, at=world.at, text="另一件")
    assert (last(ticket).data["ticket"], last(new).data["from"]) == (new.pk, ticket.pk)


def test_the_reporters_key_opens_what_was_split_off(world: World) -> None:
    ticket, token = world.reported_with_key()
    new = actions.split(ticket, by=world.desk, at=world.at, text="另一件")
    third = actions.split(new, by=world.desk, at=world.at, text="再一件")
    actions.inform(third, by=world.key_of(token), at=world.at, text="在三楼")
    assert world.key_of(token).own_ids == {ticket.pk, new.pk, third.pk}


def test_the_reporter_rates_what_was_split_off(world: World) -> None:
    ticket, token = world.reported_with_key()
    new = actions.split(ticket, by=world.desk, at=world.at, text="请问何时开门")
    actions.answer(new, by=world.desk, at=world.at, answer=ANSWER)
    actions.rate(new, by=world.key_of(token), at=world.at, stars=5, is_solved=True)
    assert (new.state, new.ratings.get().follower) == (State.CLOSED, None)


def test_a_followers_key_does_not_open_what_was_split_off(world: World) -> None:
    ticket = world.reported()
    token = actions.follow(ticket, by=world.desk, at=world.at)[1]
    new = actions.split(ticket, by=world.desk, at=world.at, text="另一件")
    with not_visible():
        actions.inform(new, by=world.key_of(token), at=world.at, text="我也是")


def test_a_ticket_with_an_outcome_is_not_split(world: World) -> None:
    with now_impossible("待核查"):
        actions.split(world.resolved(), by=world.desk, at=world.at, text="另一件")


# --- link 关联


def test_two_tickets_are_linked_once(world: World) -> None:
    one, other = world.reported(), world.reported()
    actions.link(one, by=world.desk, at=world.at, target=other)
    with invalid("target"):
        actions.link(other, by=world.desk, at=world.at, target=one)
    assert TicketLink.objects.count() == 1


def test_a_ticket_is_not_linked_to_itself_or_to_what_is_not_visible(world: World) -> None:
    ticket = world.reported()
    for target in (ticket, world.reported(by=world.far_desk, place=world.far_spot)):
        with invalid("target"):
            actions.link(ticket, by=world.desk, at=world.at, target=target)


# --- follow 关注


def test_who_has_the_link_may_say_this_is_mine_too(world: World) -> None:
    ticket, token = world.reported_with_key()
    follower, key = actions.follow(
        ticket, by=world.key_of(token), at=world.at, reporter=Reporter.build(phone="13900005678")
    )
    assert (fresh(ticket).followers_count, follower.ticket) == (1, ticket)
    assert keys.open_key(key, at=world.at)[0].follower_id == follower.pk


def test_nobody_follows_what_they_cannot_know(world: World) -> None:
    ticket, (_other, token) = world.reported(), world.reported_with_key()
    with not_visible():
        actions.follow(ticket, by=world.key_of(token), at=world.at)
    with not_yours("关注"):
        actions.follow(ticket, by=world.leader, at=world.at)
    assert not Follower.objects.exists()


def test_an_account_follows_too(world: World) -> None:
    ticket = world.reported()
    reporter = Reporter.build(person=world.resident)
    actions.follow(ticket, by=world.desk, at=world.at, reporter=reporter)
    assert Ticket.objects.visible_to(world.resident, world.at).get() == ticket
    actions.inform(fresh(ticket), by=world.resident, at=world.at, text="我家门口也有")


# --- withdraw 撤回


@pytest.mark.parametrize("step", ["reported", "accepted", "dispatched"])
def test_the_reporter_withdraws_before_anybody_signed(world: World, step: str) -> None:
    ticket = getattr(world, step)()
    token = keys.make_key(ticket, at=world.at)
    actions.withdraw(ticket, by=world.key_of(token), at=world.at, text="已经好了")
    assert (ticket.state, ticket.due_at) == (State.WITHDRAWN, None)


def test_once_signed_it_is_not_withdrawn(world: World) -> None:
    ticket, token = handled_with_key(world)
    with now_impossible("处置中"):
        actions.withdraw(ticket, by=world.key_of(token), at=world.at)


def test_a_follower_does_not_withdraw(world: World) -> None:
    ticket = world.reported()
    follower_key = world.key_of(actions.follow(ticket, by=world.desk, at=world.at)[1])
    with not_yours("诉求人"):
        actions.withdraw(ticket, by=follower_key, at=world.at)
    actions.urge(ticket, by=follower_key, at=world.at, text="快一点")


def test_what_others_follow_is_not_withdrawn(world: World) -> None:
    ticket, token = world.reported_with_key()
    actions.follow(ticket, by=world.desk, at=world.at)
    with now_impossible("还有别人关注"):
        actions.withdraw(ticket, by=world.key_of(token), at=world.at)


def test_withdrawing_supersedes_a_request(world: World) -> None:
    ticket, token = world.reported_with_key()
    actions.void(ticket, by=world.desk, at=world.at, reason="DUPLICATE", text="重复")
    actions.withdraw(ticket, by=world.key_of(token), at=world.at)
    assert request(ticket).state == "SUPERSEDED"


# --- amend 更正


def test_the_original_stays_in_the_record(world: World) -> None:
    ticket, was = world.reported(), world.categories["litter"].pk
    wanted = world.categories["manhole"]
    actions.amend(ticket, by=world.desk, at=world.at, category=wanted, text="听错了")
    data = last(ticket).data
    assert (data["was"], data["set"]) == ({"category_id": was}, {"category_id": wanted.pk})
    assert said(ticket, WordsKind.REASON) == ["听错了"]


def test_a_new_place_moves_the_ticket_to_its_grid(world: World) -> None:
    ticket = world.reported()
    actions.amend(ticket, by=world.desk, at=world.at, place=world.far_spot)
    assert ticket.subdistrict == world.places["other_street"]
    assert said(ticket, WordsKind.PLACE)[-1] == "30.245000,120.205000|望江路 9 号"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "category"),
        ({"urgency": "NORMAL"}, "category"),
        ({"urgency": "NOW"}, "urgency"),
        ({"nature": "RAGE"}, "nature"),
        ({"place": Place()}, "address"),
    ],
)
def test_an_amendment_changes_something_that_exists(
    world: World, given: dict[str, Any], field: str
) -> None:
    with invalid(field):
        actions.amend(world.reported(), by=world.desk, at=world.at, **given)


def test_the_unit_amends_what_it_holds(world: World) -> None:
    ticket = world.handled()
    actions.amend(ticket, by=world.handler, at=world.at, nature="HELP")
    ticket = world.resolved()
    with not_yours("受理员"):
        actions.amend(ticket, by=world.handler, at=world.at, nature="HELP")
    actions.amend(ticket, by=world.desk, at=world.at, nature="HELP")


def test_the_unit_does_not_spare_itself_the_look(world: World) -> None:
    ticket = world.handled()
    actions.amend(ticket, by=world.handler, at=world.at, category=world.categories["advice"])
    actions.resolve(
        ticket, by=world.handler, at=world.at, result="DONE", note="清", proposed_answer=ANSWER
    )
    assert (ticket.state, ticket.verify_by) == (State.RESOLVED, "DESK")


def test_who_looks_at_an_outcome_follows_the_category(world: World) -> None:
    ticket = world.resolved()
    actions.amend(ticket, by=world.desk, at=world.at, category=world.categories["own_word"])
    assert (ticket.verify_by, ticket.turn) == ("REPORTER", "REPORTER")
    assert ticket.turn_rises_at == clock(ticket, Promise.VERIFY).started_at + 4 * HOUR


def test_what_turns_out_sensitive_is_taken_from_the_grid_worker(world: World) -> None:
    ticket = world.resolved()
    actions.amend(ticket, by=world.desk, at=world.at, category=world.categories["alone"])
    assert (ticket.turn, ticket.is_sensitive, ticket.turn_rises_at) == ("DESK", True, None)


def test_the_desk_names_whom_it_is_about(world: World) -> None:
    ticket = world.reported()
    actions.amend(ticket, by=world.desk, at=world.at, about_person=world.handler)
    assert last(ticket).data["set"] == {"about_person_id": world.handler.pk}


@pytest.mark.parametrize("field", ["about_unit", "about_person"])
def test_whoever_holds_the_ticket_has_to_let_go_first(world: World, field: str) -> None:
    ticket = world.handled()
    about: dict[str, Any] = {
        "about_unit": world.units["squad"], "about_person": world.handler,
    }  # fmt: skip
    with invalid(field):
        actions.amend(ticket, by=world.desk, at=world.at, **{field: about[field]})
    with not_yours("受理员"):
        actions.amend(ticket, by=world.handler, at=world.at, about_person=world.other_handler)


def test_a_ticket_in_other_hands_is_stale_for_the_one_who_looked_before(world: World) -> None:
    ticket = world.handled()
    seen = ticket.version
    actions.amend(ticket, by=world.desk, at=world.at + DAY, urgency="URGENT")
    assert ticket.version == seen + 1
