"""响铃: urgent tickets that nobody at the desk has acknowledged yet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from common import clock
from common.errors import NotYours
from grids.models import Level, Person
from tickets import standing
from tickets.models import Ticket
from tickets.models.queries import TicketQuerySet
from tickets.standing import Group
from tickets.states import State
from tickets.turns import DESKS, unmanned_streets
from tickets.words import Urgency

MOST = 20
WHILE = (State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.HANDLING, State.SUSPENDED)
"""Once there is an outcome nobody has to be called any more."""
SUMMARY = 60


@dataclass(frozen=True)
class Ring:
    """一声: a ticket with what this person may read of it."""

    ticket: Ticket
    summary: str


def rings_for(person: Person, *, at: datetime) -> bool:
    """受理台: it rings at the desk, also at that of the district where a street has nobody."""
    return any(post.kind in DESKS for post in person.posts_at(at))


def require(person: Person, *, at: datetime) -> None:
    """须是受理台, else `NotYours`."""
    if not rings_for(person, at=at):
        raise NotYours(_("响铃只对受理员和值班长开放。"))


def unheard(person: Person, *, at: datetime) -> TicketQuerySet:
    """未知悉的紧急工单 of this person's desk, the oldest first."""
    places = Q(pk__in=())
    for post in person.posts_at(at):
        if post.kind in DESKS and post.division is not None:
            places |= _of_desk(post.division.level, post.division.pk, at)
    waiting = Ticket.objects.visible_to(person, at).filter(
        places, urgency=Urgency.URGENT, acknowledged_at=None, ended_at=None, state__in=WHILE
    )
    return waiting.order_by("id")


def rings(person: Person, *, at: datetime) -> list[Ring]:
    """响铃的工单: no more than fit beside the work."""
    rows = list(unheard(person, at=at).with_summary(SUMMARY)[:MOST])
    standing.remember(person, rows, at=at)
    return [
        Ring(row, row.summary or "")
        if Group.WORDS in standing.sees(person, row, at=at)
        else Ring(row, "")
        for row in rows
    ]


def digest(rows: Sequence[Ring]) -> str:
    """摘要 of what is shown; while it stays the page need not be told anew."""
    shown = [(one.ticket.pk, one.ticket.version, one.ticket.unit_id) for one in rows]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _of_desk(level: str, division_id: int, at: datetime) -> Q:
    if level != Level.DISTRICT:
        return Q(subdistrict_id=division_id)
    unmanned = unmanned_streets(clock.local(at).date())
    return Q(subdistrict=None) | Q(subdistrict_id__in=unmanned)
