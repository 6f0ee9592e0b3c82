"""Whose turn could it be? Active, permitted people for a ticket, also by rising (DESIGN §3.2)."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from grids.models import Level, Post, PostKind

DESKS = (PostKind.DESK, PostKind.SHIFT_LEADER)
STAFF = (PostKind.UNIT_CLERK, PostKind.HANDLER)


def desk(day: date, **without: str) -> Q:
    """受理员 of the place, or of the district, who holds every place."""
    return street(day, DESKS, **without) | district(day, **without)


def street(day: date, kinds: tuple[str, ...], **without: str) -> Q:
    """A post of the ticket's street."""
    place = Q(division_id=OuterRef("subdistrict_id"))
    return Q(Exists(_holders(day, **without).filter(place, kind__in=kinds)))


def district(day: date, **without: str) -> Q:
    """区级受理员 or its shift leader."""
    at_the_top = Q(division__level=Level.DISTRICT)
    return Q(Exists(_holders(day, **without).filter(at_the_top, kind__in=DESKS)))


def unit(day: date) -> Q:
    """承办单位: its clerks and handlers; unmanned it rises to shift leader, then district desk."""
    staff = _holders(day).filter(unit_id=OuterRef("unit_id"), kind__in=STAFF)
    return Q(Exists(staff)) | street(day, (PostKind.SHIFT_LEADER,)) | district(day)


def handler(day: date) -> Q:
    """处置人员: the named one, with a post at the unit."""
    named = Q(person_id=OuterRef("handler_id"), unit_id=OuterRef("unit_id"))
    return Q(Exists(_holders(day).filter(named)))


def grid(day: date, **without: str) -> Q:
    """网格员 of the grid or community lead; unmanned it rises to the desk."""
    here = Q(kind=PostKind.GRID_WORKER, division_id=OuterRef("division_id")) | Q(
        kind=PostKind.COMMUNITY_LEAD, division_id=OuterRef("community_id")
    )
    return Q(Exists(_holders(day, **without).filter(here))) | desk(day, **without)


def _holders(day: date, **without: str) -> QuerySet[Post]:
    """Posts in force of people the ticket is not about; `without` names a column of the ticket."""
    concerned = Post.objects.in_force(day).filter(
        person=OuterRef("person"), unit_id=OuterRef(OuterRef("about_unit_id"))
    )
    found = Post.objects.in_force(day).filter(_is_not("about_person_id"), ~Exists(concerned))
    for column in without.values():
        found = found.filter(_is_not(column))
    return found


def _is_not(column: str) -> Q:
    named: Any = Coalesce(OuterRef(column), 0)
    return ~Q(person_id=named)
