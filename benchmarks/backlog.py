"""Routing in bulk: accepted tickets wait while nobody works; then the worker begins."""

import json
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import filling, usage
from benchmarks.fuel import Fuel
from benchmarks.measuring import write
from benchmarks.people import People
from hubin.celery import app
from tickets.models import Event, Ticket
from tickets.states import State

PATIENCE = 180.0
EVERY = 0.1
TASKS = ("tickets.tasks.route", "tickets.tasks.sweep")
Tell = Callable[[str], None]


def fill(count: int, *, with_pokes: bool, at: datetime, tell: Tell) -> None:
    """积压: so many accepted tickets; `with_pokes`, for each the task that acceptance sent.

    Without them the pokes were lost, and only the sweep knows.
    """
    before = _last()
    # what was measured before left its tasks to nobody
    app.control.purge()
    made = Fuel(People(at), at).waiting(count)
    rows = _waiting(before).order_by("pk")
    for pk in rows.values_list("pk", flat=True) if with_pokes else ():
        app.send_task(TASKS[0], kwargs={"ticket_id": pk}, ignore_result=True)
    write({"after": before, "count": made, "log": _log_size()}, "waiting")
    tell(f"  {made:,} accepted tickets wait")


def watch(name: str, waiting: dict[str, Any], *, tell: Tell) -> None:
    """守候: until all are dispatched and everybody concerned was told."""
    marks = _dispatching(waiting)
    until = time.monotonic() + PATIENCE
    while _untold().exists() and time.monotonic() < until:
        time.sleep(EVERY)
    told = {
        "tickets": waiting["count"], **_speed(marks, time.monotonic()), **_tasks(waiting),
        **_memory(),
    }  # fmt: skip
    path = filling.folder() / "backlog.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    write({**known, name: told}, "backlog")
    tell(f"  routing by {name}: " + ", ".join(f"{key} {value}" for key, value in told.items()))


def _dispatching(waiting: dict[str, Any]) -> list[tuple[float, int]]:
    """Moments and how many still waited then, from the last with all of them to the end."""
    rows = _waiting(waiting["after"])
    marks = [(time.monotonic(), rows.count())]
    until = marks[0][0] + PATIENCE
    while marks[-1][1] and marks[-1][0] < until:
        time.sleep(EVERY)
        mark = (time.monotonic(), rows.count())
        if mark[1] == marks[0][1]:
            marks.clear()
        marks.append(mark)
    return marks


def _speed(marks: list[tuple[float, int]], end: float) -> dict[str, float]:
    (begun, all_of_them), (done, left) = marks[0], marks[-1]
    seconds = max(done - begun, EVERY)
    return {
        "left": left,
        "seconds": round(seconds, 1),
        "per_second": round((all_of_them - left) / seconds, 1),
        "all_told_after_seconds": round(end - begun, 1),
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
        "tasks_a_ticket": round(done[TASKS[0]] / count, 2),
    }


def _memory() -> dict[str, Any]:
    worker = usage.processes().get("worker")
    if worker is None:
        return {}
    return {
        "worker_mib": [round(one) for one in usage.resident(worker)],
        "worker_own_mib": [round(one) for one in usage.memory(worker)],
    }


def _waiting(after: int) -> Any:
    return Ticket.objects.filter(pk__gt=after, state=State.ACCEPTED)


def _untold() -> Any:
    return Event.objects.filter(announced_at=None)


def _last() -> int:
    return Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _log() -> Path:
    return filling.folder() / "logs" / "worker.log"


def _log_size() -> int:
    return os.path.getsize(_log()) if _log().exists() else 0
