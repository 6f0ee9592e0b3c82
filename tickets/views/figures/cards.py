"""评分卡: units, desks and grids, each number with the rows behind it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tickets.figures import cards, scoring, showing
from tickets.figures.cards import Card, Row
from tickets.figures.counting import STREET, UNIT
from tickets.figures.facts import Measure
from tickets.figures.scope import Scope
from tickets.figures.scoring import GRID, CardNumber
from tickets.rates import Rate
from tickets.views.doors import reading
from tickets.views.figures.overview import ALL, asked, frame, status_of
from tickets.views.ticket import nav


@dataclass(frozen=True)
class Table:
    """一张表: of units, of desks or of grids."""

    name: str
    title: str
    labels: list[str]
    rows: list["Line"]
    count: int
    more: str
    is_scored: bool


@dataclass(frozen=True)
class Line:
    """一行."""

    name: str
    numbers: list[CardNumber]
    score: str


@reading
def show(request: HttpRequest) -> HttpResponse:
    """评分卡."""
    person, at, form = asked(request)
    scope = form.scope()
    whole = request.GET.get(ALL, "")
    words = {
        "tables": [
            _table(scope, UNIT, _("单位"), cards.units(scope), whole),
            _table(scope, STREET, _("受理台"), cards.desks(scope), whole),
            _table(scope, GRID, _("网格"), cards.grids(scope), whole),
        ],
        "formulas": scoring.formulas(),
        **frame(form, scope), **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/figures/cards.html", words, status=status_of(form))


PARTS: dict[str, tuple[Card, ...]] = {
    UNIT: cards.OF_UNIT, STREET: (Card.PLACED,), GRID: cards.OF_GRID,
}  # fmt: skip


def _table(scope: Scope, name: str, title: str, rows: list[Row], whole: str) -> Table:
    shown = rows if whole == name else rows[: showing.FIRST]
    parts = PARTS[name]
    labels = [str(cards.LABELS[card]) for card in parts]
    if name == UNIT:
        labels.insert(0, scoring.label_of(Measure.RESOLVE, is_card=True))
    more = f"?{urlencode(showing.query(scope, all=name))}#by-{name}"
    return Table(
        name, title, labels, [_line(scope, name, row) for row in shown], len(rows),
        more if len(shown) < len(rows) else "", is_scored=name != STREET,
    )  # fmt: skip


def _line(scope: Scope, name: str, row: Row) -> Line:
    label, where = scoring.named(name, row.key)
    numbers = [
        scoring.number(scope, card, row.rates.get(card, Rate(0, 0)), where)
        for card in PARTS[name]
    ]  # fmt: skip
    if name == UNIT:
        numbers.insert(0, scoring.number(scope, Measure.RESOLVE, row.resolved, where))
    return Line(label, numbers, showing.points(row.score))
