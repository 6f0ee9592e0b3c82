"""有报必接 in a replay: reports come in; the desk accepts, answers, declines or merges them."""

from datetime import timedelta

from common.actors import SYSTEM, Actor
from grids.locate import locate
from grids.models import PostKind
from tickets import actions, law
from tickets.attachments.samples import settled
from tickets.importing.mapping import Message
from tickets.keys import open_key
from tickets.models import Category, Reporter
from tickets.replay import phrases
from tickets.replay.requests import asked
from tickets.replay.simulation import Case, Simulation, Step
from tickets.states import State
from tickets.words import Nature, Origin, Promise, Source

TALK = frozenset({Nature.ENQUIRY, Nature.SUGGESTION, Nature.PRAISE})
MERGE_INTO = frozenset({State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.HANDLING})
SETTLED = 0.2  # of what grid workers find
BY_PHONE, NAMED = 0.4, 0.7
OBJECTS, UNMERGED = 0.35, 0.08


def born(sim: Simulation, message: Message) -> Case:
    """上报, as the message's origin has it; a resident gets a follow key."""
    sim.counts["reported"] += 1
    if message.origin == Origin.RESIDENT:
        return _resident(sim, message)
    if message.origin == Origin.PATROL:
        return _patrol(sim, message)
    ticket, _token = actions.report(
        by=SYSTEM, at=sim.now, text=message.text, place=message.place, source=Source.SENSOR,
        origin=Origin.MACHINE, nature=message.nature, category=message.category,
    )  # fmt: skip
    return Case(ticket, closes_at=message.closed_at)


def _resident(sim: Simulation, message: Message) -> Case:
    is_call = sim.chance(BY_PHONE)
    luck = sim.luck
    reporter = None
    if is_call or sim.chance(NAMED):
        phone = f"1390000{luck.randint(0, 9999):04d}"
        reporter = Reporter.build(name=luck.choice(phrases.NAMES), phone=phone)
    by: Actor = luck.choice(sim.roster.of_district(PostKind.DESK)) if is_call else SYSTEM
    ticket, token = actions.report(
        by=by, at=sim.now, text=message.text, place=message.place, nature=message.nature,
        source=Source.PHONE if is_call else Source.PAGE, origin=Origin.RESIDENT,
        category=message.category, reporter=reporter, is_on_behalf=is_call,
        is_anonymous=reporter is not None and sim.chance(0.1),
        idempotency_key="" if is_call else message.source_id,
    )  # fmt: skip
    return Case(ticket, token, closes_at=message.closed_at)


def _patrol(sim: Simulation, message: Message) -> Case:
    place = message.place
    grid_id = place.building.division_id if place.building else None
    if grid_id is None and place.lat is not None and place.lng is not None:
        grid_id = locate(place.lat, place.lng, at=sim.now).division_id
    worker = sim.roster.pick(sim.roster.at_place(PostKind.GRID_WORKER, grid_id))
    if worker is None:
        return _resident(sim, message)
    if message.category is not None and sim.chance(SETTLED):
        return Case(
            actions.settle(
                by=worker, at=sim.now, text=message.text, place=place,
                category=message.category, result=sim.luck.choice(phrases.ANSWERS),
                files=settled(),
            )
        )  # fmt: skip
    ticket, _token = actions.report(
        by=worker, at=sim.now, text=message.text, place=place, source=Source.GRID_APP,
        origin=Origin.PATROL, nature=message.nature, category=message.category,
    )  # fmt: skip
    return Case(ticket, closes_at=message.closed_at)


def plan_reported(sim: Simulation, case: Case) -> None:
    """待受理: urgent and trusted ones are the system's, the rest the desk's."""
    ticket = case.ticket
    if ticket.has_request:
        return asked(sim, case)
    is_trusted = ticket.is_urgent or ticket.source in law.trusted_sources()
    if is_trusted and ticket.category_id is not None:
        return sim.at_sweep("route", case, sim.now)
    weights: dict[Step, float] = {accept: 84, decline: 3, merge: 3, split: 0.5}
    weights[confirm] = 0 if ticket.is_sensitive else 4
    weights[answer] = 40 if ticket.nature in TALK else 2
    weights[withdraw] = 2 if case.token else 0
    if "declined" in case.done or case.merged:
        weights = {accept: 1}
    step = sim.choose(weights)
    if step is confirm:  # asked in the first half of the limit or not at all
        return sim.later(case, step, sim.moment(Promise.ACCEPT, ticket, high=0.4, late=0))
    sim.later(case, step, sim.moment(Promise.ACCEPT, ticket))
    return None


def accept(sim: Simulation, case: Case) -> None:
    """受理 by the desk of the street, with a category where the message had none."""
    ticket = case.ticket
    category = None if ticket.category_id else _any_category(sim)
    known = category or ticket.category
    is_about_staff = known is not None and known.is_about_staff
    actions.accept(
        ticket, by=sim.roster.desk(ticket), at=sim.now, category=category,
        about_unit=sim.roster.other_unit(ticket) if is_about_staff else None,
    )  # fmt: skip


def answer(sim: Simulation, case: Case) -> None:
    """直接答复."""
    desk = sim.roster.desk(case.ticket)
    actions.answer(case.ticket, by=desk, at=sim.now, answer=phrases.DIRECT)


def decline(sim: Simulation, case: Case) -> None:
    """不予受理: at once for an emergency number, else a second person decides."""
    case.done.add("declined")
    reason = sim.luck.choice(law.reasons("decline")).code
    desk = sim.roster.desk(case.ticket)
    actions.decline(case.ticket, by=desk, at=sim.now, reason=reason, answer=phrases.DECLINED)


def confirm(sim: Simulation, case: Case) -> None:
    """核实: asked of the grid worker, who mostly answers; then it is accepted."""
    ticket = case.ticket
    category = law.categories().get(ticket.category_id or 0)
    if ticket.confirmation or (category is not None and category.is_dangerous):
        return accept(sim, case)
    actions.confirm(ticket, by=sim.roster.desk(ticket), at=sim.now)
    until = ticket.confirm_until or sim.now
    sim.later(case, confirmed, sim.now + (until - sim.now) * sim.luck.random())
    return None


def confirmed(sim: Simulation, case: Case) -> None:
    """The grid worker's answer, if it comes before it lapses."""
    ticket = case.ticket
    worker = sim.roster.pick(sim.roster.at_place(PostKind.GRID_WORKER, ticket.division_id))
    if worker is not None and ticket.confirm_until and sim.now < ticket.confirm_until:
        found = sim.luck.choice(("EXISTS", "EXISTS", "NOT", "UNABLE"))
        actions.confirm(ticket, by=worker, at=sim.now, confirm_result=found)
    sim.later(case, accept, sim.moment(Promise.ACCEPT, ticket, start=ticket.reported_at))


def merge(sim: Simulation, case: Case) -> None:
    """并单 into an open neighbour; without one it is accepted."""
    lead = sim.neighbour(case, MERGE_INTO)
    if lead is None or case.merged:
        return accept(sim, case)
    desk = sim.roster.desk(case.ticket)
    actions.merge(case.ticket, by=desk, at=sim.now, target=lead.ticket)
    lead.ticket.refresh_from_db()
    lead.merged.append(case)
    case.lead = lead
    return None


def plan_merged(sim: Simulation, case: Case) -> None:
    """已并单: a few were not the same matter after all."""
    if case.lead is not None and sim.chance(UNMERGED):
        sim.later(case, unmerge, sim.now + timedelta(hours=sim.luck.randint(1, 20)))


def unmerge(sim: Simulation, case: Case) -> None:
    """取消并单, while its lead is still open."""
    lead = case.lead
    if lead is None or case.ticket.state != State.MERGED or lead.ticket.state not in MERGE_INTO:
        return
    text = sim.luck.choice(phrases.NOTES)
    actions.unmerge(case.ticket, by=sim.roster.desk(case.ticket), at=sim.now, text=text)
    lead.ticket.refresh_from_db()
    lead.merged.remove(case)
    case.lead = None


def withdraw(sim: Simulation, case: Case) -> None:
    """撤回 by the reporter with the follow key."""
    key = open_key(case.token, at=sim.now)[0]
    actions.withdraw(case.ticket, by=key, at=sim.now, text="物业已经修好了。")


def split(sim: Simulation, case: Case) -> None:
    """拆单: the second matter goes its own way, without a key of its own."""
    case.done.add("split")
    desk = sim.roster.desk(case.ticket)
    new = actions.split(case.ticket, by=desk, at=sim.now, text=phrases.SECOND_MATTER)
    sim.counts["split off"] += 1
    sim.take_in(Case(new))


def plan_declined(sim: Simulation, case: Case) -> None:
    """不予受理: some object, once."""
    if case.token and case.ticket.objected_at is None and sim.chance(OBJECTS):
        sim.later(case, object_to, sim.now + timedelta(hours=sim.luck.randint(2, 48)))


def object_to(sim: Simulation, case: Case) -> None:
    """异议."""
    key = open_key(case.token, at=sim.now)[0]
    actions.object(case.ticket, by=key, at=sim.now, text=sim.luck.choice(phrases.FACTS))


def _any_category(sim: Simulation) -> Category:
    minor = [row for row in law.categories().values() if row.parent_id and row.is_active]
    return sim.luck.choice(sorted(minor, key=lambda row: row.code))


PLANS = {
    State.REPORTED: plan_reported,
    State.DECLINED: plan_declined,
    State.MERGED: plan_merged,
}
