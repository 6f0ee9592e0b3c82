"""What ran out and is told once, while the chain goes on: questions, and turns to verify."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import Impossible
from tickets.actions._move import hand
from tickets.models import Event, Ticket
from tickets.states import State
from tickets.words import Turn

OTHERS = (Turn.GRID, Turn.REPORTER)


def lapse_question(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """询问到期: nobody answered; whoever asked is told, nothing else changes."""
    with hand(ticket, "remind", by=by, at=at) as h:
        until = h.ticket.asked_until
        if until is None or at < until:
            raise Impossible(_("没有到期的询问。"))
        asked = Event.objects.filter(ticket=h.ticket, verb="inquire").latest("seq")
        h.ticket.asked_until = None
        h.data.update(question=asked.seq, lapsed=True)
    return ticket


def raise_turn(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """核查转交: half the limit is gone, the desk may verify, too; it is told once.

    The turn itself is read off the time (`models.ways`), whether this was done or not.
    """
    with hand(ticket, "remind", by=by, at=at) as h:
        now, rises_at = h.ticket, h.ticket.turn_rises_at
        is_waiting = now.state == State.RESOLVED and now.turn in OTHERS and now.risen_at is None
        if not is_waiting or rises_at is None or at < rises_at:
            raise Impossible(_("没有要转交的核查。"))
        now.risen_at = at
        h.data["rises"] = True
    return ticket
