"""脱敏: what goes with the words, and what another unerased ticket still needs."""

from datetime import timedelta

import pytest

from common.actors import SYSTEM
from common.errors import Gone
from tests.races import race
from tests.tickets.steps import fresh, last, replied_with_key
from tests.world import ANSWER, World
from tickets import actions
from tickets.keys import make_key, open_key
from tickets.models import FollowKey, Reporter, Ticket
from tickets.proof import chain
from tickets.proof.facts import Tally
from tickets.states import State

LATE = timedelta(days=730)


def erase(world: World, ticket: Ticket) -> Ticket:
    return actions.erase(fresh(ticket), by=SYSTEM, at=world.at + LATE, rule="two-years")


def end(world: World, ticket: Ticket) -> Ticket:
    key = world.key_of(make_key(ticket, at=world.at))
    return actions.withdraw(ticket, by=key, at=world.at)


def close(world: World, ticket: Ticket) -> None:
    actions.answer(fresh(ticket), by=world.desk, at=world.at, answer=ANSWER)
    actions.close(fresh(ticket), by=SYSTEM, at=world.at + timedelta(days=30))


def closed(world: World) -> tuple[Ticket, str]:
    ticket, token = replied_with_key(world)
    actions.rate(ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True)
    return ticket, token


def contact(reporter: Reporter | None) -> tuple[str, str, str, str]:
    assert reporter is not None
    row = Reporter.objects.get(pk=reporter.pk)
    return (row.name or "", row.phone or "", row.phone_hash, row.phone_last4)


NOTHING = ("", "", "", "")


def is_proved() -> bool:
    return list(chain.verify(tally=Tally())) == []


def test_name_and_number_go_and_the_record_says_so(world: World) -> None:
    ticket, _token = closed(world)
    assert "赵见诚" in contact(ticket.reporter)
    erase(world, ticket)
    assert contact(ticket.reporter) == NOTHING
    assert last(ticket).data["contacts"] == [ticket.reporter_id]
    assert is_proved()


def test_the_link_of_the_reporter_is_revoked(world: World) -> None:
    ticket, token = closed(world)
    erase(world, ticket)
    with pytest.raises(Gone):
        open_key(token, at=world.at)
    assert list(ticket.keys.values_list("revoked_at", flat=True)) == [world.at + LATE]


def test_so_do_those_of_followers(world: World) -> None:
    ticket = world.reported(origin="PATROL", by=world.grid_worker)
    nosy = Reporter.build(name="钱知非", phone="13900005678")
    follower, token = actions.follow(ticket, by=world.desk, at=world.at, reporter=nosy)
    actions.void(ticket, by=world.desk, at=world.at, reason="DUPLICATE", text="重复")
    actions.grant(ticket.approvals.get(), by=world.shift_leader, at=world.at)
    erase(world, ticket)
    assert contact(follower.reporter) == NOTHING
    with pytest.raises(Gone):
        open_key(token, at=world.at)


def test_twice_leaves_no_second_event(world: World) -> None:
    ticket, _token = closed(world)
    seq = erase(world, ticket).seq
    assert erase(world, ticket).seq == seq
    assert ticket.events.filter(verb="erase").count() == 1


@pytest.fixture
def split(world: World) -> tuple[Ticket, Ticket, str]:
    """An ended ticket, an open one that was split off it, and the key that opens both."""
    ticket, token = world.reported_with_key()
    new = actions.split(ticket, by=world.desk, at=world.at, text="另一件事")
    return end(world, ticket), new, token


def test_what_another_ticket_of_theirs_needs_stays(
    world: World, split: tuple[Ticket, Ticket, str]
) -> None:
    ticket, _new, token = split
    erase(world, ticket)
    assert contact(ticket.reporter)[1] == "13900001234"
    assert open_key(token, at=world.at)[1] == ticket
    assert not ticket.words.exclude(text="").exists()


def test_and_goes_with_the_last_of_them(world: World, split: tuple[Ticket, Ticket, str]) -> None:
    ticket, new, _token = split
    erase(world, ticket)
    erase(world, end(world, new))
    assert contact(ticket.reporter) == NOTHING
    assert FollowKey.objects.filter(revoked_at=None).count() == 0
    assert is_proved()


def test_a_merged_reporter_is_kept_for_the_answer_of_the_lead(world: World) -> None:
    lead, lead_token = world.reported_with_key()
    merged, token = world.reported_with_key()
    actions.merge(merged, by=world.desk, at=world.at, target=lead)
    erase(world, merged)
    assert contact(merged.reporter)[1] == "13900001234"
    assert open_key(token, at=world.at)[1] == merged
    assert open_key(lead_token, at=world.at)[1] == lead


def test_and_forgotten_with_the_lead(world: World) -> None:
    lead, merged = world.reported(), world.reported()
    actions.merge(merged, by=world.desk, at=world.at, target=lead)
    erase(world, merged)
    close(world, lead)
    erase(world, lead)
    assert contact(merged.reporter) == contact(lead.reporter) == NOTHING
    assert not FollowKey.objects.filter(revoked_at=None).exists()
    assert is_proved()


def test_an_ended_one_that_is_not_erased_yet_needs_it_too(
    world: World, split: tuple[Ticket, Ticket, str]
) -> None:
    ticket, new, _token = split
    erase(world, end(world, new))
    assert contact(ticket.reporter)[1] == "13900001234"
    assert fresh(ticket).state == State.WITHDRAWN


def test_of_two_erased_at_once_the_later_takes_the_contact(committed_world: World) -> None:
    world = committed_world
    ticket = world.reported()
    new = actions.split(ticket, by=world.desk, at=world.at, text="另一件事")
    pair = [end(world, one) for one in (ticket, new)]
    assert race(*(lambda one=one: erase(world, one) for one in pair)) == pair
    assert contact(ticket.reporter) == NOTHING
