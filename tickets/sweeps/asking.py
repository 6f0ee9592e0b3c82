"""Sweeps of what ran out beside the clocks: requests, questions and turns to verify."""

from datetime import datetime

from common.actors import SYSTEM
from tickets import actions
from tickets.models import Approval, Ticket
from tickets.models.approval import ApprovalState
from tickets.states import State
from tickets.sweeps.each import each
from tickets.words import Turn


def approvals(*, at: datetime) -> int:
    """审批上报: overdue and undecided; each once."""
    overdue = Approval.objects.filter(
        state=ApprovalState.PENDING, risen_at=None, due_at__lte=at
    ).values("ticket_id")
    tickets = Ticket.objects.filter(pk__in=overdue)
    return each("approvals", tickets, lambda t: raise_what_waits(t, at=at), at)


def raise_what_waits(ticket: Ticket, *, at: datetime) -> None:
    """审批上报: nothing, if it was decided since the list was read."""
    pending = Approval.objects.filter(ticket=ticket, state=ApprovalState.PENDING).first()
    if pending is not None:
        actions.raise_request(pending, by=SYSTEM, at=at)


def inquiries(*, at: datetime) -> int:
    """询问到期: unanswered ones; whoever asked is told."""
    due = Ticket.objects.filter(asked_until__lte=at)
    return each("inquiries", due, lambda t: actions.lapse_question(t, by=SYSTEM, at=at), at)


def turns(*, at: datetime) -> int:
    """核查转交: half the limit is gone; the desk is told."""
    waiting = Ticket.objects.filter(
        state=State.RESOLVED, risen_at=None, turn_rises_at__lte=at,
        turn__in=(Turn.GRID, Turn.REPORTER),
    )  # fmt: skip
    return each("turns", waiting, lambda t: actions.raise_turn(t, by=SYSTEM, at=at), at)
