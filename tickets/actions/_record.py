"""The next link of a ticket's record: the one place where an event is made (DESIGN §3.4)."""

from datetime import datetime
from typing import Any

from common.actors import Actor
from tickets import record
from tickets.models import Event, Ticket
from tickets.notices import SILENT


def build(
    ticket: Ticket, verb: str, *, by: Actor, at: datetime, frm: str, data: dict[str, Any],
    is_told: bool = True,
) -> Event:  # fmt: skip
    """记录: chained to the ticket's last event; raises `seq` and `head` of the locked ticket.

    Nothing is written. `is_told`: whether people still have to hear of it.
    """
    ticket.seq += 1
    event = Event(
        ticket=ticket if ticket.pk else None, seq=ticket.seq, verb=verb, by=by.actor_ref, at=at,
        from_state=frm, to_state=ticket.state, data=data, prev_hash=ticket.head,
        announced_at=None if is_told and verb not in SILENT else at,
    )  # fmt: skip
    event.hash = ticket.head = record.event_hash(
        number=ticket.number, seq=event.seq, verb=event.verb, by=event.by, at=event.at,
        frm=event.from_state, to=event.to_state, data=event.data, prev=event.prev_hash,
    )  # fmt: skip
    return event
