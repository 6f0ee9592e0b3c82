"""评分卡 as a file: each share with what it is made of and of how many."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.cells import Cell
from tickets.exporting.lists import Columns, Rows, cells
from tickets.exporting.making import Listing
from tickets.figures import cards, scoring, showing
from tickets.figures.behind import Asked
from tickets.figures.cards import Card, Row
from tickets.figures.counting import STREET, UNIT
from tickets.figures.facts import Measure
from tickets.figures.scope import Scope
from tickets.models.export import ExportOf
from tickets.rates import Rate

BY = {
    UNIT: gettext_lazy("单位"), STREET: gettext_lazy("受理台"), scoring.GRID: gettext_lazy("网格"),
}  # fmt: skip
SHARES: tuple[Asked, ...] = (Measure.RESOLVE, *Card)


@dataclass(frozen=True)
class Told:
    """一行: of a unit, a desk or a grid."""

    by: str
    name: str
    score: float | None
    rates: Mapping[Asked, Rate]


def columns() -> Columns:
    """列: of each share the share itself, how many it tells of, and of how many."""
    found: list[Any] = [
        (gettext_lazy("分组"), lambda row: row.by),
        (gettext_lazy("名称"), lambda row: row.name),
        (gettext_lazy("得分"), lambda row: "" if row.score is None else round(row.score, 1)),
    ]
    for share in SHARES:
        label = scoring.label_of(share, is_card=True)
        found += [
            (label, _cell(share, "value")),
            (_("%(rate)s：分子") % {"rate": label}, _cell(share, "told")),
            (_("%(rate)s：分母") % {"rate": label}, _cell(share, "due")),
        ]
    return tuple(found)


def of_cards(scope: Scope) -> Listing:
    """评分卡: every row of every table of the page."""
    return Listing(ExportOf.CARDS, columns(), lambda: _rows(scope), showing.query(scope))


def _rows(scope: Scope) -> Rows:
    made = columns()
    tables = {
        UNIT: cards.units(scope),
        STREET: cards.desks(scope), scoring.GRID: cards.grids(scope),
    }  # fmt: skip
    for by, rows in tables.items():
        for row in rows:
            yield cells(made, _told(by, row))


def _told(by: str, row: Row) -> Told:
    name, _where = scoring.named(by, row.key)
    rates: dict[Asked, Rate] = dict(row.rates.items())
    if by == UNIT:
        rates[Measure.RESOLVE] = row.resolved
    return Told(str(BY[by]), name, row.score, rates)


def _cell(share: Asked, part: str) -> Callable[[Told], Cell]:
    def read(row: Told) -> Cell:
        rate = row.rates.get(share)
        if rate is None:
            return ""
        told = scoring.told_of(share, rate)
        if part == "value":
            return round(told / rate.due, 4) if rate.due else ""
        return told if part == "told" else rate.due

    return read
