"""有处必果 in a replay: resolved, verified by whom the category names, or done again."""

from datetime import timedelta

from common.actors import Actor
from grids.models import PostKind
from tickets import actions, law
from tickets.actions.outcome import asks_after_photo
from tickets.attachments.samples import sample
from tickets.keys import open_key
from tickets.limits import SETTLED_PASSES_AFTER
from tickets.replay import phrases
from tickets.replay.simulation import Case, Simulation
from tickets.states import State
from tickets.words import FileKind, Promise, VerifyBy

REWORKED, REWORKS_AT_MOST = 0.06, 2
NOT_SEEN = 0.08  # the grid worker or reporter does not look in time


def resolve(sim: Simulation, case: Case) -> None:
    """办结 with a proposed answer where somebody is to be answered."""
    ticket = case.ticket
    case.closes_at = None
    actions.resolve(
        ticket, by=sim.roster.handler(ticket), at=sim.now,
        result=sim.luck.choice(law.reasons("resolve")).code, note=sim.luck.choice(phrases.NOTES),
        proposed_answer=sim.luck.choice(phrases.ANSWERS) if ticket.must_answer else "",
        files=[sample(FileKind.AFTER)] if asks_after_photo(ticket) else (),
    )  # fmt: skip


def plan_resolved(sim: Simulation, case: Case) -> None:
    """待核查: by the grid worker or reporter, by the desk once the turn has risen."""
    ticket = case.ticket
    if ticket.verify_by == VerifyBy.NONE:
        seen_at = ticket.resolved_at or sim.now
        return sim.at_sweep("pass", case, seen_at + SETTLED_PASSES_AFTER)
    rises_at = ticket.turn_rises_at
    if rises_at is None:
        return sim.later(case, look, sim.moment(Promise.VERIFY, ticket))
    if sim.chance(NOT_SEEN):
        return sim.later(case, look, rises_at + timedelta(minutes=sim.luck.randint(1, 200)))
    return sim.later(case, look, sim.now + (rises_at - sim.now) * sim.luck.uniform(0.1, 0.9))


def look(sim: Simulation, case: Case) -> None:
    """核查 or 返工, by whoever has the turn now."""
    ticket = case.ticket
    by = _looks(sim, case)
    if ticket.reworks < REWORKS_AT_MOST and sim.chance(REWORKED):
        reason = sim.luck.choice(law.reasons("rework")).code
        text = sim.luck.choice(phrases.FACTS)
        actions.rework(ticket, by=by, at=sim.now, reason=reason, text=text)
    else:
        actions.verify(ticket, by=by, at=sim.now)


def _looks(sim: Simulation, case: Case) -> Actor:
    ticket = case.ticket
    has_risen = ticket.turn_rises_at is None or sim.now >= ticket.turn_rises_at
    if not has_risen and ticket.verify_by == VerifyBy.SITE:
        # nobody verifies what they settled themselves: then the community's lead looks
        for kind, place_id in (
            (PostKind.GRID_WORKER, ticket.division_id),
            (PostKind.COMMUNITY_LEAD, ticket.community_id),
        ):
            there = sim.roster.at_place(kind, place_id)
            worker = sim.roster.pick(there, but=[ticket.handler_id])
            if worker is not None:
                return worker
    if not has_risen and ticket.verify_by == VerifyBy.REPORTER and case.token:
        return open_key(case.token, at=sim.now)[0]
    return sim.roster.desk(ticket, but=[ticket.handler_id])


PLANS = {State.RESOLVED: plan_resolved}
