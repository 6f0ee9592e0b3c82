"""How often the API may be asked. Counted in PostgreSQL, so that all processes know together.

Each process counts by itself and adds what it counted to the row of the caller every `step`
requests: a request costs a statement only now and then, and the limit is kept to within
(processes × step). There is no switch, and no cache that could be down.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from common import attempts, clock
from common.attempts import Allowance

MINUTE = timedelta(minutes=1)
STEP = 20  # parts of the limit after which a process tells the others
KNOWN = 10_000  # callers a process remembers


@dataclass
class Count:
    """计数: what this process knows of one caller in the running window."""

    since: datetime
    total: int = 0
    untold: int = 0


class Pace(BaseThrottle):
    """限速: per person for reading and for writing, per address for whoever is not logged in."""

    _counts: dict[tuple[str, str], Count] = {}
    _lock = Lock()
    _wait: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        at = clock.now()
        allowance, who = allowance_of(request)
        self._wait = self._over(allowance, who, at)
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait

    def _over(self, allowance: Allowance, who: str, at: datetime) -> float | None:
        """Seconds until the window ends, if the allowance is used up."""
        step = max(allowance.limit // STEP, 1)
        with self._lock:
            count = self._known(allowance, who, at)
            count.untold += 1
            if count.total + count.untold > allowance.limit and count.total:
                return (count.since + allowance.window - at).total_seconds()
            told, count.untold = (count.untold, 0) if count.untold >= step else (0, count.untold)
        if told:
            since, total = attempts.add(allowance, who, told, at=at)
            if total == told:
                attempts.forget(allowance, at=at)
            with self._lock:
                count.since, count.total = since, max(total, count.total)
            if total > allowance.limit:
                return (since + allowance.window - at).total_seconds()
        return None

    def _known(self, allowance: Allowance, who: str, at: datetime) -> Count:
        found = self._counts.get((allowance.scope, who))
        if found is None or not found.since <= at < found.since + allowance.window:
            if len(self._counts) >= KNOWN:
                self._counts.clear()
            found = self._counts[allowance.scope, who] = Count(since=at)
        return found

    @classmethod
    def forget(cls) -> None:
        """清空: what this process counted (tests)."""
        cls._counts.clear()


def allowance_of(request: Request) -> tuple[Allowance, str]:
    """限额: which, and of whom."""
    user = request.user
    if user is None or not user.is_authenticated:
        address = get_client_ip_address(request._request) or ""
        return Allowance("api_anonymous", settings.HUBIN_API_ANONYMOUS, MINUTE), address
    is_reading = request.method in ("GET", "HEAD", "OPTIONS")
    if is_reading:
        return Allowance("api_read", settings.HUBIN_API_READS, MINUTE), user.actor_ref
    return Allowance("api_write", settings.HUBIN_API_WRITES, MINUTE), user.actor_ref
