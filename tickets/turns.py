"""Who is there to take a turn; where nobody is, it rises (DESIGN §3.2)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from grids.models import Division, Level, Post, PostKind, Unit
from grids.models.absence import acting, deputies

if TYPE_CHECKING:
    from tickets.models import Ticket

DESKS = (PostKind.DESK, PostKind.SHIFT_LEADER)
WALKERS = (PostKind.GRID_WORKER, PostKind.COMMUNITY_LEAD)
STAFF = (PostKind.UNIT_CLERK, PostKind.HANDLER)
TAKERS = frozenset({*DESKS, *WALKERS, *STAFF})
"""Posts whose holders find tickets in their queue; others get one only by name."""


def manned_units(day: date) -> QuerySet[Post, Any]:
    """有人在岗的单位: ids of units with somebody who can claim."""
    posts = Post.objects.in_force(day).filter(kind__in=STAFF, unit__isnull=False)
    return posts.values("unit_id")


def manned_streets(day: date) -> QuerySet[Post, Any]:
    """有人在岗的街道: ids of subdistricts with somebody at the desk."""
    posts = Post.objects.in_force(day).filter(kind__in=DESKS)
    return posts.filter(division__level=Level.SUBDISTRICT).values("division_id")


def unmanned_units(day: date) -> QuerySet[Unit, Any]:
    """无人在岗的单位: ids; the few without anybody who can claim."""
    return Unit.objects.exclude(pk__in=manned_units(day)).values("pk")


def unmanned_streets(day: date) -> QuerySet[Division, Any]:
    """无人在岗的街道: ids; the few without anybody at the desk."""
    streets = Division.objects.filter(level=Level.SUBDISTRICT)
    return streets.exclude(pk__in=manned_streets(day)).values("pk")


def walked_places(day: date) -> QuerySet[Post, Any]:
    """有人走访的区划: ids of grids and communities with somebody who can look."""
    posts = Post.objects.in_force(day).filter(kind__in=WALKERS)
    return posts.values("division_id")


def is_walked(ticket: "Ticket", day: date) -> bool:
    """有网格员: somebody of the grid, other than the handler, can look at the place."""
    here = Q(kind=PostKind.GRID_WORKER, division_id=ticket.division_id)
    if ticket.community_id is not None:
        here |= Q(kind=PostKind.COMMUNITY_LEAD, division_id=ticket.community_id)
    parties = {ticket.handler_id, ticket.about_person_id}
    barred = parties | deputies(parties, day)
    posts = Post.objects.in_force(day).filter(here)
    if ticket.about_unit_id is not None:
        posts = posts.exclude(person__posts__unit_id=ticket.about_unit_id)
    holders = posts.values_list("person_id", flat=True)
    return any(acting(pk, day) not in barred for pk in holders)
