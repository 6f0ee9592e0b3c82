"""Races over two tickets: locks are taken in one order, so nobody waits in a circle."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from common.actors import SYSTEM
from tests.promises.contest import act, contest, fresh, rounds
from tests.promises.proof import breaches
from tests.world import World
from tickets import actions, seals, sweeps
from tickets.models import Event, Follower, NumberCounter, Seal, Ticket
from tickets.proof import chain
from tickets.proof.facts import Tally
from tickets.states import State

MANY = 12


def merge(world: World, ticket: Ticket, target: Ticket) -> Any:
    return act(actions.merge, ticket, by=world.desk, at=world.at, target=fresh(target))


def test_two_tickets_merged_crosswise(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        one, other = world.reported(), world.reported()
        winners, told = contest(world, merge(world, one, other), merge(world, other, one))
        assert (len(winners), len(told)) == (1, 1)
        assert {fresh(one).state, fresh(other).state} == {State.MERGED, State.REPORTED}


def test_a_lead_is_not_merged_away(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        tickets = [world.reported() for _number in range(3)]
        first, lead, last = tickets
        contest(world, merge(world, first, lead), merge(world, lead, last))
        assert [fresh(ticket).state for ticket in tickets].count(State.MERGED) == 1


def test_patrol_reports_make_no_chain_either(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        given: dict[str, Any] = {"origin": "PATROL", "by": world.grid_worker}
        tickets = [world.reported(**given) for _number in range(3)]
        first, lead, last = tickets
        contest(world, merge(world, first, lead), merge(world, lead, last))
        assert [fresh(ticket).state for ticket in tickets].count(State.MERGED) == 1


def test_several_merge_into_one(committed_world: World) -> None:
    world = committed_world
    lead = world.handled()
    calls = [merge(world, world.reported(), lead) for _turn in range(MANY)]
    winners, _told = contest(world, *calls)
    assert (len(winners), fresh(lead).followers_count) == (MANY, MANY)


def test_a_target_is_withdrawn_while_another_is_merged_into_it(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        early = world.reported()
        lead, token = world.reported_with_key()
        late = world.reported()
        contest(
            world,
            merge(world, early, lead),
            merge(world, late, lead),
            act(actions.withdraw, lead, by=world.key_of(token), at=world.at, text="不用了"),
        )
        assert fresh(lead).state == State.WITHDRAWN
        assert {fresh(early).state, fresh(late).state} == {State.REPORTED}


def test_a_target_is_withdrawn_while_an_older_ticket_leaves_it(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        early = world.reported()
        lead, token = world.reported_with_key()
        actions.merge(early, by=world.desk, at=world.at, target=lead)
        contest(
            world,
            act(actions.unmerge, early, by=world.desk, at=world.at, text="不是一回事"),
            act(actions.withdraw, lead, by=world.key_of(token), at=world.at, text="不用了"),
        )
        assert (fresh(early).state, fresh(lead).state) == (State.REPORTED, State.WITHDRAWN)


def test_a_target_is_voided_while_an_older_ticket_leaves_it(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        early, lead = world.reported(), world.reported()
        actions.merge(early, by=world.desk, at=world.at, target=lead)
        lead.refresh_from_db()
        actions.void(lead, by=world.desk, at=world.at, reason="DUPLICATE", text="重复")
        contest(
            world,
            act(actions.unmerge, early, by=world.desk, at=world.at, text="不是一回事"),
            partial(actions.grant, lead.approvals.get(), by=world.shift_leader, at=world.at),
        )
        assert (fresh(early).state, fresh(lead).state) == (State.REPORTED, State.VOIDED)


def test_a_ticket_that_moved_on_is_taken_from_its_present_target(committed_world: World) -> None:
    world = committed_world
    ticket, first, second = world.reported(), world.reported(), world.reported()
    stale = actions.merge(fresh(ticket), by=world.desk, at=world.at, target=first)
    actions.unmerge(fresh(ticket), by=world.desk, at=world.at)
    actions.merge(fresh(ticket), by=world.desk, at=world.at, target=second)
    contest(world, act(lambda _t, **given: actions.unmerge(stale, **given), stale,
                       by=world.desk, at=world.at))  # fmt: skip
    assert [fresh(lead).followers_count for lead in (first, second)] == [0, 0]


def test_two_tickets_linked_crosswise(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        one, other = world.reported(), world.reported()
        winners, told = contest(
            world,
            act(actions.link, one, by=world.desk, at=world.at, target=other),
            act(actions.link, other, by=world.desk, at=world.at, target=one),
        )
        assert (len(winners), len(told)) == (1, 1)


def test_a_ticket_is_split_twice_at_once(committed_world: World) -> None:
    world = committed_world
    ticket = world.handled()
    call = act(actions.split, ticket, by=world.desk, at=world.at, text="另一件事")
    winners, _told = contest(world, call, call, call)
    assert (len(winners), ticket.links.count()) == (3, 3)


def test_the_same_report_twice_is_one_ticket(committed_world: World) -> None:
    world = committed_world
    for turn in rounds():
        twice = partial(world.reported, idempotency_key=f"same-{turn}")
        tickets, _told = contest(world, twice, twice, twice)
        assert len({ticket.pk for ticket in tickets}) == 1


def test_the_numbers_of_reports_at_once_have_no_gap(committed_world: World) -> None:
    world = committed_world
    contest(world, *[world.reported] * MANY)
    assert NumberCounter.objects.get().last == Ticket.objects.count() == MANY


def test_follow_at_once_counts_everybody(committed_world: World) -> None:
    world = committed_world
    ticket = world.reported()
    contest(world, *[act(actions.follow, ticket, by=world.desk, at=world.at)] * MANY)
    assert fresh(ticket).followers_count == Follower.objects.filter(ended_at=None).count() == MANY


def moves(verb: str) -> list[int]:
    return list(Event.objects.filter(verb=verb).values_list("ticket_id", flat=True))


def test_two_sweeps_dispatch_each_ticket_once(committed_world: World) -> None:
    world = committed_world
    tickets = [world.accepted() for _turn in range(MANY)]
    contest(world, *[lambda: sweeps.run("route", at=world.at)] * 2)
    assert sorted(moves("dispatch")) == [ticket.pk for ticket in tickets]


def test_two_sweeps_close_each_ticket_once(committed_world: World) -> None:
    world = committed_world
    tickets = [world.replied() for _turn in range(MANY)]
    contest(world, *[lambda: sweeps.run("close", at=world.at + timedelta(days=8))] * 2)
    assert sorted(moves("close")) == [ticket.pk for ticket in tickets]


def test_two_sealers_make_one_chain(committed_world: World, settings: Any, tmp_path: Path) -> None:
    world = committed_world
    file = tmp_path / "seals.jsonl"
    settings.HUBIN_SEAL_FILE = str(file)
    for turn in rounds():
        world.handled()
        later = world.at + timedelta(hours=turn)
        contest(world, *[lambda later=later: seals.seal(at=later)] * 3)
    assert list(chain.verify(tally=Tally(), seals=file)) == []
    assert Seal.objects.count() == len(file.read_text().splitlines())


def test_sealing_waits_for_moves_and_moves_for_sealing(
    committed_world: World, settings: Any, tmp_path: Path
) -> None:
    world = committed_world
    settings.HUBIN_SEAL_FILE = str(tmp_path / "seals.jsonl")
    for _turn in rounds():
        one, other, third = world.reported(), world.reported(), world.reported()
        contest(
            world,
            merge(world, one, third),
            merge(world, other, third),
            lambda: seals.seal(at=world.at),
            act(actions.accept, third, by=SYSTEM, at=world.at),
        )
        assert fresh(third).followers_count == 2


def test_verifying_while_tickets_move_finds_nothing(committed_world: World) -> None:
    world = committed_world
    tickets = [world.dispatched() for _turn in range(MANY)]
    claims = [act(actions.claim, ticket, by=world.handler, at=world.at) for ticket in tickets]
    winners, _told = contest(world, breaches, *claims, breaches)
    assert (winners[0], winners[-1], len(winners)) == ([], [], MANY + 2)
