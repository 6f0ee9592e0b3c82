"""The straight way through the chain, and its promises."""

from common.actors import SYSTEM
from tests.world import ANSWER, World
from tickets import actions
from tickets.states import State


def test_the_straight_way_ends_closed_and_rated(world: World) -> None:
    ticket, token = world.reported_with_key()
    actions.accept(ticket, by=world.desk, at=world.at)
    actions.route(ticket, at=world.at)
    actions.claim(ticket, by=world.handler, at=world.at)
    actions.resolve(
        ticket, by=world.handler, at=world.at, result="DONE", note="清运", proposed_answer=ANSWER
    )
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    actions.reply(ticket, by=world.desk, at=world.at, final_answer=ANSWER)
    actions.rate(ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True)
    assert (ticket.state, ticket.ratings.get().stars) == (State.CLOSED, 5)


def test_a_patrol_ticket_is_closed_when_verified(world: World) -> None:
    ticket = world.verified(origin="PATROL", by=world.grid_worker)
    assert ticket.state == State.CLOSED


def test_the_system_passes_what_needs_no_look(world: World) -> None:
    ticket = world.resolved(category=world.categories["advice"])
    assert ticket.state == State.VERIFIED
    assert ticket.events.get(verb="verify").by == SYSTEM.actor_ref
