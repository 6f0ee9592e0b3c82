"""Tickets that move through the chain over HTTP, each act repeated until it is answered."""

import http.client
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.client import Answer, Wire, request
from tests.chaos.trips import AIMS, CATEGORIES, DESK, NORMAL, SOFT, Act, Cast, Trip, next_act

THREADS = 6
PLACE = {"address": "湖滨街道竹影巷 134 号", "lat": 30.259842, "lng": 120.157819}
AGAIN = 0.3  # seconds before the same is asked again
REFUSED = (403, 404, 409)
PATIENCE = 240.0
DROUGHT = 120.0  # seconds without a new ticket: whatever was broken, nobody was there to see it
RESTING = 40  # tickets that stay where they came to; those before them are answered
Tokens = Mapping[str, str]


class Unanswered(Exception):
    """The time is over, and it was not answered."""


@dataclass
class Load:
    """负载: until `no-more`, so many tickets a second; then those under way to their ends."""

    url: str
    folder: Path
    seed: int
    rate: float
    tokens: Tokens
    cast: Cast
    now: Callable[[], datetime]
    stuck: list[str] = field(default_factory=list)
    resting: deque[Trip] = field(default_factory=deque)
    made: int = 0
    longest_pause: float = 0.0
    is_over: bool = False

    def __post_init__(self) -> None:
        self.luck = Random(self.seed)
        self.lock = threading.Lock()
        self.file = (self.folder / "answers.jsonl").open("a", encoding="utf-8")
        self.began = self.last_made = time.monotonic()
        self.over = threading.Event()

    def run(self) -> None:
        """Returns when every ticket has come where it was to come."""
        threads = [threading.Thread(target=self._work, daemon=True) for _one in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.file.close()

    def _work(self) -> None:
        wire = Wire(self.url, is_fresh=True)
        while (trip := self.next()) is not None:
            try:
                self._travel(wire, trip)
                self.rest(trip)
            except Unanswered as late:
                self.stuck.append(f"{trip.number or trip.nth} ({trip.state}): {late}")

    def rest(self, trip: Trip) -> None:
        """It stays where it came to, until it is its turn to be answered."""
        if not trip.is_ended:
            self.resting.append(trip)

    def next(self) -> Trip | None:
        """The next one when it is its time; None when no more are wanted and each way was gone."""
        while not (self.folder / "no-more").exists() or self.made < len(AIMS):
            with self.lock:
                if len(self.resting) > RESTING:
                    trip = self.resting.popleft()
                    trip.end()
                    return trip
                if self.made < (time.monotonic() - self.began) * self.rate:
                    return self._new()
            self.over.wait(0.05)
        with self.lock:
            if not self.is_over:
                self._pause_ends()
            self.is_over = True
        return None

    def _new(self) -> Trip:
        self._pause_ends()
        self.made += 1
        aim = AIMS[(self.made - 1) % len(AIMS)]
        return Trip(self.made, aim, self.luck.choice(NORMAL if aim == "amend" else CATEGORIES))

    def _pause_ends(self) -> None:
        since, self.last_made = self.last_made, time.monotonic()
        self.longest_pause = max(self.longest_pause, self.last_made - since)

    def _travel(self, wire: Wire, trip: Trip) -> None:
        until = time.monotonic() + PATIENCE
        if not trip.number:
            self._report(wire, trip, until)
        while not self._step(wire, trip, until):
            if time.monotonic() > until:
                raise Unanswered(f"did not come to {trip.aim}")

    def _report(self, wire: Wire, trip: Trip, until: float) -> None:
        text = f"第 {trip.nth} 件：楼道里堆了东西，走不过去"
        body = {"text": text, "category": trip.category, "name": "赵见诚",
                "phone": f"139{trip.nth:08d}", **PLACE}  # fmt: skip
        answer = self._insist(wire, DESK, "tickets/", body, f"chaos-make-{trip.nth}", until)
        trip.number = json.loads(answer.body)["number"]
        self._note(trip, "report", answer)

    def _step(self, wire: Wire, trip: Trip, until: float) -> bool:
        """True: it has come where it was to come."""
        found = self._read(wire, DESK, trip.number, until)
        if not found:
            raise Unanswered("the desk does not see it")
        if not trip.target and (open_ones := [t for t in [*self.resting] if t.aim == "claim"]):
            trip.target = self.luck.choice(open_ones).number
        act = next_act(trip, {**found, "now": self.now().isoformat()}, self.cast)
        if isinstance(act, Act):
            self._do(wire, trip, act, found["version"], until)
        elif act is None:
            self.over.wait(AGAIN)  # the system's turn
        return act is True

    def _do(self, wire: Wire, trip: Trip, act: Act, version: int, until: float) -> None:
        """By the first who may; refused by all means that it stands otherwise by now."""
        lap = trip.done[act.verb]
        for name in act.who:
            path = f"tickets/{trip.number}/{act.verb}/"
            if act.decides is not None:
                path = f"approvals/{act.decides}/{act.verb}/"
            key = f"chaos-{act.verb}-{trip.nth}-{lap}-{name}"
            answer = self._insist(
                wire, name, path, act.body, key, until, number=trip.number, version=version,
                is_soft=act.verb in SOFT,
            )  # fmt: skip
            if answer.status == 200:
                trip.done[act.verb] += 1
                self._note(trip, act.recorded, answer)
                return
        trip.refused[act.verb] += 1
        self.over.wait(AGAIN)

    def _insist(
        self, wire: Wire, who: str, path: str, body: Any, key: str, until: float, *,
        number: str = "", version: int = 0, is_soft: bool = False,
    ) -> Answer:  # fmt: skip
        """The same request with the same key, until it is answered one way or the other."""
        words = json.dumps(body).encode()
        while time.monotonic() < until:
            headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": key}
            if number:
                headers["If-Match"] = f'"{version}"'
            asked = request("POST", f"/api/v1/{path}", headers=headers, body=words)
            answer = self._ask(wire, asked)
            if answer is not None and answer.status in (200, 201, *REFUSED):
                return answer
            if answer is not None and answer.status in (400, 422, 428):
                if is_soft:
                    return answer
                raise Unanswered(answer.body.decode()[:300])
            self.over.wait(AGAIN)
            if number:
                version = self._read(wire, who, number, until).get("version", 0)
        raise Unanswered(f"{path} was not answered")

    def _read(self, wire: Wire, who: str, number: str, until: float) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        asked = request("GET", f"/api/v1/tickets/{number}/", headers=headers)
        while time.monotonic() < until:
            answer = self._ask(wire, asked)
            if answer is not None and answer.status == 200:
                found: dict[str, Any] = json.loads(answer.body)
                return found
            if answer is not None and answer.status in REFUSED:
                return {}
            self.over.wait(AGAIN)
        raise Unanswered("it could not be read")

    def _ask(self, wire: Wire, asked: bytes) -> Answer | None:
        """None: no answer, or one of a server that is not well."""
        began, status = time.monotonic(), 0
        try:
            answer = wire.ask(asked)
            status = answer.status
        except (OSError, http.client.HTTPException, ValueError):
            wire.close()
        took = time.monotonic() - began
        line = {"at": began, "took": took, "status": status, "kind": asked[:4].decode().strip()}
        self._write(line)
        return answer if 0 < status < 500 else None

    def _note(self, trip: Trip, verb: str, answer: Answer) -> None:
        self._write({"number": trip.number, "verb": verb, "nth": trip.nth, "said": answer.status})

    def _write(self, line: Mapping[str, Any]) -> None:
        with self.lock:
            self.file.write(json.dumps(line) + "\n")
            self.file.flush()
