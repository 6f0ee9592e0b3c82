"""The retention rules carried out: a few at a time, the oldest first."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from common.actors import SYSTEM
from tickets import actions, lookings, patrols, retention
from tickets.models import Supervision, Ticket
from tickets.models.oversight import SupervisionState
from tickets.sweeps.each import each

MOST = 100  # of each rule in one round: erasing writes many rows


def sweep(*, at: datetime) -> int:
    """脱敏: what ended longer ago than its rule keeps it; never what is under supervision.

    Visits (打卡) by their own rule.
    """
    watched = Supervision.objects.exclude(state=SupervisionState.LIFTED).values("ticket_id")
    # a merged ticket is part of another until that one ends
    standing = Ticket.objects.filter(erased_at=None, ended_at__isnull=False).exclude(
        Q(pk__in=watched) | Q(merged_into__isnull=False, merged_into__ended_at=None)
    )
    done = lookings.forget(at=at) + patrols.forget(at=at)
    for rule, those in retention.by_rule():
        due = standing.filter(those, ended_at__lte=at - timedelta(days=rule.days))
        act = partial(actions.erase, by=SYSTEM, at=at, rule=rule.code)
        done += each("erase", due, act, at, by="ended_at", most=MOST)
    return done
