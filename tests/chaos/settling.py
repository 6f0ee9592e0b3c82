"""When everything that was to come has come: asked of the rows, with a deadline."""

import threading
import time
from datetime import datetime

from django.db import Error, connection

from notices import leasing
from tests.chaos.judge import unrouted
from tickets.actions.timing import due_ids
from tickets.models import Event

DEADLINE = 240.0
QUIET = 3  # times in a row that nothing waits


def waiting(at: datetime) -> dict[str, int]:
    """还在等: by kind; empty when nothing does."""
    counts = {
        "news": Event.objects.filter(announced_at=None).count(),
        "steps": len(due_ids(at)),
        "deliveries": leasing.due(at).count(),
        "routes": unrouted().count(),
    }
    return {kind: count for kind, count in counts.items() if count}


def settle(at: datetime) -> dict[str, int]:
    """落定: what still waits at the deadline."""
    until, quiet = time.monotonic() + DEADLINE, 0
    left: dict[str, int] = {"never looked": 1}
    pause = threading.Event()
    while quiet < QUIET and time.monotonic() < until:
        try:
            left = waiting(at)
        except Error:
            connection.close()
        quiet = 0 if left else quiet + 1
        pause.wait(0.5)
    return left
