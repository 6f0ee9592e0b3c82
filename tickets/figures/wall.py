"""大屏: what a room should see without anybody touching anything; no names, no texts."""

from dataclasses import dataclass
from datetime import datetime

from grids.models import Person
from tickets.figures import counting, late, showing
from tickets.figures.facts import FOUR
from tickets.figures.late import Holder
from tickets.figures.scope import Scope, midnight, theirs, usual
from tickets.figures.showing import Number
from tickets.models import Ticket
from tickets.words import Urgency

HOLDERS = 8


@dataclass(frozen=True)
class Wall:
    """大屏上的数."""

    promises: list[Number]
    missed: int
    late: int
    holders: list[Holder]
    ringing: int
    today: int


def wall(person: Person, at: datetime) -> Wall:
    """四个承诺 of the last four weeks, and now: overdue and with whom, urgent and unheard, new."""
    first, last = usual(at)
    scope = Scope(person, at, first, last)
    found = counting.count(scope)
    holders = late.holders(person, at)
    seen = Ticket.objects.visible_to(person, at).filter(theirs(person, at))
    urgent = seen.filter(urgency=Urgency.URGENT, acknowledged_at=None, ended_at=None)
    return Wall(
        showing.numbers(scope, found.now, found.before)[: len(FOUR)], showing.missed(found.now),
        sum(one.count for one in holders), holders[:HOLDERS], urgent.count(),
        seen.filter(reported_at__gte=midnight(last), reported_at__lte=at).count(),
    )  # fmt: skip
