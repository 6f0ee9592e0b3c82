"""有接必处, with others: another unit is asked for its part (DESIGN §3.3)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import Impossible, Invalid, NotYours
from grids import calendars
from grids.models import Person, Unit
from tickets import deadlines, standing
from tickets.actions._move import Hand, hand
from tickets.actions._parties import end_assist, join
from tickets.actions.handling import check_unit
from tickets.limits import window_end
from tickets.models import Assist, Ticket
from tickets.models.assist import AssistState
from tickets.models.clock import ClockState
from tickets.models.parties import ParticipationRole
from tickets.states import Who
from tickets.texts import check_optional, check_text
from tickets.words import Promise, WordsKind

RESULTS = {"DONE": AssistState.DONE, "NOT_OURS": AssistState.NOT_OURS}


def enlist(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, unit: Unit, question: str
) -> Ticket:
    """协办: asks another unit; due at half of what is left of `resolve`."""
    with hand(ticket, "enlist", by=by, at=at, seen=seen) as h:
        check_unit(h.ticket, unit)
        if unit.pk == h.ticket.unit_id:
            raise Invalid(_("请选择主办单位以外的、在用的单位。"), field="unit")
        asked = check_text(question, field="question")
        assist = Assist(ticket=h.ticket, unit=unit, asked_at=at, asked_seq=h.ticket.seq + 1)
        assist.due_at = _due(h)
        _insert(assist)
        h.clocks.start(Promise.ASSIST, assist=assist, due_at=assist.due_at)
        join(h.ticket, ParticipationRole.ASSIST, unit.pk, at=at)
        h.ticket.open_assists += 1
        h.data.update(assist=assist.pk, unit=unit.pk)
        h.say(WordsKind.QUESTION, asked)
    return ticket


def answer_assist(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, assist_result: str,
    text: str, assist: Assist | None = None,
) -> Ticket:  # fmt: skip
    """协办反馈: done, or not ours; by somebody of the asked unit.

    `assist`: which one, for somebody who serves several of the asked units.
    """
    with hand(ticket, "answer_assist", by=by, at=at, seen=seen) as h:
        if assist_result not in RESULTS:
            raise Invalid(_("请选择：已完成，或非本单位职责。"), field="assist_result")
        row = _open_of(by, h.ticket, at, assist)
        row.answered_by = by
        _end(h, row, RESULTS[assist_result], ClockState.MET)
        h.say(WordsKind.RESULT, check_text(text))
    return ticket


def waive_assist(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, assist: Assist,
    text: str = "",
) -> Ticket:  # fmt: skip
    """免于协办: by the desk at any time, by the handler only after the assist's due time."""
    with hand(ticket, "waive_assist", by=by, at=at, seen=seen) as h:
        helpers = standing.open_helpers(h.ticket)
        row = next((one for one in helpers if one.pk == assist.pk), None)
        if row is None:
            raise Impossible(_("这项协办已经结束。"))
        if Who.DESK not in standing.of(by, h.ticket, at=at) and at < row.due_at:
            raise NotYours(_("协办到期以前只有受理员可以免除。"))
        _end(h, row, AssistState.WAIVED, ClockState.CANCELLED)
        h.say(WordsKind.REASON, check_optional(text))
    return ticket


def _due(h: Hand) -> datetime:
    """协办到期: half of what is left of `resolve`, in its own time; with nothing left its norm."""
    lead = h.clocks.find(Promise.RESOLVE)
    if lead is None or lead.due_at <= h.at:
        return window_end(Promise.ASSIST, h.ticket, h.at)
    return deadlines.between(h.at, lead.due_at, lead, calendars.spec(lead.calendar))


def _insert(assist: Assist) -> None:
    try:
        with transaction.atomic():
            assist.save()
    except IntegrityError as error:
        raise Invalid(_("这个单位已经在协办，请等待它的反馈。"), field="unit") from error


def _open_of(by: Person, ticket: Ticket, at: datetime, assist: Assist | None) -> Assist:
    units = {post.unit_id for post in by.posts_at(at)}
    wanted = (
        row
        for row in standing.open_helpers(ticket)
        if row.unit_id in units and (assist is None or row.pk == assist.pk)
    )
    found = next(wanted, None)
    if found is None:
        raise Impossible(_("您的单位没有未反馈的协办。"))
    return found


def _end(h: Hand, assist: Assist, state: AssistState, clock_state: ClockState) -> None:
    assist.ticket = h.ticket
    end_assist(assist, state, at=h.at)
    h.clocks.end_assist(assist, clock_state)
    h.ticket.open_assists -= 1
    h.data.update(assist=assist.pk, result=str(state))
