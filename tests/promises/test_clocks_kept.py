"""What was promised until when, and whether it was kept, is on the record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.promises.forging import forge_clocks, forge_event, recompute, unguarded
from tests.promises.proof import breaches
from tests.promises.test_rows_kept import decided, helped
from tests.world import ANSWER, World
from tickets import actions
from tickets.actions._clocks import TOLD
from tickets.models import Clock, Ticket, Timer

DAYS = timedelta(days=9)


def overdue(world: World) -> Ticket:
    """受理超期: accepted long after the clock ran out."""
    return actions.accept(world.reported(), by=world.desk, at=world.at + DAYS)


def clock(ticket: Ticket, promise: str) -> Clock:
    return ticket.clocks.filter(promise=promise).latest("id")


def forge_clock(ticket: Ticket, promise: str, **values: Any) -> None:
    forge_clocks(ticket.clocks.filter(promise=promise), **values)


def as_an_older_version_wrote_it(ticket: Ticket) -> None:
    """No event tells of a clock."""
    for event in ticket.events.all():
        kept = {name: value for name, value in event.data.items() if name not in TOLD}
        forge_event(ticket, event.seq, data=kept)
    recompute(ticket)
    ticket.refresh_from_db()


def test_an_event_tells_what_it_promised(world: World) -> None:
    ticket = world.reported()
    told = ticket.events.get().data["due"]
    total = clock(ticket, "TOTAL")
    assert told["TOTAL/1/0/1/LEAD"] == total.due_at.isoformat()


def test_an_event_tells_a_breach(world: World) -> None:
    ticket = overdue(world)
    broken = clock(ticket, "ACCEPT")
    assert broken.breached_at is not None
    told = ticket.events.get(verb="accept").data
    assert told["late"][broken.key] == broken.breached_at.isoformat()
    assert told["clocks"] == {broken.key: "MET"}


def test_a_granted_extension_is_told(world: World) -> None:
    ticket = decided("grant")(world)
    told = ticket.events.get(verb="extend").data["due"]
    assert {key.split("/")[0] for key in told} == {"RESOLVE", "TOTAL"}
    assert breaches() == []


def test_an_end_at_another_time_is_told(world: World) -> None:
    ticket = world.resolved()
    actions.verify(ticket, by=world.grid_worker, at=world.at + timedelta(hours=1))
    told = ticket.events.get(verb="verify").data["ended"]
    assert told == {clock(ticket, "RESOLVE").key: world.at.isoformat()}
    assert breaches() == []


@pytest.mark.parametrize("made", [overdue, helped, World.replied])
def test_true_clocks_are_no_breach(world: World, made: Callable[[World], Ticket]) -> None:
    made(world)
    assert breaches() == []


@pytest.mark.parametrize(
    ("promise", "forged"),
    [
        ("TOTAL", {"due_at": "2026-12-24T10:00:00Z"}),
        ("TOTAL", {"state": "PAUSED"}),
        ("ACCEPT", {"due_at": "2026-12-24T10:00:00Z"}),
        ("ACCEPT", {"breached_at": None}),
        ("ACCEPT", {"state": "CANCELLED"}),
        ("ACCEPT", {"ended_at": "2026-11-23T02:00:00Z"}),
        ("DISPATCH", {"breached_at": "2026-11-23T02:00:00Z"}),
    ],
    ids=str,
)
def test_a_forged_clock_is_found_and_named(
    world: World, promise: str, forged: dict[str, Any]
) -> None:
    ticket = overdue(world)
    forge_clock(ticket, promise, **forged)
    (found,) = breaches()
    (name,) = forged
    assert found.startswith(f"{ticket.number} #")
    assert f"时钟 {clock(ticket, promise).key} 的 {name} 是 " in found


def test_a_deleted_clock_is_found(world: World) -> None:
    ticket = overdue(world)
    with unguarded():
        Timer.objects.filter(clock__promise="ACCEPT").delete()
        ticket.clocks.filter(promise="ACCEPT").delete()
    assert breaches() == [f"{ticket.number} #2: 时钟 ACCEPT/1/0/1/LEAD 不见了，记录里有"]


def test_an_invented_clock_is_found(world: World) -> None:
    ticket = world.reported()
    extra = clock(ticket, "TOTAL")
    extra.pk, extra.lap, extra.state, extra.next_at = None, 2, "PAUSED", None
    extra.save()
    assert breaches() == [f"{ticket.number}: 时钟 TOTAL/1/0/2/LEAD 没有记录"]


def test_an_older_record_still_verifies(world: World) -> None:
    ticket = overdue(world)
    as_an_older_version_wrote_it(ticket)
    actions.answer(ticket, by=world.desk, at=world.at + DAYS, answer=ANSWER)
    assert breaches() == []


def test_what_an_older_record_did_not_tell_is_not_checked(world: World) -> None:
    ticket = overdue(world)
    as_an_older_version_wrote_it(ticket)
    forge_clock(ticket, "TOTAL", due_at=world.at + 3 * DAYS)
    assert breaches() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [({"breached_at": None}, "a breach is written once"),
     ({"due_at": "2026-12-24T10:00:00Z"}, "has ended is never changed"),
     ({"state": "CANCELLED"}, "has ended is never changed")],
    ids=str,
)  # fmt: skip
def test_the_database_refuses_another_past(
    world: World, change: dict[str, Any], words: str
) -> None:
    ticket = overdue(world)
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        ticket.clocks.filter(promise="ACCEPT").update(**change)


def test_the_database_deletes_no_clock(world: World) -> None:
    ticket = world.reported()
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        ticket.clocks.all().delete()
