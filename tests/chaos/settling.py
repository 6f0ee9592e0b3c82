"""When everything that was to come has come: asked of the rows, with a deadline."""

import threading
import time
from datetime import datetime

from django.db import Error, connection
from django.db.models import OuterRef, QuerySet, Subquery

from grids.models import WorkCalendar
from notices.models import PENDING, Delivery
from tests.chaos.judge import unrouted
from tickets.actions.timing import due_ids
from tickets.models import Clock, Event
from tickets.models.clock import ClockState

DEADLINE = 240.0
QUIET = 3  # times in a row that nothing waits


def waiting(at: datetime, *, with_dates: bool) -> dict[str, int]:
    """还在等: by kind; empty when nothing does. Dates follow a calendar within a minute or two."""
    counts = {
        "news": Event.objects.filter(announced_at=None).count(),
        "steps": len(due_ids(at)),
        "deliveries": Delivery.objects.filter(state__in=PENDING, not_before__lte=at).count(),
        "routes": unrouted().count(),
        "dates": outdated().count() if with_dates else 0,
    }
    return {kind: count for kind, count in counts.items() if count}


def outdated() -> QuerySet[Clock]:
    """按旧日历算的: clocks that run by a calendar that was changed since."""
    calendar = WorkCalendar.objects.filter(code=OuterRef("calendar")).values("revision")
    running = Clock.objects.filter(state=ClockState.RUNNING)
    return running.filter(computed_rev__lt=Subquery(calendar))


def settle(at: datetime, *, with_dates: bool) -> dict[str, int]:
    """落定: what still waits at the deadline."""
    until, quiet = time.monotonic() + DEADLINE, 0
    left: dict[str, int] = {"never looked": 1}
    pause = threading.Event()
    while quiet < QUIET and time.monotonic() < until:
        try:
            left = waiting(at, with_dates=with_dates)
        except Error:
            connection.close()
        quiet = 0 if left else quiet + 1
        pause.wait(0.5)
    return left
