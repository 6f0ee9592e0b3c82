"""标准答复: which of them fit a ticket, with its facts filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from common import clock
from tickets import law
from tickets.models import StandardAnswer, Ticket
from tickets.models.standard import PLACEHOLDER


@dataclass(frozen=True)
class Offer:
    """可选的一条: its text is ready to be edited and sent."""

    title: str
    text: str


def offers(ticket: Ticket, verb: str) -> list[Offer]:
    """可选: those of the verb that fit category and nature, the most specific first."""
    chain = _chain(ticket)
    fitting = [row for row in law.standard_answers() if row.verb == verb and _fits(row, ticket)]
    fitting.sort(key=lambda row: chain.index(row.category_id))
    if not fitting:
        return []
    facts = _facts(ticket)
    return [Offer(row.title, filled(row.text, facts)) for row in fitting]


def filled(text: str, facts: Mapping[str, str]) -> str:
    """填入: what is not known stays as it is, to be seen and written by hand."""
    return PLACEHOLDER.sub(lambda found: facts.get(found[1]) or found[0], text)


def _fits(row: StandardAnswer, ticket: Ticket) -> bool:
    return row.category_id in _chain(ticket) and row.nature in ("", ticket.nature)


def _chain(ticket: Ticket) -> tuple[int | None, ...]:
    category = law.categories().get(ticket.category_id or 0)
    return ticket.category_id, category.parent_id if category else None, None


def _facts(ticket: Ticket) -> dict[str, str]:
    places = [row.name for row in (ticket.subdistrict, ticket.community) if row is not None]
    return {
        "number": ticket.number,
        "category": str(ticket.category or ""),
        "place": "".join(places),
        "unit": str(ticket.unit or ""),
        "due": _day(ticket.due_at),
        "result": law.reason_text("resolve", ticket.result_code) if ticket.result_code else "",
    }


def _day(at: datetime | None) -> str:
    if at is None:
        return ""
    here = clock.local(at)
    return f"{here.year}-{here.month:02}-{here.day:02}"
