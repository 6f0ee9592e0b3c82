"""Who is told of what: the table, and the people its rows turn out to be."""

import pytest

from grids.models import Post
from notices.models import Notice
from tests.files import ready
from tests.tickets.concerned import CASES, Told, of_account, urgent
from tests.world import World
from tickets import actions, sweeps
from tickets.models import Ticket
from tickets.notices import PUBLIC, SILENT, TABLE, Role
from tickets.states import MOVES
from tickets.timeline import PUBLIC_VERBS


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


def test_reporters_are_told_of_nothing_internal() -> None:
    public = {
        verb
        for verb, rows in TABLE.items()
        if any(role in PUBLIC for row in rows for role in row.told)
    }
    assert public <= PUBLIC_VERBS


@pytest.mark.parametrize(
    "verb", ["accept", "answer", "decline", "inquire", "extend", "suspend", "reply", "uphold"]
)
def test_reporters_are_told_what_was_promised(verb: str) -> None:
    assert any(Role.REPORTER in row.told for row in TABLE[verb])


def test_every_row_has_its_reason() -> None:
    assert all(row.because for rows in TABLE.values() for row in rows)


def test_what_nobody_is_told_is_done_with_at_birth(world: World) -> None:
    ticket = actions.note(world.handled(), by=world.handler, at=world.at, text="再看看")
    assert "note" in SILENT
    assert ticket.events.get(verb="note").announced_at == world.at


@pytest.mark.parametrize("row", CASES, ids=lambda row: row.name)
def test_those_concerned_are_told(world: World, row: Told) -> None:
    ticket = row.ticket(world)
    assert told(world, ticket, row.verb) == row.people


def test_an_ordinary_report_rings_nowhere(world: World) -> None:
    assert told(world, world.reported(), "report") == {}


def test_whoever_did_it_is_not_told(world: World) -> None:
    ticket = urgent(world)
    assert "desk" not in told(world, ticket, "report")


def test_who_is_no_longer_active_is_not_told(world: World) -> None:
    ticket = world.dispatched()
    world.clerk.is_active = False
    world.clerk.save(update_fields=["is_active"])
    assert told(world, ticket, "dispatch") == {"handler": "CLERK", "other_handler": "CLERK"}


def test_a_unit_a_report_is_about_is_told_nothing(world: World) -> None:
    ticket = world.handled()
    actions.enlist(
        ticket, by=world.handler, at=world.at, unit=world.units["office"], question="看看"
    )
    type(ticket).objects.filter(pk=ticket.pk).update(about_unit=world.units["office"])
    assert told(world, ticket, "enlist") == {}


def test_a_person_a_report_is_about_is_told_nothing(world: World) -> None:
    ticket = urgent(world)
    type(ticket).objects.filter(pk=ticket.pk).update(about_person=world.other_desk)
    assert told(world, ticket, "report") == {"shift_leader": "DESK"}


def test_told_late_it_is_the_same_people(world: World) -> None:
    """The handler of then, not of now."""
    ticket = actions.urge(world.handled(), by=world.desk, at=world.at)
    actions.hand_over(
        ticket, by=world.handler, at=world.at, handler=world.other_handler, text="轮休"
    )
    assert told(world, ticket, "urge") == {"handler": "HANDLER", "head": "HEAD"}


def test_a_district_of_hundreds_is_not_rung_up(world: World) -> None:
    Post.objects.filter(person=world.other_desk).delete()
    Post.objects.filter(person__in=[world.desk, world.shift_leader]).update(is_active=False)
    ticket = world.reported(by=world.district_desk, urgency="URGENT")
    assert told(world, ticket, "report") == {"district_shift_leader": "DESK"}


def test_only_what_comes_from_outside_is_news_to_the_handler(world: World) -> None:
    ticket = world.handled(**of_account(world))
    actions.attach(ticket, by=world.desk, at=world.at, files=[ready()])
    assert told(world, ticket, "attach") == {}
    actions.attach(ticket, by=world.resident, at=world.at, files=[ready()])
    assert told(world, ticket, "attach") == {"handler": "HANDLER"}
