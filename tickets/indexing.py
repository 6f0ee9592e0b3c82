"""What a ticket is found by: its texts, address and number, and where and whose it is.

A text hands its tokens over with its own INSERT; the database adds them to the ticket's
`Findable`, and marks a unit there when it joins.
"""

from collections.abc import Iterable

from tickets.models import Ticket
from tickets.tokens import boxes, tokens
from tickets.words import WordsKind

SEARCHED = frozenset({WordsKind.REPORT, WordsKind.FACTS, WordsKind.ANSWER})
"""Reasons, notes and the like are internal and are read where they stand, not looked for."""
MOVES_PLACE = frozenset({"amend"})
"""The place a ticket was born with is found with its report; that of `arrive` is not its own."""


def tokens_of(ticket: Ticket, verb: str, kind: str, text: str) -> set[str] | None:
    """词元: what this text adds to what its ticket is found by; None where that is nothing."""
    if kind == WordsKind.REPORT:
        return tokens(text) | birthmarks(ticket) | place_tokens(ticket)
    if kind == WordsKind.PLACE and verb in MOVES_PLACE:
        return place_tokens(ticket)
    return tokens(text) if kind in SEARCHED else None


def place_tokens(ticket: Ticket) -> set[str]:
    """地点词元: the address, and the divisions: a street's desk need not search the district."""
    places = (ticket.division_id, ticket.community_id, ticket.subdistrict_id)
    return tokens(ticket.address) | {place_mark(place) for place in places if place}


def birthmarks(ticket: Ticket) -> set[str]:
    """出生标记: number, boxes, and whose own report it is, as in `visible_to`."""
    taken_down = None if ticket.is_on_behalf else ticket.reported_by_id
    people = {person_mark(pk) for pk in (ticket.reporter_person_id, taken_down) if pk}
    return tokens(ticket.number) | set(boxes(ticket.pk)) | people


def document(
    ticket: Ticket, said: Iterable[tuple[str, str]], units: Iterable[int]
) -> set[str]:  # fmt: skip
    """查找件: all of it, from (kind, text) of the ticket's unerased words and whoever joined."""
    found = birthmarks(ticket) | place_tokens(ticket) | {unit_mark(unit) for unit in units}
    for kind, text in said:
        found |= tokens(text.partition("|")[2] if kind == WordsKind.PLACE else text)
    return found


def place_mark(division_id: int) -> str:
    """区划标记; no text can hold such a token."""
    return f"~@{division_id}"


def person_mark(person_id: int) -> str:
    """本人标记."""
    return f"~p{person_id}"


def unit_mark(unit_id: int) -> str:
    """单位标记: of every unit that has or had a part in it (`models.findable`)."""
    return f"~u{unit_id}"
