"""有处必果: every handling has an outcome. Resolve, verify, rework."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from common.actors import SYSTEM, Actor
from grids.models import Person
from tickets import checklists, law
from tickets.actions import _evidence
from tickets.actions._born import verify_by
from tickets.actions._move import hand
from tickets.actions.reply import close
from tickets.attachments import Prepared
from tickets.attachments.storing import kept
from tickets.checklists import NO_CHECKS
from tickets.models import Ticket
from tickets.states import State
from tickets.texts import check_answer, check_optional, check_text
from tickets.words import VerifyBy, WordsKind


def resolve(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, result: str, note: str,
    proposed_answer: str = "", checks: Mapping[str, str] = NO_CHECKS,
    files: Sequence[Prepared] = (), observed_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """办结: result code, internal result and, where somebody is to be answered, 拟答复.

    Where the category asks for it an after-photo, given here or since the handling began. Where
    it needs no look (`verify_by` none) it is verified in the same transaction.
    """
    with kept(files, ticket, by=by, at=at) as written, transaction.atomic():
        with hand(ticket, "resolve", by=by, at=at, seen=seen) as h:
            h.observed(observed_at)
            h.say(WordsKind.RESULT, check_text(note, field="note"))
            h.data.update(checklists.recorded(h.verb, h.ticket, checks, by=by, note=note))
            if h.ticket.must_answer:
                h.say(WordsKind.PROPOSED, check_answer(proposed_answer, field="proposed_answer"))
            if asks_after_photo(h.ticket):
                _evidence.require_after(h.ticket, files)
            h.attach(written)
            code = law.reason("resolve", result, field="result").code
            h.data["result"] = h.ticket.result_code = code
            h.ticket.resolved_at = at
            h.clocks.responded()
            h.ticket.verify_by = _verifier(h.ticket)
            h.to(State.RESOLVED)
        if ticket.verify_by == VerifyBy.NONE:
            verify(ticket, by=SYSTEM, at=at)
    return ticket


def verify(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, note_optional: str = "",
    checks: Mapping[str, str] = NO_CHECKS, observed_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """核查: by whom `verify_by` names, never the handler. `resolve` counts as met when resolved.

    With nobody to answer the ticket is closed in the same transaction.
    """
    with transaction.atomic():
        with hand(ticket, "verify", by=by, at=at, seen=seen) as h:
            h.observed(observed_at)
            h.say(WordsKind.NOTE, check_optional(note_optional, field="note_optional"))
            asked = checklists.recorded(h.verb, h.ticket, checks, by=by, note=note_optional)
            h.data.update(asked)
            h.to(State.VERIFIED)
        if not ticket.must_answer:
            close(ticket, by=SYSTEM, at=at)
    return ticket


def rework(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, reason: str, text: str,
    observed_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """返工: back to the handler, the same leg's clock goes on; a settled ticket → ACCEPTED."""
    with hand(ticket, "rework", by=by, at=at, seen=seen) as h:
        h.observed(observed_at)
        h.say(WordsKind.REASON, check_text(text))
        h.data["reason"] = law.reason("rework", reason).code
        h.ticket.reworks += 1
        h.ticket.resolved_at = None
        if h.ticket.is_settled and h.ticket.unit_id is None:
            h.ticket.handler = None
            h.to(State.ACCEPTED)
        else:
            h.to(State.HANDLING)
    return ticket


def asks_after_photo(ticket: Ticket) -> bool:
    """要处置后照片: as the category says now."""
    category = law.categories().get(ticket.category_id) if ticket.category_id else None
    return category is not None and category.needs_after_photo


def _verifier(ticket: Ticket) -> str:
    """核查人: nobody's look is spared by a category that the unit itself chose."""
    wanted = verify_by(ticket)
    if wanted == VerifyBy.NONE:
        chosen = ticket.events.filter(verb="amend", data__by_unit=True)
        return VerifyBy.DESK if chosen.exists() else wanted
    return wanted
