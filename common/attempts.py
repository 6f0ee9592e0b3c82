"""Wrong tries are counted in PostgreSQL, so that every process and machine knows of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from common.models import Attempts
from common.secrets import lookup_hash


@dataclass(frozen=True)
class Allowance:
    """限额: so many wrong tries of one kind within a window."""

    scope: str
    limit: int
    window: timedelta


def failed(allowance: Allowance, who: str, *, at: datetime) -> bool:
    """记一次: one more wrong try of `who` (an address, kept only as a keyed hash).

    True as soon as the allowance of the running window is used up.
    """
    count = add(allowance, who, 1, at=at)[1]
    if count == 1:
        forget(allowance, at=at)
    return count > allowance.limit


def add(allowance: Allowance, who: str, many: int, *, at: datetime) -> tuple[datetime, int]:
    """加几次: since when the running window counts, and how many there are now."""
    old = at - allowance.window
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_attempts AS a (scope, who, since, count) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (scope, who) DO UPDATE SET"
            " count = CASE WHEN a.since <= %s THEN EXCLUDED.count"
            " ELSE a.count + EXCLUDED.count END,"
            " since = CASE WHEN a.since <= %s THEN EXCLUDED.since ELSE a.since END"
            " RETURNING since, count",
            [allowance.scope, lookup_hash(who), at, many, old, old],
        )
        since, count = cursor.fetchone()
    return since, count


def known(allowance: Allowance, who: str, *, at: datetime) -> tuple[datetime, int]:
    """已试几次: since when and how many in the running window; counts nothing."""
    since = at - allowance.window
    row = Attempts.objects.filter(scope=allowance.scope, who=lookup_hash(who), since__gt=since)
    found = row.values_list("since", "count").first()
    return found or (at, 0)


def wait(allowance: Allowance, who: str, *, at: datetime) -> timedelta:
    """等多久: until the running window ends."""
    return known(allowance, who, at=at)[0] + allowance.window - at


def clear(allowance: Allowance, who: str) -> None:
    """清零: the right one was shown."""
    Attempts.objects.filter(scope=allowance.scope, who=lookup_hash(who)).delete()


def forget(allowance: Allowance, *, at: datetime) -> None:
    """清理: a call for the beginning of a window."""
    # a window begins: those that ended long ago are of no use to anybody
    old = at - 10 * allowance.window
    Attempts.objects.filter(scope=allowance.scope, since__lt=old).delete()
