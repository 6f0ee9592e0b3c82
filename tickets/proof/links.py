"""Is each event itself, does it hang on the one before, and was its move allowed? Pure."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from tickets.proof.facts import Breach, EventFacts, TicketFacts, row
from tickets.record import event_hash
from tickets.states import MOVES, TRANSITIONS, State

BIRTHS: dict[str, tuple[State, ...]] = {
    **{move.verb: move.to for move in TRANSITIONS if not move.frm},
    "split": (State.REPORTED, State.ACCEPTED),
}
"""How a ticket begins; the new ticket of a split too."""
MAY_STAY = frozenset({"rate"})
"""Verbs that lead somewhere, or nowhere yet: others are still asked to rate."""


def check(ticket: TicketFacts, events: Sequence[EventFacts]) -> Iterator[Breach]:
    """链: gapless numbers from 1, hashes, links, states that follow each other."""
    before: EventFacts | None = None
    for event in events:
        yield from _itself(ticket.number, event)
        yield from _after(ticket.number, event, before)
        before = event
    yield from _end(ticket, before)


def is_allowed(verb: str, frm: str, to: str) -> bool:
    """允许: does the table know this move?"""
    if not frm:
        return to in BIRTHS.get(verb, ())
    move = MOVES.get(verb)
    if move is None or frm not in move.frm:
        return False
    return to in move.to or (frm == to and (not move.to or verb in MAY_STAY))


def _itself(number: str, event: EventFacts) -> Iterator[Breach]:
    if _hash(number, event) != event.hash:
        yield Breach(row(number, event.seq), _("记录内容与摘要不符，记录被改过"))
    if not is_allowed(event.verb, event.from_state, event.to_state):
        yield Breach(
            row(number, event.seq),
            _("流转表不允许 %(verb)s 从 %(frm)s 到 %(to)s")
            % {"verb": event.verb, "frm": event.from_state or "-", "to": event.to_state},
        )


def _hash(number: str, event: EventFacts) -> str:
    try:
        return event_hash(
            number=number, seq=event.seq, verb=event.verb, by=event.by, at=event.at,
            frm=event.from_state, to=event.to_state, data=event.data, prev=event.prev_hash,
        )  # fmt: skip
    except TypeError:  # a float: nobody who kept to the form wrote this
        return ""


def _after(number: str, event: EventFacts, before: EventFacts | None) -> Iterator[Breach]:
    wanted = before.seq + 1 if before else 1
    if event.seq != wanted:
        yield Breach(row(number, event.seq), _("序号不连续，应为 %(wanted)s") % {"wanted": wanted})
    if event.prev_hash != (before.hash if before else ""):
        yield Breach(row(number, event.seq), _("前摘要与前一条记录不符"))
    if event.from_state != (before.to_state if before else ""):
        yield Breach(
            row(number, event.seq),
            _("原状态 %(frm)s 与前一条的新状态 %(to)s 不符")
            % {"frm": event.from_state or "-", "to": before.to_state if before else "-"},
        )


def _end(ticket: TicketFacts, last: EventFacts | None) -> Iterator[Breach]:
    if last is None:
        yield Breach(ticket.number, _("没有任何流转记录"))
        return
    if ticket.seq != last.seq or ticket.head != last.hash:
        yield Breach(
            ticket.number,
            _("工单停在第 %(seq)s 条，记录止于第 %(last)s 条，首尾不符：链尾被截断或改写")
            % {"seq": ticket.seq, "last": last.seq},
        )
    if ticket.state != last.to_state:
        yield Breach(
            ticket.number,
            _("工单状态 %(state)s 不是记录的结果 %(to)s")
            % {"state": ticket.state, "to": last.to_state},
        )
