"""So many clients at once, each asking as soon as it was answered."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from benchmarks.client import Cost, Wire, cost

Requests = Iterator[bytes]
WARM = 3  # requests of each client that do not count


@dataclass
class Run:
    """一次测量: everything that was answered, and in which time."""

    clients: int
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    said: str = ""

    def told(self) -> dict[str, Any]:
        """What a report needs of it."""
        took = sorted(one * 1000 for one in self.took)
        told: dict[str, Any] = {
            "clients": self.clients, "requests": len(took), "seconds": round(self.seconds, 2),
            "p50": percentile(took, 50), "p95": percentile(took, 95),
            "per_second": round(len(took) / self.seconds, 1) if self.seconds else 0.0,
        }  # fmt: skip
        if self.costs:
            told["statements"] = percentile(sorted(one.statements for one in self.costs), 50)
            told["statements_most"] = max(one.statements for one in self.costs)
            for name in ("cpu", "db", "total"):
                values = sorted(getattr(one, name) for one in self.costs)
                told[f"{name}_p50"] = percentile(values, 50)
        if self.refused:
            told["refused"] = dict(self.refused)
            told["said"] = self.said
        return told


def percentile(values: list[Any], share: int) -> float:
    """百分位 of sorted values: the smallest that at least so many per cent do not exceed."""
    if not values:
        return 0.0
    place = max(-(-len(values) * share // 100) - 1, 0)
    return round(float(values[place]), 2)


@dataclass
class Crowd:
    """人群: until the time is over or nobody has anything left to ask."""

    url: str
    clients: int
    seconds: float
    asks: Callable[[int], Requests]
    is_fresh: bool = False
    warm: int = WARM

    def run(self) -> Run:
        """All at once."""
        self.made = Run(self.clients)
        self.lock = threading.Lock()
        self.start = threading.Barrier(self.clients + 1)
        self.until = 0.0
        threads = [
            threading.Thread(target=self._client, args=(nth,), daemon=True)
            for nth in range(self.clients)
        ]
        for thread in threads:
            thread.start()
        self.start.wait()  # everybody is warm
        begun = time.perf_counter()
        self.until = begun + self.seconds
        self.start.wait()
        for thread in threads:
            thread.join()
        self.made.seconds = time.perf_counter() - begun
        return self.made

    def _client(self, nth: int) -> None:
        wire, requests = Wire(self.url, is_fresh=self.is_fresh), self.asks(nth)
        mine = Run(1)
        try:
            for _nth, request in zip(range(self.warm), requests, strict=False):
                wire.ask(request)
        except (OSError, ValueError) as error:
            self._note(mine, repr(error))
        self.start.wait()
        self.start.wait()
        try:
            for request in requests:
                self._ask(wire, request, mine)
                if time.perf_counter() >= self.until:
                    break
        except (OSError, ValueError) as error:
            self._note(mine, repr(error))
        finally:
            wire.close()
            self._add(mine)

    def _ask(self, wire: Wire, request: bytes, mine: Run) -> None:
        answer = wire.ask(request)
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            mine.refused[answer.status] += 1
            mine.said = mine.said or answer.body[:300].decode("utf-8", "replace")
            return
        mine.took.append(answer.seconds)
        if (told := cost(answer)) is not None:
            mine.costs.append(told)

    def _note(self, mine: Run, said: str) -> None:
        mine.refused[0] += 1
        mine.said = mine.said or said

    def _add(self, mine: Run) -> None:
        with self.lock:
            self.made.took += mine.took
            self.made.costs += mine.costs
            self.made.refused += mine.refused
            self.made.said = self.made.said or mine.said
