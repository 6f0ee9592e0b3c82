"""Requests in a replay: countersigned, decided in time or after having risen a level."""

from datetime import timedelta

from grids.models import Level, Person, PostKind
from tickets import actions
from tickets.actions._approval import may_countersign, may_decide
from tickets.models import Approval
from tickets.models.approval import ApprovalState
from tickets.replay import phrases
from tickets.replay.simulation import Case, Simulation
from tickets.words import Promise

REFUSED = 0.2
HEAD_REFUSES = 0.08


def asked(sim: Simulation, case: Case) -> None:
    """The next step of a ticket with a request is that somebody looks at it."""
    step = countersign if _pending(case).needs_countersign else decide
    sim.later(case, step, sim.moment(Promise.APPROVAL, case.ticket, high=0.4))


def countersign(sim: Simulation, case: Case) -> None:
    """会签, or the head's refusal."""
    approval = _pending(case)
    heads = sim.roster.in_unit(case.ticket.unit_id, PostKind.UNIT_HEAD)
    head = sim.roster.pick(
        person for person in heads if may_countersign(person, approval, at=sim.now)
    )
    if head is None:
        raise LookupError(f"{case.ticket.number}: nobody may countersign")
    if sim.chance(HEAD_REFUSES):
        row = actions.refuse(approval, by=head, at=sim.now, text=sim.luck.choice(phrases.REASONS))
        case.ticket = row.ticket
        return
    case.ticket = actions.countersign(approval, by=head, at=sim.now).ticket
    sim.later(case, decide, sim.moment(Promise.APPROVAL, case.ticket, start=approval.asked_at))


def decide(sim: Simulation, case: Case) -> None:
    """同意 or 驳回 by whoever may; a late one by the district."""
    approval = _pending(case)
    decider = sim.roster.pick(
        person for person in _candidates(sim, approval) if may_decide(person, approval, at=sim.now)
    )
    if decider is None:
        sim.later(case, decide, max(approval.due_at, sim.now) + timedelta(minutes=5))
        return
    if sim.chance(REFUSED):
        text = sim.luck.choice(phrases.REASONS)
        row = actions.refuse(approval, by=decider, at=sim.now, text=text)
    else:
        row = actions.grant(approval, by=decider, at=sim.now)
    case.ticket = row.ticket


def _candidates(sim: Simulation, approval: Approval) -> list[Person]:
    district = [
        *sim.roster.of_district(approval.decided_by),
        *sim.roster.of_district(PostKind.SHIFT_LEADER),
        *sim.roster.of_district(PostKind.DESK),
    ]
    if approval.level == Level.DISTRICT or sim.now >= approval.due_at:
        return district
    return sim.roster.at_place(approval.decided_by, approval.ticket.subdistrict_id)


def _pending(case: Case) -> Approval:
    approval: Approval = case.ticket.approvals.get(state=ApprovalState.PENDING)
    approval.ticket = case.ticket
    return approval
