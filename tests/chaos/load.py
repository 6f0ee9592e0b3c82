"""Tickets that move through the chain over HTTP, each act repeated until it is answered."""

import http.client
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.client import Answer, Wire, request

THREADS = 3
CATEGORIES = ("0501", "0502", "0602", "0604", "0902", "0999", "1005")
AIMS = ("accept", "claim", "resolve", "verify", "reply", "reply", "reply", "extend")
ANSWER = "您好，问题已于今日上午到场处理完毕，并安排专人复查。"
PLACE = {"address": "湖滨街道竹影巷 134 号", "lat": 30.259842, "lng": 120.157819}
AGAIN = 0.3  # seconds before the same is asked again
REFUSED = (403, 404, 409)
PATIENCE = 240.0
Tokens = Mapping[str, str]


@dataclass
class Trip:
    """一张工单 under way: what it is to come to, and what was answered."""

    nth: int
    aim: str
    category: str
    number: str = ""
    state: str = ""
    is_there: bool = False


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
    handlers: Mapping[str, str]
    walkers: tuple[str, ...]
    stuck: list[str] = field(default_factory=list)
    made: int = 0

    def __post_init__(self) -> None:
        self.luck = Random(self.seed)
        self.lock = threading.Lock()
        self.file = (self.folder / "answers.jsonl").open("a", encoding="utf-8")
        self.began = time.monotonic()
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
        while (trip := self._next()) is not None:
            try:
                self._travel(wire, trip)
            except Unanswered as late:
                self.stuck.append(f"{trip.number or trip.nth} ({trip.state}): {late}")

    def _next(self) -> Trip | None:
        """The next one when it is its time; None when no more are wanted."""
        while not (self.folder / "no-more").exists():
            with self.lock:
                if self.made < (time.monotonic() - self.began) * self.rate:
                    self.made += 1
                    category = self.luck.choice(CATEGORIES)
                    return Trip(self.made, self.luck.choice(AIMS), category)
            self.over.wait(0.05)
        return None

    def _travel(self, wire: Wire, trip: Trip) -> None:
        until = time.monotonic() + PATIENCE
        text = f"第 {trip.nth} 件：楼道里堆了东西，走不过去"
        body = {"text": text, "category": trip.category, "name": "赵见诚",
                "phone": f"139{trip.nth:08d}", **PLACE}  # fmt: skip
        answer = self._insist(wire, "desk_003_1", "tickets/", body, f"chaos-make-{trip.nth}", until)
        trip.number = json.loads(answer.body)["number"]
        self._note(trip, "report", answer)
        while not trip.is_there:
            if time.monotonic() > until:
                raise Unanswered(f"did not come to {trip.aim}")
            self._step(wire, trip, until)

    def _step(self, wire: Wire, trip: Trip, until: float) -> None:
        found = self._read(wire, "desk_003_1", trip.number, until)
        if not found:
            raise Unanswered("the desk does not see it")
        trip.state, unit = found["state"], (found["unit"] or {}).get("code", "")
        handler = self.handlers.get(unit, "")
        match trip.state:
            case "REPORTED" if not found["is_urgent"]:
                self._do(wire, trip, "accept", ("desk_003_1",), {"category": trip.category}, until)
            case "REPORTED" | "ACCEPTED":
                self.over.wait(AGAIN)  # the system's turn
            case "DISPATCHED" if trip.aim != "accept":
                self._do(wire, trip, "claim", (handler,), {}, until)
            case "HANDLING" if trip.aim == "claim":
                trip.is_there = True
            case "HANDLING" if trip.aim == "extend":
                self._ask_leave(wire, trip, handler, until)
            case "HANDLING":
                needs = {"result": "DONE", "note": "已到场", "proposed_answer": ANSWER}
                self._do(wire, trip, "resolve", (handler,), needs, until)
            case "RESOLVED" if trip.aim != "resolve":
                self._do(wire, trip, "verify", (*self.walkers, "desk_003_2"), {}, until)
            case "VERIFIED" if trip.aim == "reply":
                self._do(wire, trip, "reply", ("desk_003_2",), {"final_answer": ANSWER}, until)
            case _:
                trip.is_there = True

    def _ask_leave(self, wire: Wire, trip: Trip, handler: str, until: float) -> None:
        """A request that nobody decides: the clocks go on, the district hears of it."""
        needs = {"reason": "MATERIAL", "days": 1, "text": "等材料到货"}
        self._do(wire, trip, "extend", (handler,), needs, until)
        trip.is_there = True

    def _do(
        self, wire: Wire, trip: Trip, verb: str, who: tuple[str, ...], body: Any, until: float
    ) -> None:
        """By the first who may; refused by all means that it stands otherwise by now."""
        for name in who:
            path = f"tickets/{trip.number}/{verb}/"
            key = f"chaos-{verb}-{trip.nth}-{name}"
            answer = self._insist(wire, name, path, body, key, until, number=trip.number)
            if answer.status == 200:
                self._note(trip, verb, answer)
                return
        self.over.wait(AGAIN)

    def _insist(
        self, wire: Wire, who: str, path: str, body: Any, key: str, until: float, *,
        number: str = "",
    ) -> Answer:  # fmt: skip
        """The same request with the same key, until it is answered one way or the other."""
        words = json.dumps(body).encode()
        while time.monotonic() < until:
            headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": key}
            if number:
                headers["If-Match"] = f'"{self._read(wire, who, number, until).get("version", 0)}"'
            asked = request("POST", f"/api/v1/{path}", headers=headers, body=words)
            answer = self._ask(wire, asked)
            if answer is not None and answer.status in (200, 201, *REFUSED):
                return answer
            if answer is not None and answer.status in (400, 422, 428):
                raise Unanswered(answer.body.decode()[:300])
            self.over.wait(AGAIN)
        raise Unanswered(f"{path} was not answered")

    def _read(self, wire: Wire, who: str, number: str, until: float) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        asked = request("GET", f"/api/v1/tickets/{number}/", headers=headers)
        while time.monotonic() < until:
            answer = self._ask(wire, asked)
            if answer is not None and answer.status == 200:
                found: dict[str, Any] = json.loads(answer.body)
                return found | {"is_urgent": found["urgency"] == "URGENT"}
            if answer is not None and answer.status in REFUSED:
                return {}
            self.over.wait(AGAIN)
        raise Unanswered("it could not be read")

    def _ask(self, wire: Wire, asked: bytes) -> Answer | None:
        """None: no answer, or one of a server that is not well."""
        began = time.monotonic()
        try:
            answer = wire.ask(asked)
        except (OSError, http.client.HTTPException, ValueError):
            wire.close()
            return None
        line = {"at": began, "took": answer.seconds, "status": answer.status,
                "kind": asked[:4].decode().strip()}  # fmt: skip
        self._write(line)
        return None if answer.status >= 500 else answer

    def _note(self, trip: Trip, verb: str, answer: Answer) -> None:
        self._write({"number": trip.number, "verb": verb, "nth": trip.nth, "said": answer.status})

    def _write(self, line: Mapping[str, Any]) -> None:
        with self.lock:
            self.file.write(json.dumps(line) + "\n")
            self.file.flush()
