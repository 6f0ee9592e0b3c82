"""巡查情况: what was visited and what was missed, for whoever looks after those who walk."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from common import clock
from common.errors import NotYours
from grids.models import Division, Person, PostKind
from tickets.models import CheckIn, PatrolPoint, Ticket
from tickets.patrols import WEEK, midnight, missed, open_until

WATCHERS = frozenset(
    {
        PostKind.COMMUNITY_LEAD,
        PostKind.SHIFT_LEADER,
        PostKind.LEADER,
        PostKind.INSPECTOR,
        PostKind.AUDITOR,
    }
)
SHOWN = 200
"""So many lines of a day at most; who wants the others chooses a grid."""


@dataclass
class Share:
    """到访数: of a day, or of a grid on that day."""

    visited: int = 0
    missed: int = 0

    @property
    def due(self) -> int:
        """该去的."""
        return self.visited + self.missed

    def count(self, was_visited: bool | None) -> None:
        """记一个点; None: not asked for that day."""
        self.visited += was_visited is True
        self.missed += was_visited is False


@dataclass
class Line:
    """一个点的一天."""

    point: PatrolPoint
    is_visited: bool
    visits: list[CheckIn] = field(default_factory=list)
    until: date | None = None
    """Still to be visited, on this day at the latest."""


@dataclass
class Told:
    """巡查情况: of one day, with the week before it."""

    day: date
    week: dict[date, Share]
    grids: dict[Division, Share]
    lines: list[Line]
    more: int
    visible: frozenset[int]
    """Tickets among the findings that this person may open."""


def may_watch(person: Person, *, at: datetime) -> bool:
    """看巡查: holds a post that looks after those who walk."""
    return bool(_areas(person, at))


def require(person: Person, *, at: datetime) -> list[Division]:
    """须看得到巡查, else `NotYours`: where this person looks after those who walk."""
    areas = _areas(person, at)
    if not areas:
        raise NotYours(_("巡查情况供社区负责人、值班长、领导和督查员查看。"))
    return areas


def told(
    person: Person, day: date, *, at: datetime, grid: str = "", most: int | None = SHOWN
) -> Told:
    """巡查情况: in four statements, however many points there are; raises NotYours for others."""
    areas = require(person, at=at)
    today = clock.local(at).date()
    days = [today - timedelta(days=back) for back in reversed(range(WEEK))]
    points = _points(areas, days)
    visits = _visits(points, days)
    by_day = {point.pk: _told_of(point, visits[point.pk], days) for point in points}
    week, grids = {one: Share() for one in reversed(days)}, defaultdict[Division, Share](Share)
    for point in points:
        for one, was_visited in by_day[point.pk].items():
            week[one].count(was_visited)
        if by_day[point.pk].get(day) is not None:
            grids[point.division].count(by_day[point.pk][day])
    asked = [point for point in points if not grid or point.division.code == grid]
    lines = _lines(asked, by_day, day)
    if day == today:
        lines = _open(asked, visits, today, lines)
    by_code = dict(sorted(grids.items(), key=lambda pair: pair[0].code))
    return Told(
        day, week, by_code, lines[:most], len(lines) - len(lines[:most]),
        _visible(lines, person, at),
    )  # fmt: skip


def _areas(person: Person, at: datetime) -> list[Division]:
    posts = person.posts_at(at)
    return [one.division for one in posts if one.kind in WATCHERS and one.division is not None]


def _points(areas: Sequence[Division], days: Sequence[date]) -> list[PatrolPoint]:
    """In use and begun, each with its last visit before these days."""
    earlier = CheckIn.objects.filter(point=OuterRef("pk"), visited_at__lt=midnight(days[0]))
    newest = Subquery(earlier.order_by("-visited_at").values("visited_at")[:1])
    points = PatrolPoint.objects.within(areas).valid_on(days[-1])
    return list(points.annotate(seen_before=newest))


def _visits(points: Sequence[PatrolPoint], days: Sequence[date]) -> dict[int, set[date]]:
    """Of each point the days on which somebody was there."""
    found: dict[int, set[date]] = defaultdict(set)
    rows = CheckIn.objects.filter(point__in=points, visited_at__gte=midnight(days[0]))
    for pk, at in rows.values_list("point_id", "visited_at"):
        found[pk].add(clock.local(at).date())
    return found


def _told_of(
    point: PatrolPoint, visits: set[date], days: Sequence[date]
) -> dict[date, bool | None]:
    """Of each day whether it was visited; nothing before it was to be visited."""
    return dict(missed(point, visits, _begun(point, days), _before(point)))


def _before(point: PatrolPoint) -> date | None:
    seen: datetime | None = getattr(point, "seen_before", None)
    return clock.local(seen).date() if seen else None


def _open(
    points: Iterable[PatrolPoint], visits: dict[int, set[date]], today: date, lines: list[Line]
) -> list[Line]:
    """What may still be visited, with the others; what has to be visited first is first."""
    known = {line.point.pk: line for line in lines}
    for point in points:
        last = max(visits[point.pk], default=_before(point))
        line = known.setdefault(point.pk, Line(point, False))
        if not line.is_visited:
            line.until = open_until(point, last, today)
    shown = (line for line in known.values() if line.is_visited or line.until)
    return sorted(shown, key=lambda line: (line.is_visited, line.until or today, line.point.code))


def _begun(point: PatrolPoint, days: Sequence[date]) -> Sequence[date]:
    return [day for day in days if point.valid_from is None or point.valid_from <= day]


def _lines(
    points: Iterable[PatrolPoint], by_day: dict[int, dict[date, bool | None]], day: date
) -> list[Line]:
    """What was missed first, then in the order of the codes; visits nobody asked for, too."""
    found = {point.pk: Line(point, False) for point in points if day in by_day[point.pk]}
    rows = CheckIn.objects.filter(
        point__in=list(found), visited_at__gte=midnight(day),
        visited_at__lt=midnight(day + timedelta(days=1)),
    )  # fmt: skip
    for row in rows.select_related("person", "ticket").order_by("visited_at", "id"):
        found[row.point_id].visits.append(row)
        found[row.point_id].is_visited = True
    is_asked = {pk for pk in found if by_day[pk][day] is not None}
    shown = [line for pk, line in found.items() if line.is_visited or pk in is_asked]
    return sorted(shown, key=lambda line: (line.is_visited, line.point.code))


def _visible(lines: Iterable[Line], person: Person, at: datetime) -> frozenset[int]:
    ids = {row.ticket_id for line in lines for row in line.visits if row.ticket_id}
    seen = Ticket.objects.visible_to(person, at).filter(pk__in=ids)
    return frozenset(seen.values_list("pk", flat=True))
