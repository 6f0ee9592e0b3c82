"""Numbers of the score cards made ready for a page."""

from dataclasses import dataclass

from common import known
from grids.models import Division
from tickets.figures import cards, facts, showing
from tickets.figures.behind import Asked
from tickets.figures.cards import Card
from tickets.figures.scope import Scope
from tickets.rates import Rate

GRID = "grid"


@dataclass(frozen=True)
class CardNumber:
    """一个数: of those upside down the share that was not good."""

    label: str
    percent: str
    told: int
    due: int
    url: str
    due_url: str


def number(scope: Scope, asked: Asked, rate: Rate, where: dict[str, str]) -> CardNumber:
    """一个数, with the rows behind it."""
    is_bad = isinstance(asked, Card) and asked in cards.UPSIDE_DOWN
    told = rate.missed if is_bad else int(rate.met)
    part = facts.MISSED if rate.missed else facts.DUE
    return CardNumber(
        label_of(asked), percent(told, rate.due), told, rate.due,
        showing.address(scope, **where, m=asked, part=part),
        showing.address(scope, **where, m=asked, part=facts.DUE),
    )  # fmt: skip


def percent(told: int, due: int) -> str:
    """百分数: one decimal; neither all nor nothing where it is not."""
    if not due:
        return "—"
    value = 100 * told / due
    if 0 < told < due:
        value = max(0.1, min(value, 99.9))
    return f"{value:.1f}".removesuffix(".0")


def label_of(asked: Asked) -> str:
    """指标名."""
    return str(cards.LABELS[asked] if isinstance(asked, Card) else facts.LABELS[asked])


def named(name: str, key: int | None) -> tuple[str, dict[str, str]]:
    """名称, and how the rows are asked for."""
    if name != GRID:
        label, code = showing.named(name, key)
        return label, {showing.IN_ADDRESS[name]: code}
    row = known.rows(Division).get(key or 0)
    return (row.name, {GRID: row.code}) if row else (str(key), {GRID: str(key)})
