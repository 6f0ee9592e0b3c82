"""评分卡: of units, desks and grids, by the formulas of docs/figures.md; a row is good or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from tickets.figures import facts
from tickets.figures.facts import DUE, MET, Measure
from tickets.figures.scope import Scope
from tickets.models import Clock, Event, Ticket
from tickets.models.clock import ClockState
from tickets.models.clock import Scope as Leads
from tickets.rates import COUNTED, IN_TIME, LEFT_OUT, Rate
from tickets.states import State
from tickets.words import Origin, Promise, VerifyBy


class Card(StrEnum):
    """评分项."""

    REWORKED = "reworked"
    RETURNED = "returned"
    PLACED = "placed"
    VALID = "valid"
    FOUND = "found"


LABELS: Mapping[Card, LazyText] = {
    Card.REWORKED: _("返工率"), Card.RETURNED: _("退单率"), Card.PLACED: _("准确派遣率"),
    Card.VALID: _("有效上报率"), Card.FOUND: _("漏报率"),
}  # fmt: skip
UPSIDE_DOWN = frozenset({Card.REWORKED, Card.RETURNED, Card.FOUND})
"""越低越好: what is told is the share of those that were not good."""
OF_UNIT, OF_GRID = (Card.REWORKED, Card.RETURNED), (Card.VALID, Card.FOUND)
UNFOUNDED = (State.DECLINED, State.WITHDRAWN)
NOT_TAKEN_UP = (State.REPORTED, *UNFOUNDED, *LEFT_OUT)
"""未立案: nobody has missed what was not there, or is not known to have been."""
PLACED, CYCLES = ("dispatch", "redirect"), ("reopen", "object", "unmerge")
Rates = dict[Card, Rate]


@dataclass(frozen=True)
class Row:
    """一张评分卡: of a unit, a street's desk or a grid."""

    key: int | None
    rates: Rates
    resolved: Rate
    score: float | None


def rows(scope: Scope, card: Card) -> QuerySet[Any]:
    """其行: each with whose it is (`holder_id`); those that are good have `is_good` 1."""
    if card in OF_UNIT:
        return _events(scope, card)
    return _dispatched(scope) if card == Card.PLACED else _found(scope, card)


def of(scope: Scope, card: Card, part: str = DUE) -> QuerySet[Any]:
    """其背后: all of them, the good ones or the others."""
    found = rows(scope, card)
    return found if part == DUE else found.filter(is_good=int(part == MET))


def order_of(card: Card) -> str:
    """按什么时刻归入时段."""
    if card in OF_UNIT:
        return "at"
    return "due_at" if card == Card.PLACED else "reported_at"


def units(scope: Scope) -> list[Row]:
    """单位: 按时办结率, 返工率, 退单率; the lowest score first. Three statements."""
    by, resolved = _by_holder(scope, OF_UNIT), _resolved(scope)
    keys = {key for key in (*by, *resolved) if key is not None}
    made = [
        _row(key, by.get(key, {}), resolved.get(key, Rate(0, 0)), OF_UNIT) for key in sorted(keys)
    ]
    return _worst_first(made)


def desks(scope: Scope) -> list[Row]:
    """受理台: 准确派遣率 by street. One statement."""
    by = _by_holder(scope, (Card.PLACED,))
    return _worst_first([_row(key, rates, Rate(0, 0), ()) for key, rates in by.items()])


def grids(scope: Scope) -> list[Row]:
    """网格: 有效上报率, 漏报率. Two statements."""
    by = _by_holder(scope, OF_GRID)
    return _worst_first([_row(key, rates, Rate(0, 0), OF_GRID) for key, rates in by.items()])


def _by_holder(scope: Scope, cards: tuple[Card, ...]) -> dict[int | None, Rates]:
    made: dict[int | None, Rates] = {}
    for card in cards:
        told = rows(scope, card).order_by().values("holder_id")
        counted = told.annotate(due=Count("pk"), met=Count("pk", filter=Q(is_good=1)))
        for one in counted:
            made.setdefault(one["holder_id"], {})[card] = Rate(one["met"], one["due"])
    return made


def _resolved(scope: Scope) -> dict[int, Rate]:
    """按时办结率 alone, by whoever had it; of what its index holds, so that no clock is read."""
    due = facts.of(scope, Measure.RESOLVE).filter(unit__isnull=False).values("unit_id")
    counted = due.annotate(due=Count("ticket_id"), met=Count("ticket_id", filter=IN_TIME))
    return {one["unit_id"]: Rate(one["met"], one["due"]) for one in counted}


def _row(key: int | None, rates: Rates, resolved: Rate, parts: tuple[Card, ...]) -> Row:
    weights = {card: (facts.rule(f"card_{card}"), rates.get(card, Rate(0, 0))) for card in parts}
    judged = list(weights.values())
    if parts == OF_UNIT:
        judged.append((facts.rule("card_resolved"), resolved))
    return Row(key, rates, resolved, _score(judged))


def _score(parts: list[tuple[Decimal, Rate]]) -> float | None:
    """得分: the shares that are good by weight; none as long as one of them is missing."""
    total = sum((weight for weight, _rate in parts), Decimal(0))
    values = [rate.value for _weight, rate in parts]
    if not total or None in values:
        return None
    good = sum(float(weight) * (rate.value or 0) for weight, rate in parts)
    return 100 * good / float(total)


def _worst_first(made: list[Row]) -> list[Row]:
    def bad(row: Row) -> int:
        return row.resolved.missed + sum(rate.missed for rate in row.rates.values())

    return sorted(made, key=lambda row: (-bad(row), row.key or 0))


def _events(scope: Scope, card: Card) -> QuerySet[Event]:
    """办结 that came back as 返工, or 派单 and 转派 to a unit that came back as 退单."""
    verbs, bad = (
        (("resolve",), "rework")
        if card == Card.REWORKED
        else (("dispatch", "redirect"), "send_back")
    )
    later = Event.objects.filter(
        ticket=OuterRef("ticket"), seq__gt=OuterRef("seq"), verb__in=[*verbs, bad]
    )
    held = Event.objects.filter(
        ticket=OuterRef("ticket"), seq__lte=OuterRef("seq"), data__set__has_key="unit_id"
    )
    of_itself, of_before = _unit(), Subquery(held.order_by("-seq").values(unit_of=_unit())[:1])
    found = Event.objects.filter(
        verb__in=verbs, at__gte=scope.since, at__lt=scope.until, ticket__is_historic=False
    ).annotate(
        holder_id=Coalesce(of_itself, of_before),
        next_verb=Subquery(later.order_by("seq").values("verb")[:1]),
        is_good=_none_of(Q(next_verb=bad)),
    )  # fmt: skip
    return found.filter(scope.of("ticket__", "holder")).exclude(ticket__state__in=LEFT_OUT)


def _dispatched(scope: Scope) -> QuerySet[Clock]:
    """到期的派单时限: good where it was dispatched, and no other unit had it after that one.

    错误派遣 = two or more different units in one cycle (DOMAIN): each leg that had to go on to
    another unit is one.
    """
    sent = Event.objects.filter(ticket=OuterRef("ticket"), verb="dispatch", at=OuterRef("ended_at"))
    newest = sent.order_by("-seq")
    moved = Q(verb__in=PLACED) & ~Q(unit_of=OuterRef("sent_to"))
    later = Event.objects.annotate(unit_of=_unit()).filter(
        moved | Q(verb__in=CYCLES), ticket=OuterRef("ticket"), seq__gt=OuterRef("sent_seq")
    )
    found = Clock.objects.filter(
        COUNTED, scope=Leads.LEAD, promise=Promise.DISPATCH, due_at__gte=scope.since,
        due_at__lt=scope.until,
    ).annotate(
        holder_id=F("ticket__subdistrict_id"),
        sent_seq=Subquery(newest.values("seq")[:1]),
        sent_to=Subquery(newest.values(unit_of=_unit())[:1]),
        next_verb=Subquery(later.order_by("seq").values("verb")[:1]),
        is_good=_none_of(
            ~Q(state=ClockState.MET), Q(sent_seq=None), Q(next_verb__in=PLACED)
        ),
    )  # fmt: skip
    return found.filter(scope.of("ticket__", "ticket__unit")).exclude(ticket__state__in=LEFT_OUT)


def _found(scope: Scope, card: Card) -> QuerySet[Ticket]:
    """上报的: 主动发现 that held; or what can be seen on site and was taken up, and who saw it."""
    found = Ticket.objects.filter(
        scope.of("", "unit"), reported_at__gte=scope.since, reported_at__lt=scope.until,
        is_historic=False,
    ).exclude(state__in=NOT_TAKEN_UP if card == Card.FOUND else LEFT_OUT)  # fmt: skip
    if card == Card.VALID:
        good, found = ~Q(state__in=UNFOUNDED), found.filter(origin=Origin.PATROL)
    else:
        good = Q(origin=Origin.PATROL)
        found = found.filter(
            category__verify_by=VerifyBy.SITE, origin__in=[Origin.PATROL, Origin.RESIDENT]
        )
    return found.annotate(holder_id=F("division_id"), is_good=_none_of(~good))


def _unit() -> Cast:
    """The unit that an event put a ticket into the hands of."""
    return Cast(KT("data__set__unit_id"), IntegerField())


def _none_of(*bad: Q) -> Case:
    """1 where none of it holds; each is looked at once, in this order."""
    return Case(*(When(one, then=0) for one in bad), default=1, output_field=IntegerField())
