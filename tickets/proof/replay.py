"""Do the events, played from the first, give the ticket as it stands? Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from tickets.proof.facts import Breach, EventFacts, TicketFacts, WordsFacts, row
from tickets.proof.links import BIRTHS
from tickets.record import place_text
from tickets.words import WordsKind

PLACES = frozenset({*BIRTHS, "amend"})
"""Verbs whose PLACE words are the ticket's place; those of `arrive` say where somebody stood."""
NOWHERE = place_text(None, None, "")
LATER = frozenset({"verify_by"})
"""Recorded since a later version: not checked until an event of the ticket says it."""


def check(
    ticket: TicketFacts, events: Sequence[EventFacts], words: Sequence[WordsFacts]
) -> Iterator[Breach]:
    """重放: unit, handler, category, place and all else that events record."""
    values: dict[str, Any] = dict.fromkeys(ticket.tracked.keys() - LATER)
    for event in events:
        yield from _was(ticket.number, event, values)
        values.update(event.part("set"))
    for name, value in ticket.tracked.items():
        if values.get(name, value) != value:
            yield Breach(
                ticket.number,
                _("%(field)s 是 %(value)s，记录的结果是 %(wanted)s")
                % {"field": name, "value": _say(value), "wanted": _say(values.get(name))},
            )
    yield from _birth(ticket, events)
    yield from _place(ticket, events, words)


def _birth(ticket: TicketFacts, events: Sequence[EventFacts]) -> Iterator[Breach]:
    """出生事实: as the first event has them; what an older one does not say is unchecked."""
    born = events[0].part("born") if events else {}
    for name, value in ticket.born.items():
        if born.get(name, value) != value:
            yield Breach(
                ticket.number,
                _("%(field)s 是 %(value)s，立单时记录的是 %(wanted)s")
                % {"field": name, "value": _say(value), "wanted": _say(born[name])},
            )


def _was(number: str, event: EventFacts, values: dict[str, Any]) -> Iterator[Breach]:
    for name, value in event.part("was").items():
        if name in values and values[name] != value:
            yield Breach(
                row(number, event.seq),
                _("%(field)s 在此之前被改成 %(value)s，没有记录")
                % {"field": name, "value": _say(value)},
            )


def _place(
    ticket: TicketFacts, events: Sequence[EventFacts], words: Sequence[WordsFacts]
) -> Iterator[Breach]:
    setters = {event.pk for event in events if event.verb in PLACES}
    last: WordsFacts | None = None
    for said in words:
        if said.kind == WordsKind.PLACE and said.event_id in setters:
            last = said
    if last is None:
        return  # missing words are told by `said`
    wanted = NOWHERE if last.is_erased else last.text
    if place_text(ticket.lat, ticket.lng, ticket.address) != wanted:
        yield Breach(ticket.number, _("坐标或地址与最后一次落点的记录不符"))


def _say(value: Any) -> str:
    return "-" if value is None else str(value)
