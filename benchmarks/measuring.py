"""One run: everything measured, one after another; what was found goes to a file at once."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import filling, usage
from benchmarks.crowd import Crowd, Run
from benchmarks.fuel import STATES, Fuel
from benchmarks.measures import Measure, Reading, Reporting
from benchmarks.people import People
from tickets.models import Ticket

A_SECOND = 120  # requests that one verb may need, at most
Tell = Callable[[str], None]


@dataclass
class Measuring:
    """测量: of one loaded system at `url`."""

    url: str
    clients: Sequence[int]
    seconds: float
    at: datetime
    tell: Tell
    found: list[dict[str, Any]] = field(default_factory=list)

    def run(self, only: str = "") -> None:
        """Reads first, then creates, then the verbs on fresh tickets."""
        people = People(self.at)
        self.tickets = Ticket.objects.count()
        for measure in Reading(people, self.at).measures():
            self._measure(measure, only)
        self._measure(Reporting(people).measure(), only)
        fuel = Fuel(people, self.at)
        for verb in STATES:
            for clients in self.clients if only in f"{verb}, api" else ():
                requests = fuel.pour(verb, int(self.seconds * A_SECOND) + 10 * clients)
                measure = Measure(f"{verb}, api", partial(_same, requests))
                self._once(measure, clients, is_fresh=False)

    def _measure(self, measure: Measure, only: str) -> None:
        if only not in measure.name:
            return
        for is_fresh in (False, True) if measure.is_fresh_too else (False,):
            for clients in self.clients:
                self._once(measure, clients, is_fresh=is_fresh)

    def _once(self, measure: Measure, clients: int, *, is_fresh: bool) -> None:
        before = _used()
        run = Crowd(self.url, clients, self.seconds, measure.asks, is_fresh=is_fresh).run()
        used = {name: after - before[name] for name, after in _used().items()}
        told = {"name": measure.name, "note": measure.note, "fresh": is_fresh, **run.told()}
        told |= _each(used, run)
        self.found.append(told)
        self.tell(line(told))
        self.save()

    def save(self) -> None:
        """存: where the report finds it."""
        write({"tickets": self.tickets, "seconds": self.seconds, "found": self.found}, "measured")


def _same(requests: Iterator[bytes], _nth: int) -> Iterator[bytes]:
    """All clients take from the same."""
    return requests


def write(told: dict[str, Any], name: str) -> Path:
    """写: beside the data of this bench."""
    path = filling.folder() / f"{name}.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def line(told: dict[str, Any]) -> str:
    """一行: the figures one looks at first."""
    parts = [f"  {told['name']:<24} {told['clients']:>2} {'fresh' if told['fresh'] else '     '}"]
    parts.append(f"p50 {told['p50']:7.1f}  p95 {told['p95']:7.1f} ms {told['per_second']:7.1f}/s")
    if "statements" in told:
        parts.append(
            f"{told['statements']:4.0f} statements  cpu {told['cpu_p50']:5.1f}"
            f"  db {told['db_p50']:5.1f} ms"
        )
    parts += [f"{name} {told[name]:.1f}" for name in ("web_cpu", "database_cpu") if name in told]
    parts += [f"REFUSED {told['refused']} {told['said'][:150]}"] if "refused" in told else []
    parts += [told["note"]] if told["note"] else []
    return "  ".join(parts)


def _used() -> dict[str, float]:
    known = usage.processes()
    return {name: usage.cpu(known[name]) for name in ("web", "database") if name in known}


def _each(used: dict[str, float], run: Run) -> dict[str, float]:
    """Milliseconds of processor a request, of whole processes; the warm-up is in it, too."""
    count = len(run.took)
    return {f"{name}_cpu": round(spent * 1000 / count, 2) for name, spent in used.items() if count}
