"""Every page of the staff, asked inside one process: what the server needs, without a network.

A page is asked by whoever has most to see on it. Statements are counted; milliseconds hang on
the machine, so each page is told beside one that shows no tickets at all.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client

from benchmarks import said
from benchmarks.client import request
from benchmarks.crowd import percentile
from benchmarks.measuring import write
from benchmarks.people import People
from benchmarks.profile import send
from common import clock
from common.meter import Count
from grids.models import Person
from tickets import desks, workloads
from tickets.models import Ticket

WARM, TIMES, TICKETS = 4, 30, 12
GOAL = 100.0
"""Milliseconds, p95, with 100,000 tickets."""
BARE = "preferences"
"""The page that the others are told beside."""
DESK, SHIFT, HANDLER, HEAD = "desk_003_1", "shift_000_1", "cg_003_handler_1", "cg_003_head"
LEADER, STREET, WORKER, ADMIN = "leader_000", "leader_003", "gw_003050001", "admin"
BEHIND = ("resolve", "responded", "solved", "reworked", "returned", "placed", "found")
COLUMNS = (
    "| | p50 ms | p95 ms | × bare page | CPU ms | database ms | statements |\n"
    "|---|--:|--:|--:|--:|--:|--:|"
)
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Page:
    """一页: the name of its door, who asks, and where; {number} is a ticket this person sees."""

    door: str
    who: str
    address: str

    @property
    def name(self) -> str:
        return f"{self.address} ({self.who})"


def pages(at: datetime) -> list[Page]:
    """各页: each door at least once."""
    return [*_desks(), *_figures(at), *_walkers()]


def _desks() -> list[Page]:
    """受理和承办."""
    words = quote(said.COMMON)
    return [
        Page(BARE, HANDLER, "/me/notices/"),
        Page("profile", DESK, "/me/"),
        Page("queue", DESK, "/"),
        Page("queue", LEADER, "/?tab=open"),
        Page("ticket", DESK, "/t/{number}/"),
        Page("ticket_deadlines", HANDLER, "/t/{number}/deadlines/"),
        Page("report", DESK, "/report/"),
        Page("search", DESK, f"/search/?q={words}"),
        Page("inbox", DESK, "/inbox/"),
        Page("inbox_count", DESK, "/inbox/count/"),
        Page("ringing", DESK, "/ringing/"),
        Page("approvals", SHIFT, "/approvals/"),
        *(Page("desk", DESK, f"/desk/?tab={tab}") for tab in desks.TABS),
        Page("desk", DESK, "/desk/?t={number}"),
        Page("desk_list", DESK, "/desk/list/"),
        Page("incidents", SHIFT, "/incidents/"),
        *(Page("unit", HEAD, f"/unit/?tab={tab}") for tab in workloads.NAMES),
        Page("unit_list", HEAD, "/unit/list/"),
        Page("unit_suspended", HEAD, "/unit/suspended/"),
        Page("standins", HEAD, "/me/standins/"),
    ]


def _figures(at: datetime) -> list[Page]:
    """数据: of the district, of a street, of a unit and of a long time."""
    today = clock.local(at).date()
    quarter = f"?since={today - timedelta(weeks=13)}&until={today}"
    return [
        *(Page("figures", who, "/figures/") for who in (LEADER, STREET)),
        Page("figures", LEADER, f"/figures/{quarter}"),
        Page("figures", LEADER, "/figures/?unit=CG-003"),
        *(
            Page("figures_behind", LEADER, f"/figures/behind/?m={name}&part={part}")
            for name in BEHIND
            for part in ("due", "missed")
        ),
        *(Page("figures_cards", who, "/figures/cards/") for who in (LEADER, STREET)),
        Page("figures_cards", LEADER, f"/figures/cards/{quarter}"),
        *(Page("figures_late", who, "/figures/late/") for who in (LEADER, STREET)),
        *(Page("figures_repeat", who, "/figures/repeat/") for who in (LEADER, STREET)),
        *(
            Page("figures_report", LEADER, f"/figures/report/?kind={kind}")
            for kind in ("day", "week", "month")
        ),
        Page("figures_map", LEADER, "/figures/map/"),
        Page("figures_points", LEADER, "/figures/map.json"),
        Page("figures_points", LEADER, f"/figures/map.json{quarter}&show=period"),
        Page("figures_wall", LEADER, "/figures/wall/"),
        Page("figures_wall_part", LEADER, "/figures/wall/part/"),
    ]


def _walkers() -> list[Page]:
    """督办、巡查和网格."""
    return [
        Page("supervisions", LEADER, "/supervisions/"),
        Page("patrol", LEADER, "/patrol/"),
        *(Page(f"field_{name}", WORKER, f"/field/{name}/")
          for name in ("report", "tasks", "mine", "queue", "patrol", "offline")),
        Page("field", WORKER, "/field/"),
        Page("field_ticket", WORKER, "/field/t/{number}/"),
        Page("field_kit", WORKER, "/field/kit.json"),
        Page("security", ADMIN, "/security/"),
    ]  # fmt: skip


@dataclass
class Asking:
    """提问: all of them one after another, each a few times before it counts."""

    at: datetime
    tell: Tell

    def run(self, only: str = "") -> None:
        """Tells each, and keeps them for the report."""
        people, found = People(self.at), []
        names = {one.who for one in pages(self.at)}
        known = {one.username: one for one in Person.objects.filter(username__in=names)}
        people.known |= {one.pk: one for one in known.values()}
        for page in pages(self.at):
            if only not in page.name or page.who not in known:
                continue
            person = known[page.who]
            visits = [
                request("GET", one, headers=people.session(person.pk))
                for one in self._addresses(page, person)
            ]  # fmt: skip
            if visits:
                found.append({"name": page.name, "door": page.door, **asked(visits)})
                self.tell(line(found[-1]))
        write({"tickets": Ticket.objects.count(), "pages": found}, "pages")

    def _addresses(self, page: Page, person: Person) -> Sequence[str]:
        if "{number}" not in page.address:
            return [page.address]
        seen = Ticket.objects.visible_to(person, self.at)
        if page.door == "desk":
            seen = seen.open()
        numbers = seen.order_by("-pk").values_list("number", flat=True)[:TICKETS]
        return [page.address.format(number=number) for number in numbers]


def asked(visits: Sequence[bytes]) -> dict[str, Any]:
    """One page: milliseconds as a server sees them, processor time of its thread, statements."""
    client = Client(raise_request_exception=False)
    going: Iterator[bytes] = cycle(visits)
    for one in islice(going, max(WARM, len(visits))):
        send(client, one)
    took, used, within, counts = [], [], [], []
    for one in islice(going, TIMES):
        count, begun, cpu = Count(), time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(count):
            send(client, one)
        took.append((time.perf_counter() - begun) * 1000)
        used.append((time.thread_time() - cpu) * 1000)
        within.append(count.seconds * 1000)
        counts.append(count.statements)
    return {
        "p50": percentile(sorted(took), 50), "p95": percentile(sorted(took), 95),
        "cpu": percentile(sorted(used), 50), "db": percentile(sorted(within), 50),
        "least": min(counts), "statements": max(counts),
    }  # fmt: skip


def line(told: dict[str, Any]) -> str:
    """一行."""
    mark = "  OVER" if told["p95"] > GOAL else ""
    return (
        f"  {told['name']:<58} p50 {told['p50']:7.1f}  p95 {told['p95']:7.1f} ms"
        f"  cpu {told['cpu']:6.1f}  db {told['db']:6.1f} in {told['statements']}{mark}"
    )


def table(found: Sequence[dict[str, Any]]) -> str:
    """表: in Markdown, each beside the page that shows no ticket."""
    bare = next((one["p50"] for one in found if one["door"] == BARE), 0.0)
    rows = []
    for one in found:
        beside = f"{one['p50'] / bare:.1f}" if bare else ""
        took = (
            f"{one['p50']:.0f} | {one['p95']:.0f} | {beside} | {one['cpu']:.0f} | {one['db']:.0f}"
        )
        rows.append(f"| `{one['name']}` | {took} | {one['statements']} |")
    return "\n".join([f"## Pages of the staff\n\n{COLUMNS}", *rows, ""])
