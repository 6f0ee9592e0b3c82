"""有接必处 in a replay: dispatched, claimed, worked on, sent back, extended, suspended."""

from datetime import timedelta

from common import clock
from common.errors import Impossible
from tickets import actions, law
from tickets.limits import window_end
from tickets.replay import beside, phrases
from tickets.replay.intake import split, withdraw
from tickets.replay.outcome import resolve
from tickets.replay.requests import asked
from tickets.replay.simulation import Case, Simulation, Step
from tickets.states import State
from tickets.words import Origin, Promise

POKED = 0.97  # routed right after acceptance; the sweep does the rest
EXTRAS = 3  # at most so many small things between claim and result


def plan_accepted(sim: Simulation, case: Case) -> None:
    """待派单: by rule, or by hand where the ticket was returned or reopened."""
    if case.ticket.has_request:
        return asked(sim, case)
    if case.ticket.needs_hand:
        return sim.later(case, dispatch, sim.moment(Promise.DISPATCH, case.ticket))
    if sim.chance(POKED):
        return sim.later(case, route, sim.now)
    return sim.at_sweep("route", case, sim.now)


def route(sim: Simulation, case: Case) -> None:
    """自动派单, as the task does it that acceptance pokes."""
    try:
        actions.route(case.ticket, at=sim.now)
    except Impossible:  # a sweep was first
        case.ticket.refresh_from_db()


def dispatch(sim: Simulation, case: Case) -> None:
    """人工派单: to the former unit after a contest, to another after a return."""
    ticket = case.ticket
    desk = sim.roster.district_desk() if ticket.returns >= 2 else sim.roster.desk(ticket)
    office = sim.roster.offices.get(ticket.subdistrict_id or 0)
    unit = ticket.unit or (office if sim.chance(0.5) else None) or sim.roster.other_unit(ticket)
    actions.dispatch(ticket, by=desk, at=sim.now, unit=unit, text=sim.luck.choice(phrases.NOTES))


def plan_dispatched(sim: Simulation, case: Case) -> None:
    """待签收: mostly claimed; now and then assigned, redirected, sent back or withdrawn."""
    ticket = case.ticket
    if ticket.has_request:
        return asked(sim, case)
    weights: dict[Step, float] = {claim: 84, assign: 4, redirect: 2}
    weights[void] = 0 if ticket.cycle > 1 else 0.7
    weights[send_back] = 0 if ticket.is_final else 4
    weights[withdraw] = 2 if case.token and not case.merged else 0
    weights[phone] = 30 if ticket.is_urgent and "phone" not in case.done else 0
    sim.later(case, sim.choose(weights), sim.moment(Promise.CLAIM, ticket))
    return None


def claim(sim: Simulation, case: Case) -> None:
    """签收 by somebody of the unit; a new leg begins to collect its small things."""
    person = sim.roster.staff(case.ticket)
    if person is None:
        return redirect(sim, case)
    case.done.clear()
    actions.claim(case.ticket, by=person, at=sim.now)
    return None


def assign(sim: Simulation, case: Case) -> None:
    """指派 by the head of the unit."""
    head, person = sim.roster.head(case.ticket), sim.roster.staff(case.ticket)
    if head is None or person is None:
        return claim(sim, case)
    case.done.clear()
    actions.assign(case.ticket, by=head, at=sim.now, handler=person)
    return None


def redirect(sim: Simulation, case: Case) -> None:
    """转派 by the desk; a final dispatch only by the district."""
    ticket, roster = case.ticket, sim.roster
    desk = roster.district_desk() if ticket.is_final else roster.desk(ticket)
    text = sim.luck.choice(phrases.REASONS)
    actions.redirect(ticket, by=desk, at=sim.now, unit=roster.other_unit(ticket), text=text)


def phone(sim: Simulation, case: Case) -> None:
    """电话通报 of an urgent ticket, and the desk acknowledges it."""
    case.done.add("phone")
    desk = sim.roster.desk(case.ticket)
    actions.phone(case.ticket, by=desk, at=sim.now, spoken_to="值班员")
    if case.ticket.acknowledged_at is None:
        actions.acknowledge(case.ticket, by=desk, at=sim.now)


def send_back(sim: Simulation, case: Case) -> None:
    """申请退单, as long as its window is open."""
    case.done.add("send_back")
    ticket = case.ticket
    asker = sim.roster.handler(ticket) if ticket.handler_id else sim.roster.staff(ticket)
    start = ticket.dispatched_at or sim.now
    if asker is None or sim.now > window_end(Promise.SEND_BACK, ticket, start):
        return claim(sim, case) if ticket.state == State.DISPATCHED else None
    reason = sim.luck.choice(law.reasons("send_back")).code
    text = sim.luck.choice(phrases.REASONS)
    actions.send_back(ticket, by=asker, at=sim.now, reason=reason, text=text)
    return None


def void(sim: Simulation, case: Case) -> None:
    """申请作废 by the desk."""
    case.done.add("void")
    reason = sim.luck.choice(law.reasons("void")).code
    desk = sim.roster.desk(case.ticket)
    actions.void(case.ticket, by=desk, at=sim.now, reason=reason, text="重复录入。")


def plan_handling(sim: Simulation, case: Case) -> None:
    """处置中: some small things, then the result; helpers must have answered before."""
    ticket = case.ticket
    if ticket.has_request:
        return asked(sim, case)
    if ticket.open_assists:
        helped = beside.waive_assist if sim.chance(0.1) else beside.answer_assist
        return sim.later(case, helped, sim.moment(Promise.ASSIST, ticket))
    if ticket.is_urgent and "arrive" not in case.done:
        return sim.later(case, beside.arrive, sim.moment(Promise.ARRIVE, ticket))
    extras = {} if len(case.done) >= EXTRAS else _extras(sim, case)
    step = sim.choose({resolve: 45.0, **extras})
    start = ticket.dispatched_at or sim.now
    high = 0.15 if step is not resolve else 0.9
    sim.later(case, step, sim.moment(Promise.RESOLVE, ticket, start=start, high=high))
    return None


def _extras(sim: Simulation, case: Case) -> dict[Step, float]:
    ticket = case.ticket
    is_named = ticket.origin == Origin.RESIDENT and not ticket.is_anonymous
    in_time = ticket.due_at is not None and sim.now < ticket.due_at
    weights: dict[Step, float] = {
        beside.contact: 15 if is_named else 0, beside.note: 6, beside.enlist: 6,
        beside.inquire: 4 if ticket.must_answer else 0, beside.urge: 3 if case.token else 0,
        beside.hand_over: 2, beside.release: 1.5, beside.amend: 2,
        send_back: 0 if ticket.is_final else 3, extend: 4 if in_time else 0, suspend: 1.5,
        beside.supervise: 1, beside.link: 1, split: 0.7,
        void: 0 if ticket.cycle > 1 else 0.5,
    }  # fmt: skip
    return {step: weight for step, weight in weights.items() if step.__name__ not in case.done}


def extend(sim: Simulation, case: Case) -> None:
    """申请延期."""
    case.done.add("extend")
    if case.ticket.due_at is not None and sim.now >= case.ticket.due_at:
        return
    reason = sim.luck.choice(law.reasons("extend")).code
    text = sim.luck.choice(phrases.REASONS)
    actions.extend(
        case.ticket, by=sim.roster.handler(case.ticket), at=sim.now, reason=reason, text=text,
        days=sim.luck.randint(1, 10),
    )  # fmt: skip


def suspend(sim: Simulation, case: Case) -> None:
    """申请挂账 until some day of the next weeks."""
    case.done.add("suspend")
    reason = sim.luck.choice(law.reasons("suspend")).code
    day = clock.local(sim.now).date() + timedelta(days=sim.luck.randint(2, 40))
    text = sim.luck.choice(phrases.REASONS)
    actions.suspend(
        case.ticket,
        by=sim.roster.handler(case.ticket),
        at=sim.now,
        resume_on=day,
        reason=reason,
        text=text,
    )


def plan_suspended(sim: Simulation, case: Case) -> None:
    """挂账: resumed by the sweep on its day, some earlier by the desk."""
    ticket = case.ticket
    assert ticket.resume_at is not None
    if sim.chance(0.2):
        return sim.later(case, resume, sim.now + (ticket.resume_at - sim.now) * sim.luck.random())
    return sim.at_sweep("resume", case, ticket.resume_at)


def resume(sim: Simulation, case: Case) -> None:
    """恢复 by the desk."""
    actions.resume(case.ticket, by=sim.roster.desk(case.ticket), at=sim.now, text="条件已具备。")


PLANS = {
    State.ACCEPTED: plan_accepted,
    State.DISPATCHED: plan_dispatched,
    State.HANDLING: plan_handling,
    State.SUSPENDED: plan_suspended,
}
