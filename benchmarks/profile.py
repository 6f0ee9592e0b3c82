"""Where the milliseconds of a request go: profiled inside one process, by part of the house."""

import cProfile
import pstats
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from django.db import connection
from django.test import Client

from benchmarks.fuel import STATES, Fuel
from benchmarks.measures import Reading, Reporting
from benchmarks.people import People
from common.meter import Count

WARM, TIMES, SHOWN = 10, 60, 25
ROOT = Path(__file__).resolve().parents[1]
PARTS = (
    ("django/template", "templates"), ("django/forms", "forms"), ("django/utils/trans", "gettext"),
    ("gettext.py", "gettext"), ("psycopg", "psycopg"), ("django/db/backends", "database, Django"),
    ("django/db/models/sql", "SQL made"), ("django/db", "ORM"), ("rest_framework", "REST"),
    ("django/core/handlers", "handlers"), ("django", "Django, other"), ("json", "JSON"),
    (str(ROOT / ".venv"), "packages, other"), (str(ROOT), "ours"), ("~", "built in"),
)  # fmt: skip
"""The first that a file's name holds says where its time belongs."""
WAYS: tuple[tuple[str, Literal[0, 1]], ...] = (("own time", 0), ("with what it calls", 1))
Tell = Callable[[str], None]


@dataclass
class Profile:
    """剖析: of one measure by its name."""

    name: str
    at: datetime
    tell: Tell

    def run(self) -> None:
        """Time without the profiler first: with it everything takes twice as long."""
        requests = requests_of(self.name, self.at)
        client = Client(raise_request_exception=False)
        for request in islice(requests, WARM):
            send(client, request)
        count, begun, cpu = Count(), time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(count):
            for request in islice(requests, TIMES):
                send(client, request)
        total, cpu = time.perf_counter() - begun, time.thread_time() - cpu
        self.tell(
            f"{self.name}: {total / TIMES * 1000:.2f} ms a request, cpu {cpu / TIMES * 1000:.2f},"
            f" in {count.statements / TIMES:.1f} statements {count.seconds / TIMES * 1000:.2f}"
        )
        profiler = cProfile.Profile(time.thread_time)  # others on the machine do not count
        for request in islice(requests, TIMES):
            profiler.runcall(send, client, request)
        self._show(pstats.Stats(profiler))

    def _show(self, stats: Any) -> None:
        parts: Counter[str] = Counter()
        rows: list[tuple[float, float, int, str]] = []
        for (file, line, name), (_cc, calls, own, whole, _callers) in stats.stats.items():
            parts[_part(file)] += own
            rows.append((own, whole, calls, f"{_short(file)}:{line} {name}"))
        all_of_it = sum(parts.values())
        for part, seconds in parts.most_common():
            self.tell(f"  {seconds / all_of_it:6.1%}  {seconds / TIMES * 1000:6.2f} ms  {part}")
        for title, nth in WAYS:
            self.tell(f"  by {title}: ms a request, calls a request")
            shown = sorted(((row[nth], row[2], row[3]) for row in rows), reverse=True)[:SHOWN]
            for took, often, where in shown:
                self.tell(f"  {took / TIMES * 1000:7.2f} {often / TIMES:8.1f}  {where}")


def requests_of(name: str, at: datetime) -> Iterator[bytes]:
    """请求 of a measure, by its name."""
    people = People(at)
    verb = name.partition(",")[0]
    if verb in STATES:
        return Fuel(people, at).pour(verb, WARM + 2 * TIMES)
    for measure in (*Reading(people, at).measures(), Reporting(people).measure()):
        if measure.name == name:
            return measure.asks(0)
    raise LookupError(f"there is no measure {name!r}")


def send(client: Client, request: bytes) -> None:
    """发出: through all of Django, without a server."""
    head, _gap, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _version = first.split()
    headers = dict(line.split(": ", 1) for line in lines)
    headers["Host"] = "localhost"
    kind = headers.pop("Content-Type", "application/json")
    headers.pop("Content-Length", None)
    answer = client.generic(method, path, body, content_type=kind, headers=headers)
    if answer.status_code >= 300:
        raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:300]!r}")


def _part(file: str) -> str:
    return next((part for mark, part in PARTS if mark in file), "Python")


def _short(file: str) -> str:
    return file.partition("site-packages/")[2] or file.removeprefix(f"{ROOT}/")
