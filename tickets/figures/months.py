"""月报封存: what a month's figures were when its report was made, kept for good.

Reports about staff are left out: whoever reads a report of a division reads the same numbers.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid
from grids import workdays
from grids.models import Division, Level
from tickets.figures import counting, facts, scope
from tickets.figures.counting import CATEGORY, STREET, UNIT, Cells, Counted
from tickets.figures.facts import Measure
from tickets.figures.periods import Kind, Period, of
from tickets.figures.scope import Scope, Slice
from tickets.models import MonthFigure
from tickets.rates import Rate

NIGHT = time(2)
LATEST = 20
"""Working days after the month, whatever the rule says."""
BY = (STREET, UNIT, CATEGORY)
NONE = "-"
Told = dict[str, list[str]]
"""Of each measure what was kept and of how many; as texts, since scores have decimals."""


@dataclass(frozen=True)
class Frozen:
    """封存的数: of a month and a division, or of what the report is narrowed to there."""

    cells: Cells
    composite: str | None
    made_at: datetime
    is_intact: bool


def freezes_at(month: date) -> datetime:
    """何时封存: at night on the working day of the next month that the law names."""
    day = of(Kind.MONTH, month).next.first
    for nth in range(min(max(1, int(facts.rule("freeze_workday"))), LATEST)):
        day = workdays.of_office(day + timedelta(days=1 if nth else 0))
    return datetime.combine(day, NIGHT, ZoneInfo(settings.TIME_ZONE))


def sweep(*, at: datetime) -> int:
    """封存到期的月份: the last one that is over, and those since the latest kept one."""
    month = of(Kind.MONTH, clock.local(at).date()).before.first
    latest = MonthFigure.objects.order_by("-month").values_list("month", flat=True).first()
    due, made = [], 0
    while latest is None or month > latest:
        due.append(month)
        month = of(Kind.MONTH, month).before.first
        if latest is None:
            break
    for one in reversed(due):
        if _missing(of(Kind.MONTH, one)) and freezes_at(one) <= at:
            made += freeze(one, at=at)
    return made


def freeze(month: date, *, at: datetime) -> int:
    """封存一个月: of the district and of each street, what is not kept yet. Raises `Invalid`."""
    period = of(Kind.MONTH, month)
    if scope.midnight(period.next.first) > at:
        said = {"month": f"{month:%Y-%m}"}
        raise Invalid(_("%(month)s 还没有结束，不能封存。") % said, field="month")
    rows = [_row(period, ground, at) for ground in _missing(period)]
    MonthFigure.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _missing(period: Period) -> list[Division]:
    """Of those that stood on its last day, whenever it is kept."""
    kept = MonthFigure.objects.filter(month=period.first).values("division")
    grounds = Division.objects.valid_on(period.last).exclude(pk__in=kept)
    return list(grounds.filter(level__in=[Level.DISTRICT, Level.SUBDISTRICT]).order_by("code"))


def _row(period: Period, ground: Division, at: datetime) -> MonthFigure:
    asked = Scope(
        None, at, period.first, period.last, ground=ground, before_first=period.first,
        is_plain=True,
    )  # fmt: skip
    told = _told(counting.count(asked))
    row = MonthFigure(month=period.first, division=ground, made_at=at, figures=told)
    row.digest = digest(row)
    return row


def _told(found: Counted) -> dict[str, Any]:
    score = found.composite
    return {
        "rules": {code: str(facts.rule(code)) for code in sorted(facts.USUAL)},
        "composite": None if score is None else f"{score:.1f}",
        "all": _cells(found.now),
        **{
            name: {str(key or NONE): _cells(cells) for key, cells in found.by[name].items()}
            for name in BY
        },
    }


def _cells(cells: Cells) -> Told:
    return {measure: [str(rate.met), str(rate.due)] for measure, rate in sorted(cells.items())}


def digest(row: MonthFigure) -> str:
    """摘要: over month, division, when it was made and all numbers; no key, one canonical form."""
    told = {
        "month": row.month.isoformat(), "division": row.division.code,
        "made_at": row.made_at.astimezone(ZoneInfo("UTC")).isoformat(), "figures": row.figures,
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def frozen(asked: Scope) -> Frozen | None:
    """封存的: of the division that is asked for; None where there is none, or no single one.

    Narrowed to units or to categories it is summed up from them; not to both at once.
    """
    ground = _ground(asked)
    if ground is None or (asked.unit and asked.category):
        return None
    row = MonthFigure.objects.filter(month=asked.first, division=ground).first()
    if row is None:
        return None
    told, score = row.figures["all"], row.figures["composite"]
    for name, chosen in ((UNIT, asked.unit), (CATEGORY, asked.category)):
        if chosen:
            told, score = _sum(row.figures[name], chosen), None
    return Frozen(_read(told), score, row.made_at, digest(row) == row.digest)


def _ground(asked: Scope) -> int | None:
    """Which division's row: the chosen street's, else the person's own one."""
    own = {place.pk: place for place in scope.grounds(asked.reader, asked.at)}
    above = [pk for pk, place in own.items() if place.level == Level.DISTRICT]
    if len(asked.subdistrict) == 1:
        (street,) = asked.subdistrict
        return street if above or street in own else None
    if asked.subdistrict:
        return None
    found = above or list(own)
    return found[0] if len(found) == 1 else None


def _sum(by: Mapping[str, Told], chosen: Slice) -> Told:
    parts = [by[key] for key in (str(pk or NONE) for pk in chosen) if key in by]
    return {measure: _added(one[measure] for one in parts if measure in one)
            for measure in {measure for one in parts for measure in one}}  # fmt: skip


def _added(cells: Iterable[list[str]]) -> list[str]:
    listed = list(cells)
    return [str(sum(Decimal(one[part]) for one in listed)) for part in (0, 1)]


def _read(told: Told) -> Cells:
    return {Measure(name): Rate(Decimal(met), int(due)) for name, (met, due) in told.items()}
