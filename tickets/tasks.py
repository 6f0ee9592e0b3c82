"""Celery tasks: pokes only. Keyword ids in, one call, nothing out (DESIGN §2 law 6)."""

from celery import shared_task

from common import clock
from common.errors import Refused
from tickets import actions, seals, sweeps
from tickets.models import Ticket


@shared_task
def route(*, ticket_id: int) -> None:
    """派单: right after acceptance; the sweep does what this one misses."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    try:
        if ticket is not None:
            actions.route(ticket, at=clock.now())
    except Refused:
        return  # somebody else was first


@shared_task
def sweep(*, name: str) -> None:
    """清扫 by name."""
    sweeps.run(name, at=clock.now())


@shared_task
def seal() -> None:
    """封存: hourly."""
    seals.seal(at=clock.now())
