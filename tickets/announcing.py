"""The outbox: events become notices, once each, whoever is killed on the way (DESIGN §3.4, §5).

Notices and `announced_at` are written in one transaction, and the notices are unique: a batch
either happened or did not. A doubled sweep skips what the other holds.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from common import logs
from common.away import AWAY
from notices.announce import announce
from notices.incidents import end_incident, raise_incident
from notices.models import Incident
from tickets import outlets
from tickets.audience import Audience
from tickets.models import Event

log = logging.getLogger(__name__)
BATCH = 200
KIND = "sweep:announce"


def sweep(*, at: datetime) -> int:
    """告知: all that waits; returns how many events are done with."""
    done, after = 0, 0
    failed: set[str] = set()
    while True:
        try:
            ids = _announce(after, BATCH, at=at)
        except AWAY:
            raise  # later
        except Exception:
            log.exception("announce: a batch after %s, now one by one", after)
            ids = _one_by_one(after, failed, at=at)
        if not ids:
            break
        done, after = done + len(ids), ids[-1]
    _end_incidents(failed, at=at)
    return done - len(failed)


def oldest(*, at: datetime) -> datetime | None:
    """最早未告知: since when the first of the outbox waits."""
    waiting = Event.objects.filter(announced_at=None).order_by("pk")
    return waiting.values_list("at", flat=True).first()


def announce_events(events: Sequence[Event], *, at: datetime) -> int:
    """告知: notices of these locked events, which are then done with; returns how many notices."""
    audience = Audience(events, at=at)
    found = audience.of_all()
    people = [
        outlets.to_person(event, person_id, role, audience.case(event))
        for event in events
        for person_id, role in found[event.pk].items()
    ]
    told = announce([*people, *outlets.of(audience, events)], at=at)
    Event.objects.filter(pk__in=[event.pk for event in events]).update(announced_at=at)
    return told


def _announce(after: int, size: int, *, at: datetime) -> list[int]:
    with transaction.atomic():
        # NO KEY: who writes words beside an event need not wait for us
        waiting = Event.objects.select_for_update(skip_locked=True, no_key=True)
        events = list(waiting.filter(announced_at=None, pk__gt=after).order_by("pk")[:size])
        if events:
            announce_events(events, at=at)
        return [event.pk for event in events]


def _one_by_one(after: int, failed: set[str], *, at: datetime) -> list[int]:
    """One event that cannot be told holds up nobody."""
    rows = Event.objects.filter(announced_at=None, pk__gt=after).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:BATCH])
    for pk in ids:
        try:
            _announce(pk - 1, 1, at=at)
        except AWAY:
            raise
        except Exception as error:
            log.exception("announce: event %s", pk)
            failed.add(str(pk))
            raise_incident(KIND, str(pk), detail=logs.told(error), at=at)
    return ids


def _end_incidents(failed: set[str], *, at: datetime) -> None:
    """Only of what has been told: another process may have one in hand that fails again."""
    known = set(Incident.objects.filter(kind=KIND, ended_at=None).values_list("subject", flat=True))
    waiting = Event.objects.filter(pk__in=known - failed, announced_at=None)
    for subject in known - failed - {str(pk) for pk in waiting.values_list("pk", flat=True)}:
        end_incident(KIND, subject, at=at)
