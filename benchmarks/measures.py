"""What is measured: the doors that people and programs go through all day."""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from urllib.parse import quote
from uuid import UUID

from benchmarks import said
from benchmarks.client import request
from benchmarks.people import People
from grids.models import Building, Person
from tickets import boards, law
from tickets.models import Ticket
from tickets.words import Urgency

V1 = "/api/v1/"
HUNDREDTH = 99 * boards.PAGE
SAMPLE = 400
QUESTIONS = {
    "search, common word": said.COMMON,
    "search, rare word": said.RARE,
    "search, two words": f"{said.COMMON} {said.SELDOM}",
}
Asks = Callable[[int], Iterator[bytes]]
Visit = tuple[Person, str]
"""Who goes to which address."""


@dataclass(frozen=True)
class Measure:
    """一项: a name, what each client asks, and what to know about it."""

    name: str
    asks: Asks
    note: str = ""
    is_fresh_too: bool = False


class Reading:
    """读: lists, tickets, words looked for, counters."""

    def __init__(self, people: People, at: datetime) -> None:
        self.people = people
        self.at = at
        self.desks = [desks[0] for desks in people.desks.values()]
        self.top = people.district[0]

    def measures(self) -> Iterator[Measure]:
        """Each as a page and through the API."""
        yield from self._pair("my queue", "/", "me/turns/", self.desks, is_fresh_too=True)
        busiest = max(self.desks, key=self._length)
        for name, tab, path, person in (
            ("my queue, deep", boards.MINE, "me/turns/", busiest),
            ("open list, deep", boards.OPEN, "tickets/", self.top),
        ):
            note, cursor = self._deep(person, tab)
            more = f"?after={cursor}" if cursor else ""
            page = f"/?tab={tab}" + (f"&after={cursor}" if cursor else "")
            yield from self._pair(name, page, path + more, [person], note=note)
        yield from self._pair("default list", "/?tab=open", "tickets/", [*self.desks, self.top])
        yield from self._tickets()
        for name, words in QUESTIONS.items():
            asked = quote(words)
            yield from self._pair(
                name, f"/search/?q={asked}", f"tickets/?text={asked}", [*self.desks, self.top]
            )
        yield Measure("counters, api", self._program([(one, "me/") for one in self.desks]))

    def _pair(
        self, name: str, page: str, path: str, people: Sequence[Person], *, note: str = "",
        is_fresh_too: bool = False,
    ) -> Iterator[Measure]:  # fmt: skip
        shown = self._browser([(one, page) for one in people])
        told = self._program([(one, path) for one in people])
        yield Measure(f"{name}, page", shown, note, is_fresh_too)
        yield Measure(f"{name}, api", told, note, is_fresh_too)

    def _tickets(self) -> Iterator[Measure]:
        own = {one.pk: one for one in self.desks}
        street = {place: desks[0].pk for place, desks in self.people.desks.items()}
        rows = list(self._sample())
        visits = [(own[street[place]], number) for number, place in rows if place in street]
        pages = [(person, f"/t/{number}/") for person, number in visits]
        yield Measure("ticket, page", self._browser(pages), is_fresh_too=True)
        one = [(person, f"tickets/{number}/") for person, number in visits]
        yield Measure("ticket, api", self._program(one))
        events = [(person, f"tickets/{number}/events/") for person, number in visits]
        yield Measure("ticket's history, api", self._program(events))

    def _sample(self) -> Iterator[tuple[str, int | None]]:
        rows = Ticket.objects.order_by()
        last = rows.order_by("-pk").values_list("pk", flat=True).first() or 1
        luck = random.Random(7)
        keys = [luck.randint(1, last) for _nth in range(SAMPLE)]
        yield from rows.filter(pk__in=keys).values_list("number", "subdistrict_id")

    def _length(self, person: Person) -> int:
        return boards.tickets_of(person, boards.MINE, self.at).rows().count()

    def _deep(self, person: Person, tab: str) -> tuple[str, str]:
        """The hundredth page, or the last one where there are fewer; its cursor."""
        rows = boards.tickets_of(person, tab, self.at).rows()
        rows = rows.order_by(*boards.BY_DUE.names())
        count = min(rows.count(), HUNDREDTH) // boards.PAGE * boards.PAGE
        if not count:
            return "page 1", ""
        last = rows[count - 1 : count].get()
        assert last.due_at is not None
        return f"page {count // boards.PAGE + 1}", str(boards.Cursor(last.due_at, last.pk))

    def _browser(self, visits: Sequence[Visit]) -> Asks:
        return _rounds(
            [request("GET", page, headers=self.people.session(one.pk)) for one, page in visits]
        )

    def _program(self, visits: Sequence[Visit]) -> Asks:
        return _rounds(
            [request("GET", V1 + path, headers=self.people.token(one.pk)) for one, path in visits]
        )


class Reporting:
    """上报: a desk takes down what somebody tells on the phone."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.desks = [(place, desks[0]) for place, desks in people.desks.items()]
        minor = [row for row in law.categories().values() if row.parent_id and row.is_active]
        self.codes = [
            row.code for row in minor if row.urgency != Urgency.URGENT and not row.is_about_staff
        ]
        self.places: dict[int, list[Building]] = defaultdict(list)
        for one in Building.objects.select_related("division").order_by("code"):
            self.places[one.division.subdistrict_id or 0].append(one)

    def measure(self) -> Measure:
        """建单."""
        for _place, desk in self.desks:
            self.people.token(desk.pk)
        return Measure("create, api", self._asks, is_fresh_too=True)

    def _asks(self, nth: int) -> Iterator[bytes]:
        luck = random.Random()
        while True:
            place, desk = luck.choice(self.desks)
            headers = self.people.token(desk.pk)
            headers["Idempotency-Key"] = str(UUID(int=luck.getrandbits(128)))
            told = self._report(luck, luck.choice(self.places[place]))
            body = json.dumps(told, ensure_ascii=False).encode()
            yield request("POST", f"{V1}tickets/", headers=headers, body=body)

    def _report(self, luck: random.Random, where: Building) -> dict[str, object]:
        return {
            "text": said.report(luck), "category": luck.choice(self.codes),
            "lat": where.lat, "lng": where.lng, "address": where.address,
            "name": "陈女士", "phone": f"139{luck.randint(0, 99999999):08d}",
        }  # fmt: skip


def _rounds(requests: list[bytes]) -> Asks:
    """Each client goes round, beginning elsewhere."""

    def asks(nth: int) -> Iterator[bytes]:
        start = nth * 7 % max(len(requests), 1)
        return cycle(requests[start:] + requests[:start])

    return asks
