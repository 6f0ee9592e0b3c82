"""What belongs to a ticket: clocks, helpers, the request, supervision, related tickets."""

from datetime import datetime
from typing import Any, TypedDict

from grids.models import Person
from tickets import boards, dossier, law, lights, standing
from tickets.actions._approval import Heads, heads_of
from tickets.api.refs import light_of, light_of_span, named, person, remaining
from tickets.api.shapes import (
    ApprovalShown,
    AssistRow,
    ClockLine,
    Reason,
    Standing,
    SupervisionShown,
    VisitShown,
)
from tickets.forms.decisions import decision_forms
from tickets.models import Approval, Assist, Clock, Ticket
from tickets.models.approval import ApprovalState
from tickets.models.assist import AssistState
from tickets.models.clock import ClockState
from tickets.standing import Group, Reader


class Others(TypedDict):
    """相关工单."""

    merged_into: str | None
    merged: list[str]
    linked: list[str]


def clocks(ticket: Ticket, *, inside: bool, at: datetime) -> list[ClockLine]:
    """时限: of this cycle; outsiders are told the one they were promised."""
    found = dossier.clocks(ticket, inside=inside)
    return [
        {
            "promise": row.promise,
            "label": row.get_promise_display(),
            "state": row.state,
            "unit": named(row.unit) if inside else None,
            "started_at": row.started_at,
            "due_at": row.due_at,
            "ended_at": row.ended_at,
            "breached_at": row.breached_at,
            "legal_due_at": row.legal_due_at if inside else None,
            "legal_breached_at": row.legal_breached_at if inside else None,
            "is_provisional": row.is_provisional,
            **_standing(row, at),
        }
        for row in found
    ]  # fmt: skip


def _standing(row: Clock, at: datetime) -> Standing:
    """How it stands now: only what runs has something left."""
    if row.state != ClockState.RUNNING:
        return {"remaining": None, "light": None}
    return {
        "remaining": remaining(row.due_at, lights.calendar_of(row), at),
        "light": light_of(row.due_at, row.soon_at, at),
    }


def assist(row: Assist, *, at: datetime) -> AssistRow:
    """一项协办."""
    is_open = row.state == AssistState.OPEN
    return {
        "id": row.pk,
        "ticket": row.ticket.number,
        "ticket_version": row.ticket.version,
        "unit": named(row.unit),
        "state": row.state,
        "asked_at": row.asked_at,
        "due_at": row.due_at,
        "answered_by": person(row.answered_by),
        "ended_at": row.ended_at,
        "light": light_of_span(row.asked_at, row.due_at, at) if is_open else None,
    }


def approval(ticket: Ticket, who: Person, *, at: datetime) -> ApprovalShown | None:
    """待决定的申请, of this ticket."""
    if not ticket.has_request:
        return None
    pending = Approval.objects.filter(ticket=ticket, state=ApprovalState.PENDING)
    found = boards.with_request(pending).first()
    if found is None:
        return None
    found.ticket = ticket
    return request(found, who, at=at, heads=None)


def requests(who: Person, found: list[Approval], *, at: datetime) -> list[ApprovalShown]:
    """申请: the same number of statements however many."""
    standing.remember(who, [row.ticket for row in found], at=at)
    heads = heads_of([row.ticket.unit_id for row in found], at=at)
    return [request(row, who, at=at, heads=heads) for row in found]


def request(row: Approval, who: Person, *, at: datetime, heads: Heads | None) -> ApprovalShown:
    """一项申请: its words where `sees` allows, and what this person may decide."""
    can_read = Group.WORDS in standing.sees(who, row.ticket, at=at)
    is_pending = row.state == ApprovalState.PENDING
    forms = decision_forms(row, who, at=at, heads=heads) if is_pending else []
    allowed: list[Any] = [form.decision for form in forms]
    return {
        "id": row.pk,
        "kind": row.kind,
        "kind_text": row.get_kind_display(),
        "state": row.state,
        "state_text": row.get_state_display(),
        "ticket": row.ticket.number,
        "ticket_version": row.ticket.version,
        "reason": _reason(row),
        "words": (getattr(row, "words", None) or "") if can_read else None,
        "days": row.asks.get("days"),
        "resume_at": row.asks.get("resume_at"),
        "asked_by": person(row.asked_by),
        "asked_at": row.asked_at,
        "due_at": row.due_at,
        "light": light_of_span(row.asked_at, row.due_at, at) if is_pending else None,
        "decided_by": row.decided_by,
        "level": row.level,
        "needs_countersign": row.needs_countersign,
        "countersigned_by": person(row.countersigned_by),
        "countersigned_at": row.countersigned_at,
        "decider": person(row.decider),
        "decided_at": row.decided_at,
        "allowed_decisions": allowed,
    }


def supervision(ticket: Ticket) -> SupervisionShown | None:
    """督办: the one that is not lifted yet."""
    found = dossier.supervision(ticket)
    if found is None:
        return None
    return {"state": found.state, "opened_by": person(found.opened_by), "due_at": found.due_at}


def visits(ticket: Ticket) -> list[VisitShown]:
    """到访打卡: on which rounds this was found."""
    return [
        {
            "point": row.point.code, "name": row.point.name, "person": person(row.person),
            "at": row.at, "visited_at": row.visited_at, "way": row.way, "metres": row.metres,
            "accuracy_m": row.accuracy_m, "is_far": row.is_far,
        }
        for row in dossier.visits(ticket)
    ]  # fmt: skip


def others(ticket: Ticket, who: Reader, *, at: datetime) -> Others:
    """相关工单: numbers of those this person may see, in one statement."""
    near = dossier.relatives(ticket, who, at=at)
    return {
        "merged_into": near.merged_into.number if near.merged_into else None,
        "merged": [one.number for one in near.merged],
        "linked": [one.number for one in near.linked],
    }


def _reason(row: Approval) -> Reason | None:
    code = row.asks.get("reason", "")
    return {"code": code, "text": law.reason_text(row.kind, code)} if code else None
