"""Numbers of the score cards made ready for a page."""

from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import known
from grids.models import Division
from tickets.figures import cards, facts, showing
from tickets.figures.behind import Asked
from tickets.figures.cards import Card
from tickets.figures.facts import Measure
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
    told = told_of(asked, rate)
    part = facts.MISSED if rate.missed else facts.DUE
    return CardNumber(
        label_of(asked, is_card=True), percent(told, rate.due), told, rate.due,
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


def told_of(asked: Asked, rate: Rate) -> int:
    """分子: of those upside down how many were not good."""
    is_bad = isinstance(asked, Card) and asked in cards.UPSIDE_DOWN
    return rate.missed if is_bad else int(rate.met)


def label_of(asked: Asked, *, is_card: bool = False) -> str:
    """指标名; on a unit's card 按时办结率 is called what the standard calls it."""
    if is_card and asked == Measure.RESOLVE:
        return _("按时处置率")
    return str(cards.LABELS[asked] if isinstance(asked, Card) else facts.LABELS[asked])


def formulas() -> list[tuple[str, LazyText]]:
    """如何计算: of each share (DOMAIN, KPIs; docs/figures.md)."""
    return [(label_of(share, is_card=True), told) for share, told in FORMULAS.items()]


FORMULAS: dict[Asked, LazyText] = {
    Measure.RESOLVE: gettext_lazy(
        "按时办结的办结时限 ÷ 到期的办结时限，即四个承诺里的按时办结率；转派前后各算一段。"
    ),
    Card.REWORKED: gettext_lazy("核查没有通过、退回同一单位重做的办结 ÷ 办结。"),
    Card.RETURNED: gettext_lazy("经同意退单的派单和转派 ÷ 派到该单位的派单和转派。"),
    Card.PLACED: gettext_lazy(
        "（派出的 − 错派的）÷ 到期的派单时限；错派是同一轮里后来又到了另一个单位。"
    ),
    Card.VALID: gettext_lazy("没有被不予受理、也没有撤回的主动发现 ÷ 主动发现。"),
    Card.FOUND: gettext_lazy(
        "居民先上报的 ÷ 居民和巡查上报的；只算已受理、由网格员到场核查的类别。"
    ),
}  # fmt: skip


def named(name: str, key: int | None) -> tuple[str, dict[str, str]]:
    """名称, and how the rows are asked for."""
    if name != GRID:
        label, code = showing.named(name, key)
        return label, {showing.IN_ADDRESS[name]: code}
    row = known.rows(Division).get(key or 0)
    return (row.name, {GRID: row.code}) if row else (str(key), {GRID: str(key)})
