"""The ways by which somebody comes to a ticket: each goes along one index (see `walks`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Protocol

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from common import clock
from common.lookups import AnyOf
from grids.models import Division, Level, Person, PostKind
from tickets.states import State
from tickets.turns import unmanned_streets, unmanned_units
from tickets.words import Turn, VerifyBy

SEES_DIVISION = frozenset(
    {
        PostKind.GRID_WORKER,
        PostKind.COMMUNITY_LEAD,
        PostKind.DESK,
        PostKind.SHIFT_LEADER,
        PostKind.INSPECTOR,
        PostKind.LEADER,
        PostKind.AUDITOR,
    }
)
SEES_UNIT = frozenset({PostKind.UNIT_CLERK, PostKind.HANDLER, PostKind.UNIT_HEAD})
DESKS = frozenset({PostKind.DESK, PostKind.SHIFT_LEADER})
WALKERS = frozenset({PostKind.GRID_WORKER, PostKind.COMMUNITY_LEAD})
TAKERS = frozenset({PostKind.UNIT_CLERK, PostKind.HANDLER})
COLUMN = {
    Level.GRID: "division_id",
    Level.COMMUNITY: "community_id",
    Level.SUBDISTRICT: "subdistrict_id",
}
ALL = Q(pk__isnull=False)
NOTHING = Q(pk__in=())


class Ways(Protocol):
    """途径."""

    @property
    def ways(self) -> Sequence[Q]:
        """一条一条: each goes along an index."""

    @property
    def told(self) -> Q:
        """合起来: the form to ask a single ticket by; empty when it is all."""


@dataclass(frozen=True)
class Seen:
    """可见的途径 (DESIGN §3.6)."""

    person: Person
    places: Sequence[Q]
    units: Sequence[int]

    @property
    def told(self) -> Q:
        """合起来."""
        if ALL in self.places:
            return Q()
        part = [Q(_took_part(self.units))] if self.units else []
        return reduce(or_, [*_own(self.person), *self.places, *part])

    @property
    def ways(self) -> Sequence[Q]:
        """一条一条."""
        if ALL in self.places:
            return [ALL]
        theirs = [Q(unit_id=unit) for unit in self.units]
        part = [_elsewhere(self.units)] if self.units else []
        return [_looked_up(_own(self.person)), *self.places, *theirs, *part]


@dataclass(frozen=True)
class Turns:
    """轮到的途径 (DESIGN §3.2)."""

    ways: Sequence[Q]

    @property
    def told(self) -> Q:
        """合起来."""
        return reduce(or_, self.ways)


def seen(person: Person, at: datetime) -> Seen:
    """可见的: by what a person reported or follows, the posts' places, and their units' part."""
    places: list[Q] = []
    units: set[int] = set()
    for post in person.posts_at(at):
        if post.kind in SEES_DIVISION and post.division is not None:
            places.append(within(post.division.level, post.division_id))
        elif post.kind in SEES_UNIT and post.unit_id:
            units.add(post.unit_id)
    return Seen(person, places, sorted(units))


def turns(person: Person, at: datetime) -> Turns:
    """轮到我的途径 (DESIGN §3.2), each of them within what this person sees."""
    found: list[Q] = [
        # a post may have ended since the claim
        Q(handler__in=person.selves(at), turn=Turn.HANDLER) & seen(person, at).told,
        Q(reporter_person=person, turn=Turn.REPORTER),
    ]
    for post in person.posts_at(at):
        if post.kind in DESKS and post.division is not None:
            found += _of_desk(post.division, at)
        elif post.kind in WALKERS and post.division is not None:
            area = within(post.division.level, post.division_id)
            asked = Q(state=State.REPORTED, confirmation="ASKED", confirm_until__gt=at)
            found += [area & Q(turn=Turn.GRID, turn_rises_at__gt=at), area & asked]
        elif post.kind in TAKERS and post.unit_id:
            found += [Q(turn=Turn.UNIT, unit_id=post.unit_id), Q(pk__in=_helped_by(post.unit_id))]
    return Turns(found)


def units_of(person: Person, at: datetime) -> list[int]:
    """所在单位: ids of the units this person works for, or stands in at."""
    posts = person.posts_at(at)
    return sorted({post.unit_id for post in posts if post.kind in SEES_UNIT and post.unit_id})


def held(person: Person, at: datetime) -> Turns:
    """承办的途径: unit by unit."""
    return Turns([Q(unit_id=unit) for unit in units_of(person, at)] or [NOTHING])


def helped(person: Person, at: datetime) -> Turns:
    """协办的途径: unit by unit, what has not been answered."""
    return Turns([Q(pk__in=_helped_by(unit)) for unit in units_of(person, at)] or [NOTHING])


def related(person: Person) -> Q:
    """与我有关: reported by this person, or handled, now or ever."""
    from .parties import Participation

    mine = Q(reporter_person=person) | Q(reported_by=person) | Q(handler=person)
    handled = Participation.objects.filter(person=person).values("ticket_id")
    return mine | Q(pk__in=handled)


def walked(person: Person, at: datetime) -> list[Division]:
    """我的区划: grids and communities that this person walks, also for somebody who is away."""
    return [
        post.division
        for post in person.posts_at(at)
        if post.kind in WALKERS and post.division is not None
    ]


def within(level: str, division_id: int | None) -> Q:
    """区划之内: tickets whose place lies in that division; the district holds all."""
    return ALL if level == Level.DISTRICT else Q(**{COLUMN[Level(level)]: division_id})


def _took_part(units: Sequence[int]) -> Exists:
    """参与过: asked ticket by ticket where few are read: a unit's tickets are many."""
    from .parties import Participation

    return Exists(Participation.objects.filter(ticket=OuterRef("pk"), unit_id__in=units))


def _elsewhere(units: Sequence[int]) -> Q:
    """他处: where these units took part besides the tickets that are theirs now."""
    from .parties import Participation, ParticipationRole

    left = Q(ended_at__isnull=False) | Q(role=ParticipationRole.ASSIST)
    there = Participation.objects.filter(left, unit_id__in=units).values("ticket_id")
    return Q(AnyOf(F("id"), there))


def _helped_by(unit_id: int) -> models.QuerySet:
    from .assist import Assist, AssistState

    return Assist.objects.filter(unit_id=unit_id, state=AssistState.OPEN).values("ticket_id")


def _of_desk(division: Division, at: datetime) -> list[Q]:
    day = clock.local(at).date()
    # settled and not drawn: it passes by itself
    passing = Q(state=State.RESOLVED, verify_by=VerifyBy.NONE, is_settled=True)
    risen = Q(turn_rises_at__lte=at, state=State.RESOLVED)
    # the dispatch after a second return is the district's
    finals = Q(state=State.ACCEPTED, returns__gte=2)
    waiting = [
        Q(turn=Turn.DESK) & ~passing,
        Q(turn=Turn.GRID) & risen,
        Q(turn=Turn.REPORTER) & risen,
        Q(turn=Turn.UNIT, unit_id__in=unmanned_units(day)),
    ]
    if division.level == Level.DISTRICT:
        nobody_below = (Q(subdistrict=None), Q(subdistrict_id__in=unmanned_streets(day)))
        risen_here = [way & where for way in waiting for where in nobody_below]
        return [Q(turn=Turn.DISTRICT), finals, *risen_here]
    area = within(division.level, division.pk)
    return [area & way & ~finals for way in waiting]


def _own(person: Person) -> list[Q]:
    from .parties import Follower

    mine = Follower.objects.filter(reporter__person=person, ended_at=None)
    return [
        Q(reporter_person=person),
        # whoever took a report down for somebody is not its reporter
        Q(reported_by=person, is_on_behalf=False),
        Q(pk__in=mine.values("ticket_id")),
    ]


def _looked_up(found: Sequence[Q]) -> Q:
    """Few, wherever they are: by their ids."""
    from .ticket import Ticket

    first, *others = (Ticket.objects.filter(way).order_by().values("pk") for way in found)
    return Q(AnyOf(F("id"), first.union(*others)))
