"""Whether time is kept: sweeps that came through, and since when due rows wait (DESIGN §4)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db.models import Count

from common.metrics import Gauge
from common.models import SweepRun
from notices import lag as deliveries
from notices.models import Incident
from tickets import announcing
from tickets.models import Ticket
from tickets.periods import PERIODS
from tickets.states import OPEN
from tickets.sweeps import timing

LEAST = timedelta(minutes=5)
QUEUE = "celery"
BROKER_SECONDS = 0.05
OLDEST: dict[str, Callable[..., datetime | None]] = {
    "announce": announcing.oldest,
    "deliver": deliveries.oldest,
    "timers": timing.oldest,
}
"""Since when the oldest due row of each kind waits; None where nothing is due."""


@dataclass(frozen=True)
class Health:
    """时钟健康: seconds since each sweep came through (None: never), and since rows are due."""

    ages: dict[str, float | None]
    lags: dict[str, float]
    runs: dict[str, SweepRun] = field(default_factory=dict)

    @property
    def late(self) -> list[str]:
        """What is wrong, by name: sweeps, and kinds of rows that wait."""
        stale = [name for name, age in self.ages.items() if age is None or age > patience(name)]
        return stale + [
            f"due:{kind}" for kind, lag in self.lags.items() if lag > settings.HUBIN_SWEEP_LAG
        ]


def patience(name: str) -> float:
    """How many seconds old the last success of a sweep may be."""
    return max(3 * PERIODS[name], LEAST).total_seconds()


def look(*, at: datetime) -> Health:
    """看时钟: one statement for the sweeps and one for each kind of due rows."""
    runs = SweepRun.objects.in_bulk(list(PERIODS))
    ages = {name: _since(runs[name].done_at, at) if name in runs else None for name in PERIODS}
    lags = {kind: _since(oldest(at=at), at) or 0.0 for kind, oldest in OLDEST.items()}
    return Health(ages, lags, runs)


def figures(*, at: datetime) -> list[Gauge]:
    """指标: counts and seconds; nothing of any one ticket."""
    health = look(at=at)
    depth = queue_depth()
    open_ones = Ticket.objects.open().order_by().values_list("state").annotate(Count("pk"))
    tickets = dict.fromkeys(map(str, OPEN), 0) | dict(open_ones)
    incidents = Incident.objects.filter(ended_at=None, raised_at__isnull=False).count()
    runs = health.runs.values()
    return [
        Gauge("hubin_tickets", "Open tickets.", "state", tickets),
        Gauge("hubin_deliveries", "Deliveries not done with.", "state", deliveries.by_state()),
        Gauge(
            "hubin_deliveries_lately", "What became of those made within the hour.", "state",
            deliveries.lately(at=at),
        ),
        Gauge("hubin_incidents", "Incidents that somebody must look at.", "", {"": incidents}),
        Gauge("hubin_due_lag_seconds", "How long the oldest due row waits.", "kind", health.lags),
        Gauge(
            "hubin_sweep_age_seconds", "Since a sweep last came through.", "name",
            {name: age for name, age in health.ages.items() if age is not None},
        ),
        Gauge(
            "hubin_sweep_failed", "Whether the last run of a sweep failed.", "name",
            {run.name: bool(run.fault) for run in runs},
        ),
        Gauge("hubin_sweep_rows", "Rows of the last run.", "name", {r.name: r.rows for r in runs}),
        Gauge(
            "hubin_sweep_seconds", "How long the last run took.", "name",
            {run.name: run.lasted_ms / 1000 for run in runs},
        ),
        Gauge("hubin_broker_up", "Whether the broker answers.", "", {"": depth is not None}),
        Gauge(
            "hubin_queue_depth", "Tasks that wait at the broker.", "queue",
            {} if depth is None else {QUEUE: depth},
        ),
    ]  # fmt: skip


def queue_depth() -> int | None:
    """队列长度: None where the broker does not answer at once."""
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=BROKER_SECONDS, socket_timeout=BROKER_SECONDS
    )
    try:
        return int(client.llen(QUEUE))
    except redis.RedisError:
        return None
    finally:
        client.close()


def _since(moment: datetime | None, at: datetime) -> float | None:
    return None if moment is None else max((at - moment).total_seconds(), 0.0)
