"""One trial from inside: who acts, the load, the settling, the verdict and its table."""

import json
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common import clock
from grids.models import Person, Post, PostKind, Scope
from grids.tokens import make_token
from notices.models import Delivery, Endpoint, Notice
from tests.chaos.judge import DOUBLED, LOST, WRONG, Evidence, Finding, judge
from tests.chaos.load import Load
from tests.chaos.receiver import SECRET, Receiver
from tests.chaos.settling import settle
from tests.servers.plain import running
from tickets.models import Event, Ticket, Timer
from tickets.models.timer import TimerState

STREET = "330102003"
DESKS = ("desk_003_1", "desk_003_2")
HELD_UP = 3.0  # how much slower an answer may be while the broker is away; other work shares us
HEALING = 900.0
SHOWN = 20


@dataclass
class Trial:
    """审理."""

    url: str
    folder: Path
    seed: int
    rate: float
    findings: list[Finding] = field(default_factory=list)

    def run(self) -> int:
        """0: nothing lost, nothing doubled, nothing wrong."""
        with running(Receiver()) as receiver:
            Endpoint.objects.create(
                kind="WEBHOOK", name="对接", url=f"{receiver.url}/hook", secret=SECRET,
                rate_per_minute=30_000,
            )  # fmt: skip
            first = _last(Ticket), _last(Event)
            load = self._load()
            (self.folder / "load-runs").touch()
            load.run()
            self.findings += [Finding(LOST, f"stuck: {said}") for said in load.stuck]
            (self.folder / "load-done").touch()
            self._until("healed")
            at = clock.now()
            self.findings += [Finding(LOST, f"still waiting: {n} {kind}")
                              for kind, n in settle(at).items()]  # fmt: skip
            evidence = Evidence(self._lines("verb"), dict(receiver.heard), *first)
            self.findings += judge(evidence, at=at)
            self.findings += self._slow()
            return self._tell(receiver, evidence)

    def _load(self) -> Load:
        at = clock.now()
        posts = Post.objects.filter(kind__in=(PostKind.HANDLER, PostKind.UNIT_CLERK))
        handlers: dict[str, str] = {}
        for post in posts.select_related("person", "unit").order_by("kind", "pk"):
            if post.unit is not None:
                handlers[post.unit.code] = post.person.username
        walkers = tuple(
            Post.objects.filter(
                kind__in=(PostKind.GRID_WORKER, PostKind.COMMUNITY_LEAD),
                division__code__in=(f"{STREET}050", f"{STREET}050001"),
            ).values_list("person__username", flat=True)
        )
        names = {*DESKS, *handlers.values(), *walkers}
        people = Person.objects.filter(username__in=names)
        tokens = {
            one.username: make_token(one, "chaos", list(Scope.values), at=at)[1] for one in people
        }
        return Load(self.url, self.folder, self.seed, self.rate, tokens, handlers, walkers)

    def _until(self, name: str) -> None:
        until, pause = time.monotonic() + HEALING, threading.Event()
        while not (self.folder / name).exists() and time.monotonic() < until:
            pause.wait(0.1)

    def _lines(self, having: str, file: str = "answers.jsonl") -> list[dict[str, Any]]:
        lines = (self.folder / file).read_text(encoding="utf-8").splitlines()
        return [line for line in map(json.loads, lines) if having in line]

    def _medians(self) -> tuple[float, float]:
        """Of an answer to an act, in milliseconds: while all was well, and without the broker."""
        faults = self._lines("fault", "faults.jsonl")
        away = [one for one in faults if one["fault"] == "broker away"]
        took: dict[bool, list[float]] = {True: [], False: []}
        for line in self._lines("took"):
            if line["kind"] != "POST" or line["status"] >= 300:
                continue
            is_away = _within(line["at"], away)
            if is_away or not _within(line["at"], faults):
                took[is_away].append(line["took"] * 1000)
        well, without = (statistics.median(took[one]) if took[one] else 0.0
                         for one in (False, True))  # fmt: skip
        return well, without

    def _slow(self) -> list[Finding]:
        well, without = self._medians()
        if not well or not without:
            return [Finding(WRONG, "no answers to compare while the broker was away")]
        if without > HELD_UP * well:
            return [Finding(WRONG, f"answers took {without:.0f} ms without the broker, {well:.0f}")]
        return []

    def _tell(self, receiver: Receiver, evidence: Evidence) -> int:
        faults = Counter(one["fault"] for one in self._lines("fault", "faults.jsonl"))
        well, without = self._medians()
        sent = Delivery.objects.filter(endpoint__isnull=False)
        kinds = Counter(one.kind for one in self.findings)
        again = sum(receiver.heard.values()) - len(receiver.heard)
        rows = [
            ("seed", self.seed), *faults.items(), ("faults", faults.total()),
            ("tickets", Ticket.objects.filter(pk__gt=evidence.first_ticket).count()),
            ("events", Event.objects.filter(pk__gt=evidence.first_event).count()),
            ("timers fired", Timer.objects.filter(state=TimerState.FIRED).count()),
            ("notices", Notice.objects.filter(event_id__gt=evidence.first_event).count()),
            ("deliveries", sent.count()),
            ("heard again after an interruption", again),
            ("answer in ms, broker there", round(well)),
            ("answer in ms, broker away", round(without)),
            (LOST, kinds[LOST]), (DOUBLED, kinds[DOUBLED]), (WRONG, kinds[WRONG]),
        ]  # fmt: skip
        lines = [f"  {name:<36}{value:>8}" for name, value in rows]
        lines += [f"  {one}" for one in self.findings[:SHOWN]]
        fresh = self.folder / "table.new"
        fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
        fresh.replace(self.folder / "table.txt")
        return 1 if self.findings else 0


def _within(moment: float, spans: list[dict[str, Any]]) -> bool:
    return any(one["began"] <= moment <= one["ended"] for one in spans)


def _last(model: Any) -> int:
    found: int | None = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return found or 0
