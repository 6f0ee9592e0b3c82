"""Celery only wakes us up: rows are the truth, a task is a poke (DESIGN §4).

Every beat line names an idempotent sweep. Were beat dead or doubled, the outcome would be
the same, only later.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubin.settings.demo")

app = Celery("hubin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # accepted tickets whose poke was lost, or that no rule could place the first time
    "route": {"task": "tickets.tasks.sweep", "schedule": 60.0, "kwargs": {"name": "route"}},
    # suspended tickets come back on the promised day, with or without anybody remembering
    "resume": {"task": "tickets.tasks.sweep", "schedule": 60.0, "kwargs": {"name": "resume"}},
    # nobody has to look at what needs no look, and samples not drawn pass after a day
    "pass": {"task": "tickets.tasks.sweep", "schedule": 300.0, "kwargs": {"name": "pass"}},
    # events whose poke was lost become notices a minute later, never twice
    "announce": {"task": "tickets.tasks.sweep", "schedule": 60.0, "kwargs": {"name": "announce"}},
    # codes for logging in by telephone whose poke was lost or whose gateway did not answer
    "codes": {"task": "tickets.tasks.sweep", "schedule": 60.0, "kwargs": {"name": "codes"}},
    # a rating window ends for everyone, also for those who said nothing
    "close": {"task": "tickets.tasks.sweep", "schedule": 300.0, "kwargs": {"name": "close"}},
    # changed heads are sealed hourly, so that a later rewrite of the record is found
    "seal": {"task": "tickets.tasks.seal", "schedule": 3600.0},
    # files whose row never came, and erased ones that a store did not give up at once
    "files": {"task": "tickets.tasks.sweep", "schedule": 3600.0, "kwargs": {"name": "files"}},
    # an inbox is for what is going on: what was read months ago only fills the table
    "notices": {"task": "tickets.tasks.sweep", "schedule": 3600.0, "kwargs": {"name": "notices"}},
    # a request is repeated within minutes, not weeks: old keys, and logins that ended long ago,
    # would only fill their tables
    "forget": {"task": "common.tasks.forget", "schedule": 86_400.0},
}
