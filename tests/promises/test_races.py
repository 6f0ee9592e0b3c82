"""Two at once on one ticket: one winner, the other gets a sentence. Real connections."""

from datetime import timedelta
from functools import partial
from typing import Any

from common.actors import SYSTEM
from common.errors import Impossible
from grids.models import PostKind
from tests.promises.contest import act, contest, fresh, hired, rounds
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Approval, Ticket
from tickets.states import State

CLAIMERS = 50


def test_of_fifty_claims_one_wins_and_is_named_to_the_others(committed_world: World) -> None:
    world = committed_world
    people = hired(world, CLAIMERS, PostKind.HANDLER, unit=world.units["squad"])
    ticket = world.dispatched()
    calls = [act(actions.claim, ticket, by=person, at=world.at) for person in people]
    winners, told = contest(world, *calls)
    name = winners[0].handler.name
    assert len(winners) == 1
    assert [type(one) for one in told] == [Impossible] * (CLAIMERS - 1)
    assert all(name in one.sentence for one in told)


def test_claim_or_redirect(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        ticket = world.dispatched()
        contest(
            world,
            act(actions.claim, ticket, by=world.handler, at=world.at),
            act(actions.redirect, ticket, by=world.desk, at=world.at,
                unit=world.units["office"], text="不归中队"),
        )  # fmt: skip
        now = fresh(ticket)
        assert (now.state, now.unit) in (
            (State.HANDLING, world.units["squad"]),
            (State.DISPATCHED, world.units["office"]),
        )


def test_assign_or_claim(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        ticket = world.dispatched()
        contest(
            world,
            act(actions.claim, ticket, by=world.handler, at=world.at),
            act(actions.assign, ticket, by=world.head, at=world.at, handler=world.other_handler),
        )
        assert fresh(ticket).state == State.HANDLING


def asked_to_void(world: World, ticket: Ticket) -> Approval:
    actions.void(ticket, by=world.desk, at=world.at, reason="DUPLICATE", text="与另一张重复")
    approval = ticket.approvals.get(state="PENDING")
    if approval.needs_countersign:
        actions.countersign(approval, by=world.head, at=world.at)
    return approval


def resolve(world: World, ticket: Ticket) -> Any:
    return act(
        actions.resolve, ticket, by=world.handler, at=world.at, result="DONE", note="已清运",
        proposed_answer=ANSWER,
    )  # fmt: skip


def grant(approval: Approval, by: Any, at: Any) -> Any:
    own = Approval.objects.get(pk=approval.pk)
    return partial(actions.grant, own, by=by, at=at)


def test_resolve_or_void(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        ticket = world.handled()
        approval = asked_to_void(world, ticket)
        winners, _told = contest(
            world, resolve(world, ticket), grant(approval, world.leader, world.at)
        )
        assert len(winners) == 1
        assert fresh(ticket).state in (State.RESOLVED, State.VOIDED)


def test_rate_or_close(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        ticket, token = world.reported_with_key()
        _carry_to_replied(world, ticket)
        late = world.at + timedelta(days=8)
        winners, _told = contest(
            world,
            act(actions.rate, ticket, by=world.key_of(token), at=late, stars=1, is_solved=False),
            act(actions.close, ticket, by=SYSTEM, at=late),
        )
        assert len(winners) == 1
        assert fresh(ticket).ratings.count() == (fresh(ticket).state == State.CONTESTED)


def _carry_to_replied(world: World, ticket: Ticket) -> None:
    actions.accept(ticket, by=world.desk, at=world.at)
    actions.route(ticket, at=world.at)
    actions.claim(ticket, by=world.handler, at=world.at)
    resolve(world, ticket)()
    ticket.refresh_from_db()
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    actions.reply(ticket, by=world.desk, at=world.at, final_answer=ANSWER)


def test_one_approval_is_granted_once(committed_world: World) -> None:
    world = committed_world
    second = hired(world, 1, PostKind.LEADER, division=world.places["street"])[0]
    for _turn in rounds():
        ticket = world.handled()
        approval = asked_to_void(world, ticket)
        winners, told = contest(
            world, grant(approval, world.leader, world.at), grant(approval, second, world.at)
        )
        assert (len(winners), len(told)) == (1, 1)
        assert fresh(ticket).state == State.VOIDED


def test_grant_or_refuse(committed_world: World) -> None:
    world = committed_world
    second = hired(world, 1, PostKind.LEADER, division=world.places["street"])[0]
    for _turn in rounds():
        approval = asked_to_void(world, world.handled())
        own = Approval.objects.get(pk=approval.pk)
        winners, told = contest(
            world,
            grant(approval, world.leader, world.at),
            partial(actions.refuse, own, by=second, at=world.at, text="不是重复"),
        )
        assert (len(winners), len(told)) == (1, 1)


def test_only_one_request_is_pending(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        ticket = world.handled()
        asks = {"reason": "MATERIAL", "text": "等材料", "days": 3}
        winners, told = contest(
            world,
            act(actions.extend, ticket, by=world.handler, at=world.at, **asks),
            act(actions.void, ticket, by=world.desk, at=world.at, reason="DUPLICATE", text="重复"),
        )
        assert (len(winners), len(told)) == (1, 1)


def test_reporter_and_follower_rate_at_once(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        ticket, token = world.reported_with_key()
        follower_token = actions.follow(ticket, by=world.desk, at=world.at)[1]
        _carry_to_replied(world, ticket)
        needs = {"at": world.at, "stars": 5, "is_solved": True}
        winners, _told = contest(
            world,
            act(actions.rate, ticket, by=world.key_of(token), **needs),
            act(actions.rate, ticket, by=world.key_of(follower_token), **needs),
        )
        assert len(winners) == 2
        assert fresh(ticket).state == State.CLOSED


def test_one_rating_a_cycle(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        ticket, token = world.reported_with_key()
        actions.follow(ticket, by=world.desk, at=world.at)
        _carry_to_replied(world, ticket)
        call = act(
            actions.rate, ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True
        )
        winners, told = contest(world, call, call, call)
        assert (len(winners), len(told), ticket.ratings.count()) == (1, 2, 1)


def test_answer_assist_or_waive_it(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        ticket = world.handled()
        actions.enlist(
            ticket, by=world.handler, at=world.at, unit=world.units["fire"], question="请看看"
        )
        winners, told = contest(
            world,
            act(actions.answer_assist, ticket, by=world.fire_handler, at=world.at,
                assist_result="DONE", text="看过了"),
            act(actions.waive_assist, ticket, by=world.desk, at=world.at,
                assist=ticket.assists.get()),
            resolve(world, ticket),
        )  # fmt: skip
        assert ticket.assists.filter(state="OPEN").count() == 0
        assert (len(winners), len(told)) in ((1, 2), (2, 1))


def test_a_unit_is_asked_for_help_once(committed_world: World) -> None:
    world = committed_world
    for _turn in rounds():
        ticket = world.handled()
        needs = {"at": world.at, "unit": world.units["fire"], "question": "请看看"}
        winners, told = contest(
            world,
            act(actions.enlist, ticket, by=world.handler, **needs),
            act(actions.enlist, ticket, by=world.head, **needs),
        )
        assert (len(winners), len(told)) == (1, 1)
