"""Whose words may be read, as conditions on rows: `standing.sees` for the database.

`tests/tickets/test_search_readable.py` holds the two together, ticket by ticket.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from grids.models import Person, PostKind
from tickets import standing
from tickets.models import Assist, Follower
from tickets.models.assist import AssistState
from tickets.models.ways import SEES_DIVISION, SEES_UNIT, within

READS_ALL = frozenset({PostKind.DESK, PostKind.SHIFT_LEADER, PostKind.INSPECTOR})
NONE, ANY = Q(pk__in=()), Q(pk__isnull=False)


def inside(person: Person, *, at: datetime) -> Q:
    """内部可读: of visible tickets, those all of whose words this person may read."""
    own = Q(reporter_person=person)
    present = _present(person, at)
    staff = _area(person, SEES_DIVISION, at) | present
    open_to = Q(is_sensitive=False) | _area(person, READS_ALL, at) | present | own
    return open_to & (~own | staff) & ~_only_followed(person, at)


def own(person: Person, *, at: datetime) -> Q:
    """本人可读: those this person reads only as whoever reported them."""
    staff = _area(person, SEES_DIVISION, at) | _present(person, at)
    return Q(reporter_person=person) & ~staff


def _area(person: Person, kinds: frozenset[PostKind], at: datetime) -> Q:
    found = NONE
    for post in person.posts_at(at):
        if post.kind in kinds and post.division is not None:
            found |= within(post.division.level, post.division_id)
    return found


def _present(person: Person, at: datetime) -> Q:
    posts = person.posts_at(at)
    units = {post.unit_id for post in posts if post.unit_id and post.kind in SEES_UNIT}
    serves = {post.unit_id for post in posts if post.unit_id}
    found = Q(handler__in=person.selves(at)) & (Q(unit=None) | Q(unit__in=serves))
    if not units:
        return found
    helping = Assist.objects.filter(ticket=OuterRef("pk"), unit__in=units, state=AssistState.OPEN)
    return found | Q(unit__in=units) | Q(open_assists__gt=0) & Q(Exists(helping))


def _only_followed(person: Person, at: datetime) -> Q:
    if standing.is_staff(person, at=at):
        return NONE
    mine = Follower.objects.filter(reporter__person=person, ended_at=None)
    return Q(pk__in=mine.values("ticket_id")) & ~Q(reporter_person=person)
