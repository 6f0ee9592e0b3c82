"""What tests of timers share: what is armed, what came, and firing at an instant."""

from datetime import datetime
from typing import Any

from tickets import sweeps
from tickets.models import Event, Ticket, Timer
from tickets.models.timer import TimerState
from tickets.words import Promise

STEPS = ("remind", "warn", "escalate")


def armed(ticket: Ticket, promise: Promise) -> Timer:
    """The one armed timer of the ticket's latest clock of that promise."""
    rows = Timer.objects.filter(ticket=ticket, clock__promise=promise, state=TimerState.ARMED)
    found = rows.order_by("-clock_id").first()
    assert found is not None
    return found


def came(ticket: Ticket, promise: Promise) -> list[tuple[int, int]]:
    """Steps that came, in the order in which they were due."""
    rows = Timer.objects.filter(ticket=ticket, clock__promise=promise, state=TimerState.FIRED)
    return list(rows.order_by("due_at", "id").values_list("nth", "again"))


def fire(at: datetime) -> int:
    """As the sweep does it."""
    return sweeps.run("timers", at=at)


def steps(ticket: Ticket, promise: Promise | None = None) -> list[Event]:
    """Events of steps, oldest first; of one promise or of all."""
    where: dict[str, Any] = {"data__promise": promise} if promise else {}
    rows = Event.objects.filter(ticket=ticket, verb__in=STEPS, **where)
    return list(rows.order_by("seq"))
