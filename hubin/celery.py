"""Celery only wakes us up: rows are the truth, a task is a poke (DESIGN §4).

Every beat line names something idempotent. Were beat dead or doubled, the outcome would be
the same, only later.
"""

import os
from typing import Any

from celery import Celery

from tickets.periods import PERIODS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubin.settings.demo")

app = Celery("hubin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

STALE_AFTER = 300.0  # a poke that waited longer than this, or than its sweep, is not worth doing


def _poke(name: str, seconds: float) -> dict[str, Any]:
    expires = {"expires": max(seconds, STALE_AFTER)}
    line = {"task": "tickets.tasks.sweep", "kwargs": {"name": name}}
    return {**line, "schedule": seconds, "options": expires}


app.conf.beat_schedule = {
    # each sweep has its period and its reason in tickets.periods
    **{name: _poke(name, period.total_seconds()) for name, period in PERIODS.items()},
    # changed heads are sealed hourly, so that a later rewrite of the record is found
    "seal": {"task": "tickets.tasks.seal", "schedule": 3600.0},
    # a request is repeated within minutes, not weeks: old keys, and logins that ended long ago,
    # would only fill their tables
    "forget": {"task": "common.tasks.forget", "schedule": 86_400.0},
}
