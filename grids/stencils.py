"""套版: statements made once for all people of the same posts, for the same absent.

Making the SQL of a list or of its count takes longer than answering it, and it differs only in
who asks and when: those are gaps, filled at each asking.
"""

from collections.abc import Callable, Hashable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from common import clock
from grids.models import Person

Made = tuple[str, tuple[Any, ...]]
WHO = -(2**41) + 1
WHEN = datetime(1971, 3, 5, 7, 11, 13, 17, tzinfo=UTC)
NEAR = timedelta(days=3660)
MOST = 2000
NOTHING: Made = ("SELECT NULL::bigint WHERE false", ())
_kept: dict[Hashable, Made] = {}


def filled(
    name: Hashable, person: Person, at: datetime, make: Callable[[Person, datetime], Made]
) -> Made:
    """套用: SQL and parameters for this person at this moment.

    `make` is called once for a name and a set of posts, with somebody who holds these posts but
    is nobody, at a moment that is none. It must use both as they are: an hour before that moment
    has no gap, and raises ValueError.
    """
    key = (name, person.is_active, _posts(person, at), *sorted(_absent(person, at)))
    if key not in _kept:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = _checked(make(_likeness(person, at), WHEN))
    sql, gaps = _kept[key]
    day, nobodys_day = clock.local(at).date(), clock.local(WHEN).date()
    fill = {WHO: person.pk, WHEN: at, nobodys_day: day}
    return sql, tuple(fill.get(one, one) if type(one) in GAPS else one for one in gaps)


GAPS = (int, datetime, date)


def made(rows: QuerySet[Any]) -> Made:
    """SQL and parameters of a set; nothing can be in an empty one."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return NOTHING


def _posts(person: Person, at: datetime) -> Hashable:
    return tuple(
        (post.kind, post.unit_id, post.division_id, post.division and post.division.level)
        for post in person.posts_at(at)
    )


def _absent(person: Person, at: datetime) -> frozenset[int]:
    return person.represents(clock.local(at).date())


def _likeness(person: Person, at: datetime) -> Person:
    nobody = Person(pk=WHO, is_active=person.is_active)
    day = clock.local(WHEN).date()
    nobody._posts_of_day = day, person.posts_at(at)
    nobody._absent_of_day = day, _absent(person, at)
    return nobody


def _checked(statement: Made) -> Made:
    for one in statement[1]:
        is_near = isinstance(one, datetime) and abs(one - WHEN) < NEAR
        if is_near and one != WHEN:
            raise ValueError("A stencil has no gap for a moment reckoned from the one it is given.")
    return statement
