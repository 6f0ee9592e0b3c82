"""All numbers of a page in two statements, by street, unit, category and week at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import TruncWeek

from grids import stencils
from tickets.figures import facts
from tickets.figures.facts import Measure
from tickets.figures.scope import Scope, zone
from tickets.rates import IN_TIME, Rate

Key = Any
Cells = dict[Measure, Rate]
STREET, UNIT, CATEGORY, WEEK = DIMENSIONS = ("subdistrict", "unit", "category", "week")
ALONE = {0b1111: "", 0b0111: STREET, 0b1011: UNIT, 0b1101: CATEGORY, 0b1110: WEEK}
"""GROUPING: a bit for each dimension that is summed up."""
SETS = """(measure, is_now), (measure, is_now, street), (measure, is_now, unit),
    (measure, is_now, category), (measure, week)"""
COUNT = """SELECT measure, GROUPING(street, unit, category, week), is_now,
    street, unit, category, week, {sums}
FROM (SELECT measure, street, unit, category, is_now, week, {what}
  FROM ({rows}) AS one(measure, street, unit, category, is_now, week, {more})
  GROUP BY 1, 2, 3, 4, 5, 6) AS few
GROUP BY GROUPING SETS ({sets})"""
"""Summed up first: the sets would sort every row."""


@dataclass
class Counted:
    """数出来的: `now` and `before` in all and by each dimension; by week over both."""

    now: Cells = field(default_factory=dict)
    before: Cells = field(default_factory=dict)
    by: dict[str, dict[Key, Cells]] = field(
        default_factory=lambda: {name: defaultdict(dict) for name in DIMENSIONS}
    )
    by_before: dict[str, dict[Key, Cells]] = field(
        default_factory=lambda: {name: defaultdict(dict) for name in DIMENSIONS}
    )

    @property
    def composite(self) -> float | None:
        """综合得分: the three rates by weight; none as long as one of them is missing."""
        return composite(self.now)

    def add(self, measure: Measure, mask: int, is_now: bool | None, key: Key, rate: Rate) -> None:
        """One cell."""
        name = ALONE[mask]
        if name == WEEK:
            self.by[WEEK][_day(key)][measure] = rate
        elif not name:
            (self.now if is_now else self.before)[measure] = rate
        else:
            (self.by if is_now else self.by_before)[name][key][measure] = rate


def composite(cells: Cells) -> float | None:
    """综合得分, 0 to 100."""
    total = weights = Decimal(0)
    for measure in facts.THREE:
        value = cells[measure].value if measure in cells else None
        if value is None:
            return None
        weight = facts.rule(f"weight_{measure}")
        total, weights = total + weight * Decimal(value), weights + weight
    return float(100 * total / weights) if weights else None


def count(scope: Scope) -> Counted:
    """计数: of the scope and of the time before it. Two statements."""
    found = Counted()
    whole = replace(scope, first=scope.before.first)
    for row in _clocks(whole, scope.since):
        found.add(*row)
    for row in _ratings(whole, scope.since):
        found.add(*row)
    return found


Row = tuple[Measure, int, bool | None, Key, Rate]


def _clocks(whole: Scope, since: datetime) -> Iterator[Row]:
    rows = _dressed(
        facts.clocks(whole), "promise", "unit_id", "due_at", since,
        is_met=IN_TIME, has_half=facts.HAS_HALF, is_early=facts.RESPONDED,
    )  # fmt: skip
    what = ("count(*)", *(f"count(*) FILTER (WHERE {name})" for name in rows[1]))
    for promise, mask, is_now, key, (due, met, halves, early) in _grouped(rows, what):
        yield Measure(promise.lower()), mask, is_now, key, Rate(int(met), int(due))
        if halves:
            yield Measure.RESPONDED, mask, is_now, key, Rate(int(early), int(halves))


def _ratings(whole: Scope, since: datetime) -> Iterator[Row]:
    told = facts.ratings(whole).annotate(score=facts.score())
    rows = _dressed(
        told, Value("rated"), "ticket__unit_id", "at", since, is_solved_=facts.SOLVED, more="score"
    )
    what = ("count(*)", "count(*) FILTER (WHERE is_solved_)", "sum(score)")
    for _rated, mask, is_now, key, (given, solved, scores) in _grouped(rows, what):
        yield Measure.SOLVED, mask, is_now, key, Rate(int(solved), int(given))
        yield Measure.CONTENT, mask, is_now, key, Rate(scores, int(given))


Dressed = tuple[QuerySet[Any], Sequence[str]]


def _dressed(
    rows: QuerySet[Any], measure: Any, unit: str, moment: str, since: datetime,
    more: str = "", **told: Q,
) -> Dressed:  # fmt: skip
    """Each row with what it is counted by, in the order in which `COUNT` names the columns."""
    rows = rows.annotate(
        measure_=F(measure) if isinstance(measure, str) else measure,
        street_=F("ticket__subdistrict_id"), unit_=F(unit), category_=F("ticket__category_id"),
        is_now_=_flag(Q(**{f"{moment}__gte": since})), week_=TruncWeek(moment, tzinfo=zone()),
        **{f"{name}_": _flag(condition) for name, condition in told.items()},
    )  # fmt: skip
    names = [*told, *([more] if more else [])]
    columns = [*(f"{name}_" for name in told), *([more] if more else [])]
    return rows.values_list(
        "measure_", "street_", "unit_", "category_", "is_now_", "week_", *columns
    ), names


def _flag(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _grouped(
    dressed: Dressed, what: Iterable[str]
) -> Iterator[tuple[str, int, bool | None, Key, Sequence[Any]]]:
    rows, names = dressed
    sql, values = stencils.made(rows)
    if not values and sql == stencils.NOTHING[0]:
        return
    parts = [(f"part{nth}", one) for nth, one in enumerate(what)]
    asked = COUNT.format(
        what=", ".join(f"{one} AS {name}" for name, one in parts),
        sums=", ".join(f"sum({name})" for name, _one in parts),
        rows=sql, more=", ".join(names), sets=SETS,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        for measure, mask, is_now, street, unit, category, week, *sums in cursor.fetchall():
            name = ALONE[mask]
            keys = {STREET: street, UNIT: unit, CATEGORY: category, WEEK: week}
            yield measure, mask, is_now, keys.get(name), sums


def _day(week: datetime | date) -> date:
    """The database tells it as it is in the district."""
    return week.date() if isinstance(week, datetime) else week
