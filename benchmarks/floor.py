"""The floor: the same rows written and read by bare psycopg, on the same machine at the same time.

Nothing in Python can be faster than this; how far above it the house stands is what it costs.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from typing import Any

import psycopg

from benchmarks import filling, sealing
from benchmarks.cloning import Copier
from benchmarks.compiling import Compiled, compiled
from benchmarks.crowd import Run
from benchmarks.fuel import SPREAD, fits
from benchmarks.load import Plan, contacts
from benchmarks.measures import Reading
from benchmarks.measuring import line, write
from benchmarks.people import People
from benchmarks.rows import Insert, inserts
from benchmarks.tables import KEPT
from tickets import boards
from tickets.models import Ticket
from tickets.states import State

COUNTER = "bench_floor"
COUNT = (
    f"INSERT INTO {COUNTER} (k, last) VALUES (1, 1)"
    f" ON CONFLICT (k) DO UPDATE SET last = {COUNTER}.last + 1 RETURNING last"
)
A_SECOND = 200  # tickets written for each second that was asked for
QUEUE = """
SELECT t.*, c.name, u.name, d.name,
  (SELECT left(w.text, 120) FROM tickets_words w
   WHERE w.ticket_id = t.id AND w.kind = 'REPORT' ORDER BY w.id LIMIT 1)
FROM tickets_ticket t
LEFT JOIN tickets_category c ON c.id = t.category_id
LEFT JOIN grids_unit u ON u.id = t.unit_id
LEFT JOIN grids_division d ON d.id = t.division_id
WHERE t.id = ANY(%s) ORDER BY t.due_at, t.id
"""
OF_TICKET = (
    "SELECT * FROM tickets_ticket WHERE id = %s",
    "SELECT * FROM tickets_event WHERE ticket_id = %s ORDER BY seq",
    "SELECT * FROM tickets_words WHERE ticket_id = %s ORDER BY id",
    "SELECT * FROM tickets_clock WHERE ticket_id = %s ORDER BY id",
    "SELECT * FROM tickets_attachment WHERE ticket_id = %s ORDER BY id",
)
Act = Callable[["psycopg.Connection[Any]"], bool]
"""Once; False when nothing is left to do."""


@dataclass
class Floor:
    """地板."""

    clients: Sequence[int]
    seconds: float
    at: datetime
    tell: Callable[[str], None]
    found: list[dict[str, Any]] = field(default_factory=list)

    def run(self) -> None:
        """One durable commit; a whole ticket, with and without the gapless number; reads by key."""
        with psycopg.connect(filling.address(), autocommit=True) as connection:
            connection.execute(f"DROP TABLE IF EXISTS {COUNTER}")
            connection.execute(f"CREATE TABLE {COUNTER} (k int PRIMARY KEY, last int NOT NULL)")
            for clients in self.clients:
                self._measure("one durable commit", clients, lambda _nth: _commit)
                self._write(connection, "create", clients, is_counted=True)
                self._write(connection, "create, not counted", clients, is_counted=False)
            connection.execute(f"DROP TABLE {COUNTER}")
        for clients in self.clients:
            self._measure("my queue", clients, self._queue())
            self._measure("ticket", clients, self._ticket())

    def _write(
        self, connection: "psycopg.Connection[Any]", name: str, clients: int, *, is_counted: bool
    ) -> None:
        """The rows are made beforehand, true to the last hash; only writing them is measured."""
        made = _reported()
        plan = Plan(connection, [made], self.at, random.Random(clients), SPREAD)
        copier = Copier([made], KEPT, contacts(5, 1), random.Random(str(plan.next)))
        waiting, heads = [], []
        for one in plan.make(int(self.seconds * A_SECOND) + clients):
            lines, head = copier.clone(one)
            waiting.append(inserts(lines))
            heads.append(head)
        seals = sealing.Sealer(connection, self.at)  # knows how many there were before
        left = iter(waiting)
        lock = threading.Lock()
        self._measure(name, clients, lambda _nth: _writer(left, lock, is_counted), until=3600)
        plan.note(connection)
        seals.add("".join(heads))
        seals.end()

    def _queue(self) -> Callable[[int], Act]:
        people = People(self.at)
        pages = [
            [row.pk for row in boards.page(rows, boards.BY_DUE).rows]
            for desk in Reading(people, self.at).desks
            for rows in [boards.tickets_of(desk, boards.MINE, self.at)]
        ]
        return lambda nth: _reader([QUEUE], pages[nth % len(pages) :] + pages)

    def _ticket(self) -> Callable[[int], Act]:
        last = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
        return lambda nth: _reader(OF_TICKET, [random.Random(nth).randint(1, last) for _ in OFTEN])

    def _measure(
        self, name: str, clients: int, make: Callable[[int], Act], *, until: float = 0
    ) -> None:
        run = _Bare(clients, until or self.seconds, make).run()
        told = {"name": name, "note": "", "fresh": False, **run.told()}
        self.found.append(told)
        self.tell(line(told))
        write({"found": self.found}, "floor")


OFTEN = range(500)


@dataclass
class _Bare:
    """Clients without HTTP and without Django."""

    clients: int
    seconds: float
    make: Callable[[int], Act]

    def run(self) -> Run:
        self.made = Run(self.clients)
        self.lock = threading.Lock()
        self.start = threading.Barrier(self.clients + 1)
        threads = [
            threading.Thread(target=self._client, args=(nth,), daemon=True)
            for nth in range(self.clients)
        ]
        for thread in threads:
            thread.start()
        self.start.wait()
        begun = time.perf_counter()
        for thread in threads:
            thread.join()
        self.made.seconds = time.perf_counter() - begun
        return self.made

    def _client(self, nth: int) -> None:
        act, took = self.make(nth), []
        with psycopg.connect(filling.address(), autocommit=True) as connection:
            self.start.wait()
            until = time.perf_counter() + self.seconds
            while (begun := time.perf_counter()) < until and act(connection):
                took.append(time.perf_counter() - begun)
        with self.lock:
            self.made.took += took


def _commit(connection: "psycopg.Connection[Any]") -> bool:
    connection.execute(COUNT)
    return True


def _writer(waiting: Iterator[list[Insert]], lock: threading.Lock, is_counted: bool) -> Act:
    def act(connection: "psycopg.Connection[Any]") -> bool:
        with lock:
            rows = next(waiting, None)
        if rows is None:
            return False
        with connection.transaction():
            if is_counted:  # held until the commit, as in the house
                connection.execute(COUNT)
            for statement, values in rows:
                connection.execute(statement, values)
        return True

    return act


def _reader(statements: Sequence[str], keys: Sequence[Any]) -> Act:
    wanted = cycle(keys)

    def act(connection: "psycopg.Connection[Any]") -> bool:
        key = next(wanted)
        for statement in statements:
            connection.execute(statement, [key]).fetchall()
        return True

    return act


def _reported() -> Compiled:
    family = next(one for one in filling.models() if fits(one, State.REPORTED))
    return compiled(family)
