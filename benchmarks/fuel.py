"""Fresh tickets for the verbs that are measured: each of them can be used once."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks import filling
from benchmarks.client import request
from benchmarks.load import Loader
from benchmarks.people import People
from benchmarks.tables import Family
from tickets.actions.outcome import asks_after_photo
from tickets.models import Ticket
from tickets.states import State
from tickets.words import Origin, Urgency

ANSWER = "经现场核实情况属实，已于今日处理完毕并安排专人复查，如再出现请随时告诉我们。"
STATES = {"accept": State.REPORTED, "claim": State.DISPATCHED, "resolve": State.HANDLING}
RESULT = {"result": "DONE", "note": "已到场处理。", "proposed_answer": ANSWER}
SPREAD = timedelta(hours=2)


@dataclass
class Fuel:
    """备料: makes tickets that wait for a verb, by cloning models that do."""

    people: People
    at: datetime

    def pour(self, verb: str, count: int) -> Iterator[bytes]:
        """So many requests, each on a ticket of its own; may be shared by threads."""
        state = STATES[verb]
        wanted = [one for one in filling.models() if fits(one, state)]
        loader = Loader(filling.address(), self.at, lambda _line: None, processes=1)
        loader.clone(count, wanted, spread=SPREAD)
        rows: Any = Ticket.objects.filter(number__in=loader.numbers, state=state).values(
            "number", "version", "unit_id", "handler_id", "subdistrict_id", "category__code"
        )
        return Shared([self._request(verb, row) for row in rows])

    def waiting(self, count: int) -> int:
        """派单积压: accepted, to be dispatched by rule."""
        wanted = [
            one
            for one in filling.models()
            if len(one.tickets) == 1
            and one.tickets[0]["state"] == State.ACCEPTED
            and not one.tickets[0]["needs_hand"]
            and not one.tickets[0]["has_request"]
        ]
        loader = Loader(filling.address(), self.at, lambda _line: None, processes=1)
        return loader.clone(count, wanted, spread=SPREAD)

    def _request(self, verb: str, row: dict[str, Any]) -> bytes:
        headers = self.people.token(self._actor(verb, row))
        headers["If-Match"] = f'"{row["version"]}"'
        bodies = {"accept": {"category": row["category__code"]}, "claim": {}, "resolve": RESULT}
        body = json.dumps(bodies[verb], ensure_ascii=False).encode()
        return request(
            "POST", f"/api/v1/tickets/{row['number']}/{verb}/", headers=headers, body=body
        )

    def _actor(self, verb: str, row: dict[str, Any]) -> int:
        if verb == "accept":
            return self.people.desks[row["subdistrict_id"]][0].pk
        if verb == "claim":
            return self.people.staff[row["unit_id"]][0].pk
        return int(row["handler_id"])


class Shared(Iterator[bytes]):
    """共用: every request is taken by one thread only."""

    def __init__(self, requests: list[bytes]) -> None:
        self._requests = iter(requests)
        self._lock = threading.Lock()

    def __next__(self) -> bytes:
        with self._lock:
            return next(self._requests)


def fits(family: Family, state: str) -> bool:
    """合用: one plain ticket, on which a verb does what it mostly does."""
    if len(family.tickets) != 1:
        return False
    row = family.tickets[0]
    is_plain = row["origin"] == Origin.RESIDENT and row["urgency"] != Urgency.URGENT
    is_free = not (row["has_request"] or row["open_assists"] or row["is_sensitive"])
    is_known = row["category_id"] is not None and not row["confirmation"]
    if not (row["state"] == state and is_plain and is_free and is_known):
        return False
    ticket = Ticket.objects.get(pk=row["id"])
    assert ticket.category is not None
    return not (ticket.category.is_about_staff or asks_after_photo(ticket))
