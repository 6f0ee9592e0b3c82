"""The one hand: only this module changes a state (DESIGN §2 law 2).

    with hand(ticket, "claim", by=li, at=now, seen=seen) as h:
        h.ticket.handler = li
        h.to(State.HANDLING)

Lock the row → standing → state → stale → (the body: needs) → clocks → Event → save, in one
transaction. Whatever the body refuses leaves nothing behind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import NotVisible, Stale
from common.poke import poke, poke_soon
from common.rows import rows
from grids.models import Person
from tickets import deadlines, dossier, indexing, limits, observing, permits, record
from tickets.actions import _breach, _clocks, _evidence, _parties, _record
from tickets.attachments.storing import Kept
from tickets.models import Approval, Attachment, Event, Ticket, Words
from tickets.models.guard import FIXED
from tickets.states import ENDED, STATE_TURN, State
from tickets.words import Turn, VerifyBy, WordsKind

TRACKED = (
    "unit_id", "handler_id", "category_id", "division_id", "building_id", "urgency", "nature",
    "merged_into_id", "is_sensitive", "about_unit_id", "about_person_id", "verify_by",
)  # fmt: skip
"""What an event records of a ticket; `verify_chain` replays it."""
BIRTH = tuple(
    field.attname
    for field in Ticket._meta.concrete_fields
    if field.name in FIXED and field.name != "number"
)
"""What the first event records of a ticket, once and for all; the number is in every hash."""
REMEMBERED = (
    "_open_helpers", "_followed_by", "_open_clocks", "_clocks", "_is_supervised",
    "_verbs", "_texts", "is_lead",
)  # fmt: skip
"""What was read once and kept on a ticket."""
GATHER_SECONDS = 1.0  # everything done in a second is announced at once
VERSIONED = ("state", "unit_id", "handler_id", "category_id", "due_at")


class Hand:
    """一次动作: what one verb does to one locked ticket."""

    def __init__(self, ticket: Ticket, verb: str, by: Actor, at: datetime) -> None:
        self.ticket = ticket
        self.verb = verb
        self.by = by
        self.at = at
        self.data: dict[str, Any] = {}
        self.before = _values(ticket)
        self.frm: State | None = State(ticket.state) if ticket.pk else None
        self.event: Event | None = None
        self._said: list[tuple[WordsKind, str]] = []
        self._files: list[Kept] = []

    def to(self, state: State) -> None:
        """The state the verb leads to; turn and end follow from it."""
        ticket = self.ticket
        ticket.state = state
        ticket.turn = STATE_TURN[state]
        ticket.turn_rises_at = ticket.risen_at = None
        is_final = state == State.ACCEPTED and ticket.returns >= 2
        if is_final or (state == State.CONTESTED and ticket.contests >= 2):
            ticket.turn = Turn.DISTRICT
        if state == State.RESOLVED and ticket.verify_by in (VerifyBy.SITE, VerifyBy.REPORTER):
            is_site = ticket.verify_by == VerifyBy.SITE
            ticket.turn = Turn.GRID if is_site else Turn.REPORTER
        ticket.ended_at = self.at if state in ENDED else None
        if ticket.ended_at:
            ticket.asked_until = None
        else:
            ticket.erased_at = None  # it speaks again

    def say(self, kind: WordsKind, text: str) -> None:
        """Words beside the event; empty ones leave nothing."""
        if text:
            self._said.append((kind, text))

    def observed(self, moment: datetime | None) -> None:
        """现场时间: what the device of whoever acts says; shown as claimed."""
        self.data.update(observing.told(moment, at=self.at))

    def attach(self, files: list[Kept]) -> None:
        """Files beside the event; they are written already (`storing.kept`)."""
        self._files += files

    @cached_property
    def clocks(self) -> _clocks.Clocks:
        """The ticket's clocks, read when first needed."""
        return _clocks.Clocks(self.ticket, self.at, is_new=self.frm is None, held=self.before)

    @property
    def person(self) -> Person | None:
        """The actor, where it is a person."""
        return self.by if isinstance(self.by, Person) else None

    def perform(self, granted: Approval | None) -> None:
        """执行: what was asked, and by whom; what ran out while it was pending is forgiven."""
        if granted is not None:
            asked_by = granted.asked_by.actor_ref
            self.data.update(granted.asks, approval=granted.pk, asked_by=asked_by)
            self.clocks.asked = _breach.Asked(granted.kind, granted.asked_at)

    def finish(self, *, is_new: bool = False) -> None:
        """Clocks, record and row; called by `hand` and by `_born` only."""
        ticket = self.ticket
        clock_plan = deadlines.plan(
            self.verb, self.frm, State(ticket.state), is_urgent=ticket.is_urgent
        )
        is_elsewhere = ticket.unit_id != self.before["unit_id"]
        if self.frm is not None and (self.frm != ticket.state or is_elsewhere):
            _parties.supersede_request(ticket, at=self.at)
        if self.verb in _parties.CANCELS_ASSISTS:
            _parties.cancel_assists(ticket, self.clocks, at=self.at)
        self.clocks.apply(clock_plan)
        self.clocks.show()
        event, words, attachments = self._record()
        if is_new:
            ticket.save(force_insert=True)
            event.ticket = ticket
        else:
            self._save()
        event.save(force_insert=True)
        written = [
            Words(
                ticket=ticket, event=event, kind=k, text=t, salt=s,
                tokens=indexing.tokens_of(ticket, self.verb, k, t),
            )
            for k, t, s in words
        ]  # fmt: skip
        Words.objects.bulk_create(written)
        if is_new:
            dossier.remember_texts(ticket, written)
        if attachments:
            Attachment.objects.bulk_create(_evidence.of_event(attachments, event))
        self.clocks.save()
        _parties.follow_changes(ticket, self.before, at=self.at)
        if ticket.state == State.ACCEPTED != self.frm and not ticket.needs_hand:
            poke("tickets.tasks.route", ticket_id=ticket.pk)
        if _is_pressing(ticket, self.before, self.frm):
            poke("tickets.tasks.sweep", name="route")
        if event.announced_at is None:
            poke_soon("tickets.tasks.sweep", seconds=GATHER_SECONDS, name="announce")
        self.event = event

    def _record(
        self,
    ) -> tuple[Event, list[tuple[WordsKind, str, str]], list[Attachment]]:
        ticket = self.ticket
        words = [(kind, text, record.salt()) for kind, text in self._said]
        changed = _changed(self.before, ticket, TRACKED)
        if changed:
            self.data["set"] = {name: getattr(ticket, name) for name in changed}
            if self.frm is not None:
                self.data["was"] = {name: self.before[name] for name in changed}
        if self.frm is None:
            self.data["born"] = {name: record.plain(getattr(ticket, name)) for name in BIRTH}
        self.data.update(self.clocks.told())
        if words:
            self.data["words"] = [[str(k), record.words_digest(s, t)] for k, t, s in words]
        attachments = _evidence.rows(self._files, ticket, self.by, self.at)
        if attachments:
            self.data["attachments"] = [_evidence.entry(row) for row in attachments]
        event = _record.build(
            ticket, self.verb, by=self.by, at=self.at, frm=self.frm or "", data=self.data
        )
        return event, words, attachments

    def _save(self) -> None:
        ticket = self.ticket
        if _changed(self.before, ticket, VERSIONED):
            ticket.version += 1
        fields = [
            field.attname
            for field in Ticket._meta.concrete_fields
            if getattr(ticket, field.attname) != self.before[field.attname]
        ]
        ticket.save(update_fields=fields)


@contextmanager
def hand(
    ticket: Ticket, verb: str, *, by: Actor, at: datetime, seen: int | None = None,
    asked: str = "", is_granted: bool = False,
) -> Iterator[Hand]:  # fmt: skip
    """一只手: lock, check, let the body act, write the record; the caller's ticket is refreshed.

    `asked`: the verb that must be allowed, where another one is recorded (a request for it).
    `is_granted`: an approval allows it, or it follows from another act: only the state is checked.
    Raises NotVisible, Impossible, NotYours, Stale before the body runs, in that order.
    """
    with transaction.atomic():
        locked = lock(ticket)
        limits.keep_clocks(locked)
        permits.require(by, locked, asked or verb, at=at, is_granted=is_granted)
        if seen is not None and seen != locked.version:
            raise Stale(
                _("工单 %(number)s 在您打开之后有了变化，请看过变化再决定。")
                % {"number": locked.number}
            )
        h = Hand(locked, verb, by, at)
        if not is_granted:
            h.data.update(permits.for_whom(by, locked, asked or verb, at=at))
        yield h
        h.finish()
    for known in REMEMBERED:  # the move may have changed them
        locked.__dict__.pop(known, None)
        ticket.__dict__.pop(known, None)
    ticket.__dict__.update(locked.__dict__)


def lock(ticket: Ticket) -> Ticket:
    """锁: the row as it is now, held until the transaction ends."""
    found = rows(Ticket, "WHERE id = %s FOR UPDATE", [ticket.pk])
    if not found:
        raise NotVisible(_("没有这张工单，请核对编号。"))
    return found[0]


def _is_pressing(ticket: Ticket, before: dict[str, Any], frm: State | None) -> bool:
    """催派: urgent with a category and not accepted yet, which the system does at any hour."""
    if not (ticket.state == State.REPORTED and ticket.is_urgent and ticket.category_id):
        return False
    return ticket.state != frm or bool(_changed(before, ticket, ("urgency", "category_id")))


def _values(ticket: Ticket) -> dict[str, Any]:
    return {field.attname: getattr(ticket, field.attname) for field in Ticket._meta.concrete_fields}


def _changed(before: dict[str, Any], ticket: Ticket, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if getattr(ticket, name) != before[name]]
