"""有果必复 in a replay: answered, rated by some, contested by a few, closed in the end."""

from datetime import timedelta

from common.actors import Actor
from grids.models import PostKind
from tickets import actions, law
from tickets.keys import open_key
from tickets.replay import phrases
from tickets.replay.simulation import Case, Simulation
from tickets.states import State
from tickets.words import Origin, Promise

OVERRIDDEN = 0.01
RATES, CALLED, CONTESTS = 0.5, 0.3, 0.15
CALLED_BACK, REOPENED, CYCLES_AT_MOST = 0.6, 0.55, 3
REOPENED_LATER = 0.007


def plan_verified(sim: Simulation, case: Case) -> None:
    """待答复."""
    sim.later(case, reply, sim.moment(Promise.REPLY, case.ticket))


def reply(sim: Simulation, case: Case) -> None:
    """答复 by the desk; now and then the shift leader lets a courtesy pass."""
    ticket, roster = case.ticket, sim.roster
    leader = roster.pick(roster.at_place(PostKind.SHIFT_LEADER, ticket.subdistrict_id))
    if leader is not None and sim.chance(OVERRIDDEN):
        actions.reply(
            ticket, by=leader, at=sim.now, final_answer=phrases.HOLLOW, override="已电话详细答复。"
        )
        return
    desk = roster.desk(ticket)
    actions.reply(ticket, by=desk, at=sim.now, final_answer=sim.luck.choice(phrases.ANSWERS))


def plan_replied(sim: Simulation, case: Case) -> None:
    """待评价: those who will rate do so one after the other; the sweep closes the rest."""
    ticket = case.ticket
    if case.raters is None:
        case.raters = _raters(sim, case)
    assert ticket.due_at is not None
    if case.raters:
        left = (ticket.due_at - sim.now) * sim.luck.uniform(0.02, 0.6)
        return sim.later(case, rate, sim.now + left)
    return sim.at_sweep("close", case, ticket.due_at)


def _raters(sim: Simulation, case: Case) -> list[str]:
    keys = [one.token for one in (case, *case.merged) if one.token and sim.chance(RATES)]
    is_reachable = case.ticket.origin == Origin.RESIDENT and case.token not in keys
    return [*keys, ""] if is_reachable and sim.chance(CALLED) else keys


def rate(sim: Simulation, case: Case) -> None:
    """评价 with the reporter's or a follower's key, or taken down by the desk in a call."""
    assert case.raters
    token = case.raters.pop(0)
    is_content = not sim.chance(CONTESTS)
    stars = sim.luck.choice((3, 4, 5, 5)) if is_content else sim.luck.choice((1, 2))
    said = sim.luck.choice(phrases.COMMENTS if is_content else phrases.COMPLAINTS)
    reason = sim.luck.choice(law.reasons("rate")).code if sim.chance(0.5) else ""
    ticket = case.ticket
    by: Actor
    if token:
        by, ticket = open_key(token, at=sim.now)
    else:
        by = sim.roster.desk(ticket, but=[ticket.handler_id, ticket.replied_by_id])
    case.ticket = actions.rate(
        ticket, by=by, at=sim.now, stars=stars, is_solved=is_content, rate_reason=reason,
        comment=said, wants_call=not is_content and sim.chance(0.5),
    )  # fmt: skip


def plan_contested(sim: Simulation, case: Case) -> None:
    """待复核: a call back first, mostly; then done again or upheld."""
    step = judge
    if "follow_up" not in case.done and sim.chance(CALLED_BACK):
        step = follow_up
    sim.later(case, step, sim.moment(Promise.FOLLOW_UP, case.ticket, high=0.4))


def follow_up(sim: Simulation, case: Case) -> None:
    """回访 by somebody who neither handled nor answered it."""
    case.done.add("follow_up")
    ticket = case.ticket
    desk = sim.roster.desk(ticket, but=[ticket.handler_id, ticket.replied_by_id])
    note = sim.luck.choice(phrases.COMPLAINTS)
    actions.follow_up(ticket, by=desk, at=sim.now, is_reached=sim.chance(0.8), note=note)


def judge(sim: Simulation, case: Case) -> None:
    """重办 or 维持; the second time by the district."""
    ticket, roster = case.ticket, sim.roster
    desk = roster.district_desk() if ticket.contests > 1 else roster.desk(ticket)
    if ticket.cycle < CYCLES_AT_MOST and sim.chance(REOPENED):
        _begin_again(sim, case)
        reason = sim.luck.choice(law.reasons("reopen")).code
        actions.reopen(ticket, by=desk, at=sim.now, reason=reason, text="经回访，问题确未解决。")
    else:
        actions.uphold(ticket, by=desk, at=sim.now, answer=phrases.REVIEWED)


def plan_closed(sim: Simulation, case: Case) -> None:
    """已结案: very few are taken up again within thirty days."""
    ticket = case.ticket
    is_final = ticket.contests > 1 or ticket.cycle >= CYCLES_AT_MOST
    if not is_final and ticket.must_answer and sim.chance(REOPENED_LATER):
        sim.later(case, reopen, sim.now + timedelta(days=sim.luck.randint(1, 28)))


def reopen(sim: Simulation, case: Case) -> None:
    """重办 of a closed ticket."""
    ticket, roster = case.ticket, sim.roster
    desk = roster.district_desk() if ticket.contests > 1 else roster.desk(ticket)
    _begin_again(sim, case)
    actions.reopen(ticket, by=desk, at=sim.now, reason="NEW_FACTS", text="反映人提供了新的情况。")


def _begin_again(sim: Simulation, case: Case) -> None:
    case.raters = None
    case.done.clear()
    case.closes_at = None


PLANS = {
    State.VERIFIED: plan_verified,
    State.REPLIED: plan_replied,
    State.CONTESTED: plan_contested,
    State.CLOSED: plan_closed,
}
