"""Who is told of what: the table, and the people its rows turn out to be."""


from notices.models import Notice
from tests.world import World
from tickets import sweeps
from tickets.models import Ticket
from tickets.notices import TABLE
from tickets.states import MOVES


def told(world: World, ticket: Ticket, verb: str) -> dict[str, str]:
    """Who was told of the ticket's latest event of that verb, in which role."""
    sweeps.run("announce", at=world.at)
    event = ticket.events.filter(verb=verb).latest("seq")
    names = {person.pk: name for name, person in world.people.items()}
    return {names[row.person_id]: row.role for row in Notice.objects.filter(event_id=event.pk)}


def test_every_verb_has_its_row() -> None:
    assert set(TABLE) == set(MOVES)


def test_a_dispatch_is_told_to_the_clerks(world: World) -> None:
    assert told(world, world.dispatched(), "dispatch") == {"clerk": "CLERK"}
