"""工单页: everything one person may know of a ticket and may do with it now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.errors import Refused
from common.pages import stands_at
from grids.models import Person
from tickets import (
    boards,
    choices,
    dossier,
    guards,
    law,
    lights,
    permits,
    standing,
    tallies,
    timeline,
)
from tickets.attachments import showing
from tickets.forms.decisions import RevealForm, decision_forms, signing
from tickets.forms.verbs import VerbForm, verb_form
from tickets.lights import Light
from tickets.models import Approval, Clock, Ticket
from tickets.models.approval import ApprovalState
from tickets.models.clock import ClockState
from tickets.models.ways import units_of
from tickets.reveals import Contact
from tickets.standard import Offer
from tickets.standing import Group
from tickets.states import Move, State
from tickets.views.doors import find, person_of, reading
from tickets.words import WordsKind

WAITED_FOR = frozenset({"acknowledge", "answer_assist", "answer_supervision"})
"""Verbs somebody waits for, whatever their tone."""
ANSWERS = ("final_answer", "answer")
"""Fields that go to reporters."""
REVIEW = frozenset({"reopen", "uphold"})
"""The two ways out of a contest, side by side; a closed matter is taken up again but rarely."""


@dataclass
class Told:
    """要说的话: what came of a post that did not go through, or what it brought to light."""

    refused: Refused | None = None
    form: VerbForm | None = None
    decision: Any = None
    reveal: RevealForm | None = None
    contact: Contact | None = None
    since: int = 0
    is_stale: bool = False


@dataclass
class Action:
    """一个按钮: a move with its form; `is_open` where it is what the person came for."""

    move: Move
    form: VerbForm
    is_open: bool
    is_again: bool = False
    offers: Sequence[Offer] = ()

    @property
    def answer(self) -> BoundField | None:
        """答复: the field a reporter will read."""
        return next((self.form[name] for name in ANSWERS if name in self.form.fields), None)


@dataclass(frozen=True)
class ClockLine:
    """一个时钟 with its light; `part` tells it from others of its kind."""

    clock: Clock
    light: Light | None
    state: str
    part: str


@reading
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """工单页."""
    person, at = person_of(request), clock.now()
    return show(request, find(person, number, at=at), person, at=at)


def show(
    request: HttpRequest, ticket: Ticket, person: Person, *, at: datetime,
    told: Told | None = None,
) -> HttpResponse:  # fmt: skip
    """显示: the page, with what a refused post has to tell on top of it."""
    told = told or Told()
    stands_at(request, reverse("ticket", args=[ticket.number]))
    words = {**told_of(ticket, person, at=at, told=told), **nav(person, at)}
    status = told.refused.status if told.refused else HTTPStatus.OK
    return render(request, "tickets/ticket.html", words, status=status)


def told_of(ticket: Ticket, person: Person, *, at: datetime, told: Told) -> dict[str, Any]:
    """工单内容: everything this person may know of it and do with it, for a page or its pane."""
    events = dossier.record(ticket)
    near = _around(ticket, person, at, {event.verb for event in events})
    with_words = timeline.may_read_any(person, ticket, at=at)
    read = timeline.Read(events, dossier.texts(ticket) if with_words else [])
    has_files = any("attachments" in event.data for event in events)
    files = showing.inside(ticket, person, at=at) if has_files else []
    lines = timeline.lines(ticket, person, at=at, files=showing.by_event(files), read=read)
    return {
        "ticket": ticket, "told": told, **near,
        **_facts(ticket, person, at, read), **_doings(ticket, person, at, told),
        **_requests(ticket, person, at, told), "lines": timeline.folded(lines)[::-1],
        "report_files": [one for one in files if one.row.event.seq == 1],
        "changes": [line for line in lines if line.seq > told.since] if told.is_stale else [],
        "reveal": told.reveal or RevealForm(),
    }  # fmt: skip


def nav(person: Person, at: datetime) -> dict[str, str]:
    """导航计数: my turn, my approvals and my unread notices, in one statement."""
    return tallies.nav(tallies.tally(person, at, *tallies.NAV))


def _facts(ticket: Ticket, person: Person, at: datetime, read: timeline.Read) -> dict[str, Any]:
    groups = standing.sees(person, ticket, at=at)
    can_read = Group.WORDS in groups
    reports = (row for row in read.words if row.kind == WordsKind.REPORT)
    report = next(reports, None) if can_read else None
    return {
        "can_read": can_read,
        "report": report,
        "sees_reporter": Group.REPORTER in groups,
        "sees_contact": Group.CONTACT in groups,
        "has_map": can_read and not ticket.is_sensitive and ticket.lat is not None,
        "is_inside": permits.is_inside(person, ticket, at=at),
    }


def _doings(ticket: Ticket, person: Person, at: datetime, told: Told) -> dict[str, Any]:
    actions = []
    for move in permits.allowed(person, ticket, at=at):
        is_told = told.form is not None and told.form.move.verb == move.verb
        form = told.form if is_told else verb_form(move.verb, ticket, person, at=at)
        assert form is not None
        is_open = is_told or _leads(form, ticket) or _assigns(form, ticket, person, at)
        actions.append(Action(move, form, is_open, is_told and told.is_stale))
    verbs = {action.move.verb for action in actions}
    waits = permits.held_back(person, ticket, at=at)
    is_lost = told.form is not None and told.form.move.verb not in verbs
    return {
        "leading": [action for action in actions if action.is_open],
        "others": [action for action in actions if not action.is_open],
        "lost": told.form if is_lost else None,
        "held_back": "" if told.refused and told.refused.sentence == waits else waits,
        "units": choices.unit_options()
        if any(_asks_unit(action.form) for action in actions)
        else "",
    }


def _asks_unit(form: VerbForm) -> bool:
    return bool({"unit", "about_unit"} & set(form.fields))


def _leads(form: VerbForm, ticket: Ticket) -> bool:
    """What the person came for stands open: the next step, or an answer somebody waits for."""
    if form.move.verb in REVIEW:
        return ticket.state == State.CONTESTED
    is_waited_for = form.move.verb in WAITED_FOR or "confirm_result" in form.fields
    return form.move.tone == "primary" or is_waited_for


def _assigns(form: VerbForm, ticket: Ticket, person: Person, at: datetime) -> bool:
    """What a head comes for, where nobody has claimed it yet."""
    is_unclaimed = form.move.verb == "assign" and ticket.state == State.DISPATCHED
    return is_unclaimed and ticket.unit_id in units_of(person, at)


def _around(ticket: Ticket, person: Person, at: datetime, verbs: set[str]) -> dict[str, Any]:
    helpers = dossier.helpers(ticket) if "enlist" in verbs else []
    supervision = dossier.supervision(ticket) if "supervise" in verbs else None
    guards.remember_supervision(ticket, is_supervised=supervision is not None)
    standing.remember(person, [ticket], at=at)
    near = dossier.relatives(ticket, person, at=at)
    return {
        "assists": helpers,
        "clocks": _clocks(ticket, person, at),
        "linked": near.linked,
        "merged": near.merged[: boards.PAGE],
        "merged_into": near.merged_into,
        "supervision": supervision,
        "visits": dossier.visits(ticket),
        "due": lights.of_ticket(ticket, at=at),
    }  # fmt: skip


def _clocks(ticket: Ticket, person: Person, at: datetime) -> list[ClockLine]:
    shown = dossier.clocks(ticket, inside=permits.is_inside(person, ticket, at=at))
    kinds = Counter((row.promise, row.assist_id) for row in shown)
    told = []
    for row in shown:
        light = None
        if row.state == ClockState.RUNNING:
            light = lights.of_clock(row, at=at)
        late = _("超期完成") if row.breached_at else row.get_state_display()
        is_alone = kinds[row.promise, row.assist_id] == 1
        told.append(ClockLine(row, light, str(late), "" if is_alone else _part(row)))
    return sorted(told, key=_first_due)


def _part(row: Clock) -> str:
    parts = [_("第 %(leg)s 段") % {"leg": row.leg}]
    if row.unit is not None:
        parts.append(row.unit.name)
    if row.lap > 1:
        parts.append(_("第 %(lap)s 次") % {"lap": row.lap})
    return " · ".join(parts)


def _first_due(line: ClockLine) -> tuple[bool, datetime]:
    return line.clock.ended_at is not None, line.clock.ended_at or line.clock.due_at


def _requests(ticket: Ticket, person: Person, at: datetime, told: Told) -> dict[str, Any]:
    if not (ticket.has_request and permits.is_inside(person, ticket, at=at)):
        return {"approval": None}
    rows = boards.with_request(Approval.objects.filter(ticket=ticket, state=ApprovalState.PENDING))
    approval = rows.first()
    if approval is None:
        return {"approval": None}
    approval.ticket = ticket
    return {
        "approval": approval,
        "signing": signing(approval, person, at=at),
        "approval_reason": law.reason_text(approval.kind, approval.asks.get("reason", "")),
        "decisions": decision_forms(approval, person, at=at, told=told.decision),
    }
