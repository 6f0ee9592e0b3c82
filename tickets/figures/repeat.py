"""反复发生: the same matter at the same place again and again, whoever handled it each time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Left

from grids import stencils
from grids.models import Building, Person
from tickets import boards, standing
from tickets.figures import facts
from tickets.figures.scope import theirs
from tickets.models import Category, Ticket, Words
from tickets.rates import LEFT_OUT
from tickets.standing import Group
from tickets.words import WordsKind

METRES = 111_320.0  # of a degree of latitude
WIDER = 2  # a degree of longitude is shorter, up to the sixtieth parallel not by more
MOST, SHOWN = 40, 3
LONGEST = 3660  # days
OPEN_PLACE = Q(is_sensitive=False, about_unit=None, about_person=None, is_historic=False)
"""What may be shown by place at all."""
CANDIDATES = """WITH one(id, category, building, lat, lng) AS MATERIALIZED ({rows}),
celled AS (
  SELECT *, floor(lat / %s)::int AS y, floor(lng / %s)::int AS x FROM one WHERE building IS NULL
),
cells AS (SELECT category, y, x, count(*) AS many FROM celled GROUP BY 1, 2, 3),
around AS (
  SELECT category, y + dy AS y, x + dx AS x, sum(many) AS many FROM cells,
    (VALUES (-1), (0), (1)) AS up(dy), (VALUES (-1), (0), (1)) AS side(dx) GROUP BY 1, 2, 3
)
SELECT one.id, category, building, lat, lng FROM one JOIN (
  SELECT category, building FROM one WHERE building IS NOT NULL
  GROUP BY 1, 2 HAVING count(*) >= %s
) AS often USING (category, building)
UNION ALL
SELECT celled.id, category, NULL, lat, lng FROM celled JOIN around USING (category, y, x)
WHERE many >= %s
ORDER BY id DESC LIMIT 5000"""
Spot = tuple[int, int, int | None, float, float]


@dataclass(frozen=True)
class Place:
    """反复地点: the tickets there, the latest first; `more` that are not listed."""

    category: Category | None
    where: str
    tickets: Sequence[tuple[Ticket, str]]
    count: int
    more: int


def places(person: Person, at: datetime) -> list[Place]:
    """反复发生的地点: most often first, as the law of now says what again and again means."""
    groups = sorted(_grouped(_candidates(person, at)), key=lambda ids: (-len(ids), -ids[0]))[:MOST]
    wanted = [pk for ids in groups for pk in ids[:SHOWN]]
    found = Ticket.objects.visible_to(person, at).filter(theirs(person, at)).in_bulk(wanted)
    standing.remember(person, list(found.values()), at=at)
    texts = _texts(wanted)
    names = Building.objects.in_bulk({row.building_id for row in found.values() if row.building_id})
    made = []
    for ids in groups:
        rows = [found[pk] for pk in ids[:SHOWN] if pk in found]
        told = [
            (row, texts.get(row.pk, ""))
            if Group.WORDS in standing.sees(person, row, at=at)
            else (row, "")
            for row in rows
        ]
        if rows:
            house = names.get(rows[0].building_id or 0)
            made.append(
                Place(rows[0].category, house.name if house else "", told, len(ids),
                      len(ids) - len(rows))
            )  # fmt: skip
    return made


def _times() -> int:
    return max(int(facts.rule("repeat_times")), 2)


def _candidates(person: Person, at: datetime) -> list[Spot]:
    """Whoever has enough of the same kind around, in cells as wide as the distance."""
    metres, times = float(facts.rule("repeat_metres")), _times()
    since = at - timedelta(days=min(max(int(facts.rule("repeat_days")), 1), LONGEST))
    rows = (
        Ticket.objects.visible_to(person, at)
        .filter(theirs(person, at), OPEN_PLACE, reported_at__gte=since, category__isnull=False)
        .filter(Q(building__isnull=False) | Q(lat__isnull=False, lng__isnull=False))
        .exclude(state__in=LEFT_OUT)
        .order_by()
        .values_list("id", "category_id", "building_id", "lat", "lng")
    )
    sql, values = stencils.made(rows)
    if sql == stencils.NOTHING[0]:
        return []
    high = max(metres, 1.0) / METRES
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES.format(rows=sql), [*values, high, WIDER * high, times, times])
        return cursor.fetchall()


def _grouped(spots: Iterable[Spot]) -> list[list[int]]:
    """同一地点: the same building, or within the distance of the latest one there."""
    metres, times = float(facts.rule("repeat_metres")), _times()
    kinds: dict[tuple[int, int | None], list[Spot]] = defaultdict(list)
    for spot in spots:
        kinds[spot[1], spot[2]].append(spot)
    found = []
    for (_category, building), some in kinds.items():
        if building is not None:
            found.append([spot[0] for spot in some])
        else:
            found += _near(some, metres)
    return [sorted(ids, reverse=True) for ids in found if len(ids) >= times]


def _near(spots: Sequence[Spot], metres: float) -> list[list[int]]:
    """Each spot in one group only, those with most around them first."""
    points: dict[tuple[float, float], list[int]] = defaultdict(list)
    for pk, _category, _building, lat, lng in spots:
        points[lat, lng].append(pk)
    around = _around(list(points), metres)
    by_most = sorted(points, key=lambda at: -sum(len(points[one]) for one in around[at]))
    left, found = set(points), []
    for middle in by_most:
        group = around[middle] & left if middle in left else set()
        left -= group
        if group:
            found.append([pk for one in group for pk in points[one]])
    return found


Point = tuple[float, float]


def _around(points: Sequence[Point], metres: float) -> dict[Point, set[Point]]:
    """Whatever lies within the distance, itself too; looked for in the nine cells around."""
    cells: dict[tuple[int, int], list[Point]] = defaultdict(list)
    high = max(metres, 1.0) / METRES
    for lat, lng in points:
        cells[int(lat // high), int(lng // (WIDER * high))].append((lat, lng))
    found: dict[Point, set[Point]] = {}
    for (y, x), here in cells.items():
        beside = [one for up in (-1, 0, 1) for side in (-1, 0, 1)
                  for one in cells.get((y + up, x + side), ())]  # fmt: skip
        for point in here:
            found[point] = {one for one in beside if distance(point, one) <= metres}
    return found


def distance(one: Point, other: Point) -> float:
    """相距 in metres, on a plane as good as flat."""
    north = (one[0] - other[0]) * METRES
    east = (one[1] - other[1]) * METRES * cos(radians(one[0]))
    return float((north**2 + east**2) ** 0.5)


def _texts(ids: Sequence[int]) -> dict[int, str]:
    words = Words.objects.filter(ticket__in=ids, kind=WordsKind.REPORT).order_by("-id")
    return dict(words.annotate(cut=Left("text", boards.SUMMARY)).values_list("ticket_id", "cut"))
