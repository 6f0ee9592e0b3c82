"""Routing in bulk: accepted tickets wait while nobody works; then the worker begins."""

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from celery import current_app
from django.db.models import Count, Max, Min

from benchmarks import filling, usage
from benchmarks.fuel import Fuel
from benchmarks.measuring import write
from benchmarks.people import People
from tickets.models import Event, Ticket
from tickets.states import State

PATIENCE = 180.0
EVERY = 0.2
TASKS = ("tickets.tasks.route", "tickets.tasks.sweep")
Tell = Callable[[str], None]


def fill(count: int, *, at: datetime, tell: Tell) -> None:
    """积压: so many accepted tickets, and for each the poke that acceptance sent."""
    before = _last()
    made = Fuel(People(at), at).waiting(count)
    rows = Ticket.objects.filter(pk__gt=before, state=State.ACCEPTED).order_by("pk")
    for pk in rows.values_list("pk", flat=True):
        current_app.send_task(TASKS[0], kwargs={"ticket_id": pk}, ignore_result=True)
    write({"after": before, "count": made, "log": _log_size()}, "waiting")
    tell(f"  {made:,} accepted tickets wait")


def watch(waiting: dict[str, Any], *, tell: Tell) -> None:
    """守候: until all are dispatched and everybody concerned was told."""
    rows = Ticket.objects.filter(pk__gt=waiting["after"], pk__lte=_last())
    begun = time.monotonic()
    while rows.filter(state=State.ACCEPTED).exists() or _untold().exists():
        if time.monotonic() - begun > PATIENCE:
            tell("  routing: not done in time")
            break
        time.sleep(EVERY)
    told = {"tickets": waiting["count"], **_speed(waiting["after"]), **_tasks(waiting), **_memory()}
    write(told, "backlog")
    tell("  routing    " + ", ".join(f"{name} {value}" for name, value in told.items()))


def _speed(after: int) -> dict[str, float]:
    """By the record: from the first dispatch to the last, and until everybody was told."""
    rows = Event.objects.filter(ticket_id__gt=after, verb="dispatch")
    found = rows.aggregate(n=Count("pk"), first=Min("at"), last=Max("at"), told=Max("announced_at"))
    if found["n"] < 2:
        return {"dispatched": found["n"], "per_second": 0.0}
    seconds = (found["last"] - found["first"]).total_seconds() or 1e-9
    told = ((found["told"] or found["last"]) - found["first"]).total_seconds()
    return {
        "dispatched": found["n"],
        "seconds": round(seconds, 1),
        "per_second": round((found["n"] - 1) / seconds, 1),
        "all_told_after_seconds": round(told, 1),
    }


def _tasks(waiting: dict[str, Any]) -> dict[str, float]:
    """Tasks that the worker did, out of its log."""
    with _log().open(encoding="utf-8", errors="replace") as file:
        file.seek(waiting["log"])
        lines = [line for line in file if " succeeded in " in line]
    done = {name: sum(f"{name}[" in line for line in lines) for name in TASKS}
    count = max(waiting["count"], 1)
    return {
        "route_tasks": done[TASKS[0]],
        "sweep_tasks": done[TASKS[1]],
        "tasks_a_ticket": round(sum(done.values()) / count, 2),
    }


def _memory() -> dict[str, Any]:
    worker = usage.processes().get("worker")
    if worker is None:
        return {}
    return {
        "worker_mib": [round(one) for one in usage.resident(worker)],
        "worker_own_mib": [round(one) for one in usage.memory(worker)],
    }


def _untold() -> Any:
    return Event.objects.filter(announced_at=None)


def _last() -> int:
    return Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _log() -> Path:
    return filling.folder() / "logs" / "worker.log"


def _log_size() -> int:
    return os.path.getsize(_log()) if _log().exists() else 0
