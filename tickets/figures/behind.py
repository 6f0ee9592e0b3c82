"""The rows behind a number: which tickets, when they were due, what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from common import known
from grids.models import Person, Unit
from tickets import boards, standing
from tickets.figures import cards, facts
from tickets.figures.cards import Card
from tickets.figures.facts import Measure
from tickets.figures.scope import Scope
from tickets.models import Clock, Rating, Ticket, Words
from tickets.standing import Group
from tickets.words import WordsKind

BY_DUE = boards.Order("due_at", is_descending=True)
BY_RATING = boards.Order("at", is_descending=True)
Asked = Measure | Card


@dataclass(frozen=True)
class Line:
    """一条: one clock, rating or move, with its ticket as this person may read it."""

    ticket: Ticket
    summary: str
    is_readable: bool
    unit: Unit | None
    is_met: bool
    due_at: datetime | None
    done_at: datetime | None
    said: str


def rows(scope: Scope, measure: Asked, part: str) -> QuerySet[Any]:
    """明细: as many as the number says; of tickets that are visible, by the same conditions."""
    if isinstance(measure, Card):
        found = cards.of(scope, measure, part)
        beside = "handler" if measure in cards.OF_GRID else "ticket__handler"
        return found.select_related(beside)
    return facts.of(scope, measure, part).select_related("ticket__handler")


def order_of(measure: Asked) -> boards.Order:
    """次序: the latest first."""
    if isinstance(measure, Card):
        return boards.Order(cards.order_of(measure), is_descending=True)
    return BY_RATING if measure in facts.RATED else BY_DUE


def told(person: Person, found: Sequence[Any], measure: Asked, *, at: datetime) -> list[Line]:
    """行: the same number of statements however many."""
    tickets = [_ticket(row) for row in found]
    standing.remember(person, tickets, at=at)
    texts = _summaries(tickets)
    lines = []
    for row, ticket in zip(found, tickets, strict=True):
        can_read = Group.WORDS in standing.sees(person, ticket, at=at)
        summary = texts.get(ticket.pk, "") if can_read else ""
        lines.append(_line(row, measure, summary, is_readable=can_read))
    return lines


def _ticket(row: Any) -> Ticket:
    found: Ticket = row if isinstance(row, Ticket) else row.ticket
    return found


def _summaries(tickets: Sequence[Ticket]) -> dict[int, str]:
    words = Words.objects.filter(
        ticket__in={ticket.pk for ticket in tickets}, kind=WordsKind.REPORT
    ).order_by("-id")
    return dict(words.annotate(cut=Left("text", boards.SUMMARY)).values_list("ticket_id", "cut"))


def _line(row: Any, measure: Asked, summary: str, *, is_readable: bool) -> Line:
    if isinstance(measure, Card):
        return _of_card(row, measure, summary, is_readable=is_readable)
    assert isinstance(row, Clock | Rating)
    if isinstance(row, Clock):
        responds = measure == Measure.RESPONDED
        due_at = row.half_at if responds else row.due_at
        done_at = row.responded_at if responds else row.ended_at
        is_met = done_at is not None and due_at is not None and done_at <= due_at
        is_met = is_met and (responds or row.breached_at is None)
        return Line(row.ticket, summary, is_readable, row.unit, is_met, due_at, done_at, "")
    is_met = row.is_solved if measure == Measure.SOLVED else row.stars >= 3
    said = _("%(stars)s 星，%(solved)s") % {
        "stars": row.stars, "solved": _("已解决") if row.is_solved else _("没有解决"),
    }  # fmt: skip
    return Line(row.ticket, summary, is_readable, row.ticket.unit, is_met, None, row.at, said)


def _of_card(row: Any, card: Card, summary: str, *, is_readable: bool) -> Line:
    ticket, is_met = _ticket(row), bool(row.is_good)
    if isinstance(row, Clock):
        return Line(ticket, summary, is_readable, ticket.unit, is_met, row.due_at, row.ended_at, "")
    unit = known.rows(Unit).get(row.holder_id) if card in cards.OF_UNIT else ticket.unit
    return Line(
        ticket, summary, is_readable, unit, is_met, None, getattr(row, cards.order_of(card)), ""
    )
