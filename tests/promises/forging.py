"""What a person with the owner's password could do: guards off, rows changed, chains recomputed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from tickets.models import Clock, Event, Seal, Ticket, Timer
from tickets.models.clock import ClockState
from tickets.models.timer import TimerState
from tickets.record import event_hash, seal_hash

KEPT = (
    "tickets_ticket", "tickets_event", "tickets_words", "tickets_attachment", "tickets_seal",
    "tickets_rating", "tickets_clock", "tickets_timer",
)  # fmt: skip


@contextmanager
def unguarded() -> Iterator[None]:
    """The record's triggers are off."""
    _switch("DISABLE")
    yield
    _switch("ENABLE")


def forge(sql: str, *values: Any) -> None:
    """One statement behind the guards; it has to change something."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount > 0


def forge_event(ticket: Ticket, seq: int, **values: Any) -> None:
    """Columns of one event."""
    with unguarded():
        assert Event.objects.filter(ticket=ticket, seq=seq).update(**values)


def forge_ticket(ticket: Ticket, **values: Any) -> None:
    """Columns of the ticket's row."""
    with unguarded():
        assert Ticket.objects.filter(pk=ticket.pk).update(**values)


def forge_clocks(clocks: QuerySet[Clock], **values: Any) -> None:
    """Columns of clocks; what runs keeps an armed timer, what does not has none."""
    runs = values.get("state") == ClockState.RUNNING
    for clock in clocks:
        changed = {"next_at": clock.due_at if runs else None} if "state" in values else {}
        timers = Timer.objects.filter(clock=clock).exclude(state=TimerState.FIRED)
        with unguarded():
            Clock.objects.filter(pk=clock.pk).update(**values, **changed)
            if changed:
                state = TimerState.ARMED if runs else TimerState.IDLE
                timers.update(state=state, due_at=clock.due_at)


def cut(ticket: Ticket, seq: int) -> None:
    """The event of that number is gone, with its words."""
    event = Event.objects.get(ticket=ticket, seq=seq)
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_words WHERE event_id = %s", [event.pk])
        cursor.execute("DELETE FROM tickets_attachment WHERE event_id = %s", [event.pk])
        cursor.execute("DELETE FROM tickets_event WHERE id = %s", [event.pk])


def recompute(ticket: Ticket) -> None:
    """New hashes all along the chain, as whoever knows the form would make them."""
    prev = ""
    with unguarded():
        for event in Event.objects.filter(ticket=ticket).order_by("seq"):
            mark = event_hash(
                number=ticket.number, seq=event.seq, verb=event.verb, by=event.by, at=event.at,
                frm=event.from_state, to=event.to_state, data=event.data, prev=prev,
            )  # fmt: skip
            _replace_head(event.hash, mark)
            Event.objects.filter(pk=event.pk).update(prev_hash=prev, hash=mark)
            prev = mark
        Ticket.objects.filter(pk=ticket.pk).update(head=prev)


def reseal() -> None:
    """New hashes all along the seals."""
    prev = ""
    with unguarded():
        for seal in Seal.objects.order_by("pk"):
            mark = seal_hash(prev=prev, at=seal.at, count=seal.ticket_count, heads=seal.heads)
            Seal.objects.filter(pk=seal.pk).update(prev_hash=prev, hash=mark)
            prev = mark


def unhook() -> None:
    """Nothing has to hang on a ticket any more."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass, conname FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = 'tickets_ticket'::regclass"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def delete(ticket: Ticket) -> None:
    """The ticket is gone with its whole record."""
    unhook()
    forge("DELETE FROM tickets_words WHERE ticket_id = %s", ticket.pk)
    forge("DELETE FROM tickets_event WHERE ticket_id = %s", ticket.pk)
    forge("DELETE FROM tickets_ticket WHERE id = %s", ticket.pk)


def _replace_head(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_seal SET heads = replace(heads, %s, %s)", [old, new])


def _switch(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in KEPT:
            cursor.execute(f"ALTER TABLE {table} {what} TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
