"""Numbers made ready for a page: shares in per cent, differences, and an address for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from common import known
from grids.models import Division, Unit
from tickets import law
from tickets.figures import facts
from tickets.figures.counting import CATEGORY, STREET, UNIT, WEEK, Cells, Counted
from tickets.figures.facts import Measure
from tickets.figures.scope import Scope
from tickets.rates import Rate

GOOD, FAIR = 0.95, 0.85
FIRST = 12
WORST = 6
NONE = "-"
IN_ADDRESS = {STREET: "street", UNIT: "unit", CATEGORY: "category"}


@dataclass(frozen=True)
class Number:
    """一个数: the rate in per cent, of how many, and where the rows behind it are listed."""

    measure: Measure
    rate: Rate
    base: str
    """The address of the rows behind it, but for which part of them."""
    change: float | None = None
    """Against the time before, in points of per cent."""

    @property
    def label(self) -> str:
        """指标名."""
        return str(facts.LABELS[self.measure])

    @property
    def due_url(self) -> str:
        """明细地址: all that were due."""
        return f"{self.base}&m={self.measure}&part={facts.DUE}"

    @property
    def missed_url(self) -> str:
        """明细地址: those that were not kept."""
        return f"{self.base}&m={self.measure}&part={facts.MISSED}"

    @property
    def percent(self) -> str:
        """百分数: one decimal; a dash when nothing was due."""
        value = self.rate.value
        if value is None:
            return "—"
        # nothing is told as all when it is not
        return f"{min(value * 100, 99.9) if value < 1 else 100:.1f}".removesuffix(".0")

    @property
    def tone(self) -> str:
        """好坏."""
        value = self.rate.value
        if value is None:
            return "none"
        return "good" if value >= GOOD else "fair" if value >= FAIR else "bad"

    @property
    def is_score(self) -> bool:
        """按分计: the share is of points, not of rows."""
        return self.measure == Measure.CONTENT

    @property
    def change_told(self) -> str:
        """升降."""
        return "" if self.change is None else f"{abs(self.change):.1f}"


@dataclass(frozen=True)
class Row:
    """一行: a street, unit, category or week with all its numbers."""

    name: str
    numbers: list[Number]
    missed: int


@dataclass(frozen=True)
class Break:
    """断点: where promises were not kept most often."""

    name: str
    number: Number


def address(scope: Scope, **asked: Any) -> str:
    """明细地址: of the rows behind a number."""
    return f"{reverse('figures_behind')}?{urlencode(query(scope, **asked))}"


def query(scope: Scope, **more: Any) -> dict[str, str]:
    """地址里的范围: with its days, so that it means the same tomorrow."""
    days = {"since": scope.first.isoformat(), "until": scope.last.isoformat()}
    return {**scope.asked, **days, **more}


def numbers(
    scope: Scope, cells: Cells, before: Cells | None = None, asked: Mapping[str, str] | None = None
) -> list[Number]:
    """七个数, in their order."""
    base = address(scope, **(asked or {}))
    return [_number(base, measure, cells, (before or {}).get(measure)) for measure in Measure]


def _number(base: str, measure: Measure, cells: Cells, before: Rate | None) -> Number:
    rate = cells.get(measure, Rate(0, 0))
    now, then = rate.value, before.value if before else None
    change = None if now is None or then is None else (now - then) * 100
    return Number(measure, rate, base, change)


def table(scope: Scope, found: Counted, name: str, most: int | None = None) -> list[Row]:
    """一张表: whoever broke most promises first, so many; weeks in their order."""
    cells, before = found.by[name], found.by_before[name]
    named_ = {key: _asked(scope, name, key) for key in cells}

    def place(key: Any) -> Any:
        return key if name == WEEK else (-missed(cells[key]), named_[key][0])

    return [
        Row(named_[key][0], numbers(scope, cells[key], before.get(key, {}), named_[key][1]),
            missed(cells[key]))
        for key in sorted(cells, key=place)[:most]
    ]  # fmt: skip


def named_cells(scope: Scope, found: Counted, name: str) -> list[tuple[str, Cells]]:
    """同一张表, without addresses."""
    made = [(_asked(scope, name, key)[0], cells) for key, cells in found.by[name].items()]
    return sorted(made, key=lambda one: one[0])


def _asked(scope: Scope, name: str, key: Any) -> tuple[str, dict[str, str]]:
    if name == WEEK:
        return _of_week(scope, key)
    label, code = named(name, key)
    return label, {IN_ADDRESS[name]: code}


def breaks(scope: Scope, found: Counted) -> list[Break]:
    """断在哪里: unit by unit, and street by street what no unit holds; the worst first."""
    cells = []
    for key, some in found.by[UNIT].items():
        if key is not None:
            cells += [(UNIT, key, measure, some) for measure in facts.FOUR if measure in some]
    for key, some in found.by[STREET].items():
        cells += [(STREET, key, measure, some) for measure in DESKS if measure in some]
    worst = sorted(cells, key=lambda one: -one[3][one[2]].missed)[:WORST]
    return [
        Break(
            _holder(name, key),
            _number(address(scope, **_of(name, key)), measure, some, None),
        )
        for name, key, measure, some in worst
        if some[measure].missed
    ]


def _of(name: str, key: int | None) -> dict[str, str]:
    return {IN_ADDRESS[name]: named(name, key)[1]}


DESKS = (Measure.ACCEPT, Measure.REPLY)
"""What the desks promise."""


def _holder(name: str, key: int | None) -> str:
    label = named(name, key)[0]
    return _("%(street)s受理台") % {"street": label} if name == STREET else label


def named(name: str, key: int | None) -> tuple[str, str]:
    """名称和代码; where there is none that is said."""
    if key is None:
        nobody = {STREET: _("只知在区内"), UNIT: _("受理台"), CATEGORY: _("未定类别")}
        return nobody[name], NONE
    tables: Mapping[str, Mapping[int, Any]] = {
        STREET: known.rows(Division), UNIT: known.rows(Unit), CATEGORY: law.categories(),
    }  # fmt: skip
    row = tables[name].get(key)
    return (str(row.name), str(row.code)) if row is not None else (str(key), str(key))


def missed(cells: Cells) -> int:
    """未兑现: of the four promises."""
    return sum(cells[measure].missed for measure in facts.FOUR if measure in cells)


def _of_week(scope: Scope, monday: date) -> tuple[str, dict[str, str]]:
    """The week's days as far as they lie in both times."""
    sunday = monday + timedelta(days=6)
    first, last = max(monday, scope.before.first), min(sunday, scope.last)
    asked = {"since": first.isoformat(), "until": last.isoformat()}
    return f"{first:%m-%d} – {last:%m-%d}", asked


def composite(found: Counted) -> str:
    """综合得分."""
    return points(found.composite)


def points(value: float | None) -> str:
    """得分, one decimal."""
    return "—" if value is None else f"{value:.1f}"


def before_told(scope: Scope) -> str:
    """上期."""
    return f"{scope.before.first:%m-%d} – {scope.before.last:%m-%d}"
