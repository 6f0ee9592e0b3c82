"""The rows that count: clocks that were due, ratings that were given. One formula a measure."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Case, DecimalField, F, Q, QuerySet, Value, When
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from tickets import law
from tickets.figures.scope import Scope
from tickets.models import Clock, Rating
from tickets.rates import COUNTED, IN_TIME, LEFT_OUT, OF_LEAD, PROMISES
from tickets.words import Promise


class Measure(StrEnum):
    """指标: the four promises, then the three rates."""

    ACCEPT = "accept"
    CLAIM = "claim"
    RESOLVE = "resolve"
    REPLY = "reply"
    RESPONDED = "responded"
    SOLVED = "solved"
    CONTENT = "content"


FOUR = (Measure.ACCEPT, Measure.CLAIM, Measure.RESOLVE, Measure.REPLY)
THREE = (Measure.RESPONDED, Measure.SOLVED, Measure.CONTENT)
RATED = frozenset({Measure.SOLVED, Measure.CONTENT})
LABELS: Mapping[Measure, LazyText] = {
    **{Measure(promise.lower()): label for promise, label in PROMISES.items()},
    Measure.RESPONDED: _("响应率"),
    Measure.SOLVED: _("解决率"),
    Measure.CONTENT: _("满意率"),
}
HAS_HALF = Q(promise=Promise.RESOLVE, half_at__isnull=False)
RESPONDED = HAS_HALF & Q(responded_at__lte=F("half_at"))
SOLVED = Q(is_solved=True)
CONTENT = Q(stars__gte=3)
DUE, MET, MISSED = PARTS = ("due", "met", "missed")
USUAL = {
    "score_5": Decimal(1), "score_4": Decimal("0.9"), "score_3": Decimal("0.6"),
    "score_2": Decimal("0.3"), "score_1": Decimal(0),
    "weight_responded": Decimal(30), "weight_solved": Decimal(35), "weight_content": Decimal(35),
    "repeat_times": Decimal(3), "repeat_days": Decimal(90), "repeat_metres": Decimal(50),
    "freeze_workday": Decimal(3),
    "card_resolved": Decimal(50), "card_reworked": Decimal(25), "card_returned": Decimal(25),
    "card_valid": Decimal(50), "card_found": Decimal(50),
}  # fmt: skip
"""Where a row of the law is missing."""


def rule(code: str) -> Decimal:
    """指标参数."""
    return law.figures().get(code, USUAL[code])


def clocks(scope: Scope) -> QuerySet[Clock]:
    """到期的时限: of the four promises, by their due date."""
    return (
        Clock.objects.filter(OF_LEAD, COUNTED, due_at__gte=scope.since, due_at__lt=scope.until)
        .filter(scope.of("ticket__", "unit"))
        .exclude(ticket__state__in=LEFT_OUT)
        .order_by()
    )


def ratings(scope: Scope) -> QuerySet[Rating]:
    """评价: by the moment of the rating; who did not rate is neither content nor not."""
    return (
        Rating.objects.filter(at__gte=scope.since, at__lt=scope.until, ticket__is_historic=False)
        .filter(scope.of("ticket__", "ticket__unit"))
        .exclude(ticket__state__in=LEFT_OUT)
        .order_by()
    )


def score() -> Case:
    """分值 of one rating, by the law of now."""
    return Case(
        *(When(stars=stars, then=Value(rule(f"score_{stars}"))) for stars in range(1, 6)),
        output_field=DecimalField(),
    )


def of(scope: Scope, measure: Measure, part: str = DUE) -> QuerySet[Any]:
    """其背后: the rows that a number of that measure counts."""
    rows: QuerySet[Any]
    if measure in RATED:
        rows, met = ratings(scope), SOLVED if measure == Measure.SOLVED else CONTENT
    elif measure == Measure.RESPONDED:
        rows, met = clocks(scope).filter(HAS_HALF), RESPONDED
    else:
        rows, met = clocks(scope).filter(promise=measure.upper()), IN_TIME
    if part == MET:
        return rows.filter(met)
    return rows.exclude(met) if part == MISSED else rows
