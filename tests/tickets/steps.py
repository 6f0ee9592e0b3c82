"""What tests of the chain share: requests granted, clocks looked up, refusals awaited."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from common.errors import Impossible, Invalid, NotVisible, NotYours
from grids.models import Person
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Approval, Clock, Event, Ticket, Words
from tickets.words import Promise, WordsKind

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def now_impossible(about: str) -> Any:
    """409, and the sentence names the matter."""
    return pytest.raises(Impossible, match=about)


def not_yours(about: str) -> Any:
    """403, and the sentence names the matter."""
    return pytest.raises(NotYours, match=about)


def invalid(field: str) -> Any:
    """422 that names the field."""
    return pytest.raises(Invalid, check=lambda error: error.field == field)


def not_visible() -> Any:
    """404."""
    return pytest.raises(NotVisible)


def fresh(ticket: Ticket) -> Ticket:
    """As the database has it, without anything cached."""
    return Ticket.objects.get(pk=ticket.pk)


def last(ticket: Ticket, verb: str = "") -> Event:
    """The last event, or the last of a verb."""
    events = Event.objects.filter(ticket=ticket)
    found = (events.filter(verb=verb) if verb else events).order_by("seq").last()
    assert found is not None
    return found


def said(ticket: Ticket, kind: WordsKind) -> list[str]:
    """All words of a kind, oldest first."""
    rows = Words.objects.filter(ticket=ticket, kind=kind).order_by("id")
    return list(rows.values_list("text", flat=True))


def clock(ticket: Ticket, promise: Promise, **where: Any) -> Clock:
    """The latest clock of that promise."""
    found = Clock.objects.filter(ticket=ticket, promise=promise, **where).order_by("id").last()
    assert found is not None
    return found


def states(ticket: Ticket, promise: Promise) -> list[str]:
    """The states of all clocks of that promise, oldest first."""
    rows = Clock.objects.filter(ticket=ticket, promise=promise).order_by("id")
    return list(rows.values_list("state", flat=True))


def running(ticket: Ticket) -> set[str]:
    """Promises whose clock runs."""
    return set(
        Clock.objects.filter(ticket=ticket, state="RUNNING").values_list("promise", flat=True)
    )


def request(ticket: Ticket) -> Approval:
    """The latest request on the ticket."""
    found = Approval.objects.filter(ticket=ticket).order_by("id").last()
    assert found is not None
    return found


def grant(
    world: World, ticket: Ticket, *, by: Person | None = None, at: datetime | None = None
) -> Ticket:
    """The latest request countersigned where it must be, and granted."""
    at = at or world.at
    asked = request(ticket)
    if asked.needs_countersign and asked.countersigned_at is None:
        actions.countersign(asked, by=world.head, at=at)
    actions.grant(asked, by=by or world.shift_leader, at=at)
    return fresh(ticket)


def handled_with_key(world: World, **given: Any) -> tuple[Ticket, str]:
    """In the hands of the handler, with the key of its reporter."""
    ticket, token = world.reported_with_key(**given)
    actions.accept(ticket, by=world.desk, at=world.at)
    actions.route(ticket, at=world.at)
    actions.claim(ticket, by=world.handler, at=world.at)
    return ticket, token


def replied_with_key(world: World, **given: Any) -> tuple[Ticket, str]:
    """Answered, with the key of its reporter."""
    ticket, token = handled_with_key(world, **given)
    resolve(world, ticket)
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    actions.reply(ticket, by=world.other_desk, at=world.at, final_answer=ANSWER)
    return ticket, token


def resolve(world: World, ticket: Ticket, *, at: datetime | None = None) -> Ticket:
    """The handler's outcome."""
    return actions.resolve(
        ticket, by=world.handler, at=at or world.at, result="DONE", note="已清运",
        proposed_answer=ANSWER,
    )  # fmt: skip


def rework(world: World, ticket: Ticket, *, at: datetime | None = None) -> Ticket:
    """The grid worker is not content."""
    return actions.rework(
        ticket, by=world.grid_worker, at=at or world.at, reason="NOT_DONE", text="还堆着"
    )


def sent_back(world: World, ticket: Ticket, *, by: Person | None = None) -> Ticket:
    """The unit's request to send it back, granted."""
    actions.send_back(ticket, by=by or world.handler, at=world.at, reason="NOT_OURS", text="错派")
    decider = world.shift_leader if ticket.returns == 0 else world.district_shift_leader
    return grant(world, ticket, by=decider)


def suspended(world: World) -> Ticket:
    """Until a week from now."""
    ticket = world.handled()
    actions.suspend(
        ticket, by=world.handler, at=world.at, resume_on=(world.at + 7 * DAY).date(),
        reason="BUDGET", text="列入下周计划",
    )  # fmt: skip
    return grant(world, ticket, by=world.leader)


def contested(world: World, **given: Any) -> Ticket:
    """Answered, and the reporter is not content."""
    ticket = world.replied(**given)
    return actions.rate(
        ticket, by=world.shift_leader, at=world.at, stars=1, is_solved=False
    )  # fmt: skip


def again(world: World, ticket: Ticket, *, by: Person | None = None) -> Ticket:
    """Reopened, and once more in the hands of the handler."""
    by = by or world.desk
    actions.reopen(ticket, by=by, at=world.at, reason="NOT_SOLVED", text="没有解决")
    actions.dispatch(ticket, by=by, at=world.at, unit=world.units["squad"])
    return actions.claim(ticket, by=world.handler, at=world.at)
