"""What each text of a ticket is found by: its own tokens, and where and whose the ticket is."""

from collections.abc import Iterable

from django.db import connection

from tickets.models import Ticket
from tickets.tokens import boxes, tokens
from tickets.words import WordsKind

SEARCHED = frozenset({WordsKind.REPORT, WordsKind.FACTS, WordsKind.ANSWER, WordsKind.PLACE})
"""Reasons, notes and the like are internal and are read where they stand, not looked for."""
MOVES_PLACE = frozenset({"amend"})
"""The place a ticket was born with is found with its report; that of `arrive` is not its own."""


def tokens_of(ticket: Ticket, verb: str, kind: str, text: str) -> set[str] | None:
    """词元: of one text, with number and address; None where nothing is to be found."""
    if kind not in SEARCHED or (kind == WordsKind.PLACE and verb not in MOVES_PLACE):
        return None
    said = "" if kind == WordsKind.PLACE else text
    found = tokens(said) | tokens(ticket.address) | tokens(ticket.number)
    return found | set(boxes(ticket.pk)) | places_of(ticket) | people_of(ticket)


def places_of(ticket: Ticket) -> set[str]:
    """区划标记: so that a street's desk does not walk through the whole district's tickets."""
    places = (ticket.division_id, ticket.community_id, ticket.subdistrict_id)
    return set(place_marks(place for place in places if place))


def people_of(ticket: Ticket) -> set[str]:
    """本人标记: whose own report it is; as in `visible_to`."""
    taken_down = None if ticket.is_on_behalf else ticket.reported_by_id
    return {person_mark(pk) for pk in (ticket.reporter_person_id, taken_down) if pk}


def place_marks(divisions: Iterable[int]) -> list[str]:
    """区划标记 of these divisions; no text can hold such a token."""
    return [f"~@{pk}" for pk in divisions]


def person_mark(person_id: int) -> str:
    """本人标记."""
    return f"~p{person_id}"


def follow_place(ticket: Ticket) -> None:
    """区划变更: the new street's desk finds it too. The old marks may stay: they only narrow."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_words SET tokens = tokens || array_to_tsvector(%s::text[])"
            " WHERE ticket_id = %s AND tokens IS NOT NULL AND salt <> ''",
            [sorted(places_of(ticket)), ticket.pk],
        )
