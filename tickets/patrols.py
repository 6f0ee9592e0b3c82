"""巡查: which places are to be visited on a day, and which were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from common import clock
from grids.models import Person
from tickets.models import CheckIn, PatrolPoint
from tickets.models.patrol import LONGEST_ROUND
from tickets.models.ways import walked

WEEK = 7
SOME_MONDAY = date(2001, 1, 1)
MOST = 5_000
"""So many visits are forgotten in one round."""


class Stand(models.TextChoices):
    """今天: still to be visited, visited, or not today."""

    DUE = "DUE", _("今天要去")
    DONE = "DONE", _("今天去过")
    LATER = "LATER", _("今天不用去")


@dataclass(frozen=True)
class Round:
    """一个点的今天: `next_on` is the next day on which it is to be visited."""

    point: PatrolPoint
    last: CheckIn | None
    stand: Stand
    next_on: date


def today(person: Person, at: datetime) -> list[Round]:
    """今日巡查: of everything this person walks; what is still to be visited first."""
    areas = walked(person, at)
    if not areas:
        return []
    day = clock.local(at).date()
    points = PatrolPoint.objects.within(areas).valid_on(day).select_related("building")
    rounds = rounds_of(list(points), day)
    order = list(Stand)
    return sorted(rounds, key=lambda one: (order.index(one.stand), one.point.code))


def due(person: Person, at: datetime) -> int:
    """今日还要去几处."""
    return sum(one.stand == Stand.DUE for one in today(person, at))


def rounds_of(points: Sequence[PatrolPoint], day: date) -> list[Round]:
    """各点的今天: two statements however many there are."""
    since = midnight(day - timedelta(days=LONGEST_ROUND))
    rows = CheckIn.objects.filter(point__in=points, visited_at__gte=since)
    newest = rows.order_by("point_id", "-visited_at", "-id").distinct("point_id")
    last = {row.point_id: row for row in newest.select_related("person")}
    return [_round(point, last.get(point.pk), day) for point in points]


def _round(point: PatrolPoint, last: CheckIn | None, day: date) -> Round:
    visited = clock.local(last.visited_at).date() if last is not None else None
    if visited is not None and visited >= day:
        return Round(point, last, Stand.DONE, next_on(point, visited, day + timedelta(days=1)))
    wanted = next_on(point, visited, day)
    return Round(point, last, Stand.DUE if wanted == day else Stand.LATER, wanted)


def next_on(point: PatrolPoint, visited: date | None, day: date) -> date:
    """下次: the first day, not before `day`, on which it is to be visited."""
    found = day if visited is None else max(day, visited + timedelta(days=point.every_days))
    found = max(found, point.valid_from or found)
    return next(
        found + timedelta(days=more)
        for more in range(WEEK)
        if _may_go(point, found + timedelta(days=more))
    )


@dataclass(frozen=True)
class Due:
    """一期: from the day on which a point falls due, as long as it takes to fall due again."""

    first: date
    last: date

    def ends_on(self, point: PatrolPoint) -> date | None:
        """期末: the last day of it on which one may go there; None: there is no such day."""
        days = (
            self.last - timedelta(days=back) for back in range((self.last - self.first).days + 1)
        )
        return next((day for day in days if _may_go(point, day)), None)


def period(point: PatrolPoint, visited: date | None, day: date) -> Due | None:
    """当期: that this day lies in, reckoned from the visit before; None: not due yet.

    Of a point that nobody visited from its first day (起始日) on; without one from a Monday.
    """
    length = timedelta(days=point.every_days)
    begun = point.valid_from or SOME_MONDAY
    first = begun if visited is None else max(begun, visited + length)
    if day < first:
        return None
    first += (day - first) // length * length
    return Due(first, first + length - timedelta(days=1))


def open_until(point: PatrolPoint, visited: date | None, day: date) -> date | None:
    """最晚: by when it is to be visited; None where it is not due, or no longer in this period."""
    now = period(point, visited, day)
    end = now.ends_on(point) if now else None
    return end if end and end >= day else None


def missed(
    point: PatrolPoint, visits: Iterable[date], days: Sequence[date], before: date | None
) -> Mapping[date, bool | None]:
    """到没到: of each of these days in a row, whether it was visited; None: counts for nothing.

    What nobody visited counts once in each period, on its last day.
    """
    visited, last = set(visits), before
    found: dict[date, bool | None] = {}
    for day in days:
        now, came = period(point, last, day), day in visited
        if came:
            found[day] = True if now and _may_go(point, day) else None
        else:
            found[day] = False if now and now.ends_on(point) == day else None
        last = day if came else last
    return found


def forget(*, at: datetime) -> int:
    """遗忘: visits older than their rule keeps them; how many there were is counted by month.

    Those with a finding stand by their ticket until that one is erased. The database does it: the
    application's role may delete none by itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tickets_forget_check_ins(%s, %s, %s)", [at, settings.TIME_ZONE, MOST]
        )
        (count,) = cursor.fetchone()
    return int(count)


def _may_go(point: PatrolPoint, day: date) -> bool:
    return point.weekdays[day.weekday()] == "1"


def midnight(day: date) -> datetime:
    """当天零点: of the district."""
    return datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE))
