"""Events and whom they concern, named one by one: the table itself is under test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grids.models import Person
from tests.tickets.stages import asked, declined, helped, own, suspended, urgent_dispatched
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Reporter, Ticket


@dataclass(frozen=True)
class Told:
    """一件事: how it comes to be, and who is told in which role."""

    name: str
    ticket: Callable[[World], Ticket]
    verb: str
    people: dict[str, str]


def urgent(world: World) -> Ticket:
    return world.reported(urgency="URGENT")


def sent_back(world: World) -> Ticket:
    ticket = requested(world)
    return granted(world, ticket)


def requested(world: World) -> Ticket:
    return actions.send_back(
        world.handled(), by=world.handler, at=world.at, reason="NOT_OURS", text="不归我们"
    )


def signed(world: World, make: Callable[[World], Ticket] = requested) -> Ticket:
    ticket = make(world)
    actions.countersign(ticket.approvals.get(), by=world.head, at=world.at)
    return ticket


def granted(world: World, ticket: Ticket) -> Ticket:
    request = ticket.approvals.get()
    actions.countersign(request, by=world.head, at=world.at)
    actions.grant(request, by=world.shift_leader, at=world.at)
    ticket.refresh_from_db()
    return ticket


def refused(world: World) -> Ticket:
    ticket = requested(world)
    actions.refuse(ticket.approvals.get(), by=world.head, at=world.at, text="属于我们")
    return ticket


def of_account(world: World) -> dict[str, Any]:
    """What makes a report that of the resident's account."""
    reporter = Reporter.build(person=world.resident, name="赵见诚", phone="13900001234")
    return {"by": world.resident, "reporter": reporter, "is_on_behalf": False}


def extended(world: World) -> Ticket:
    ticket = world.handled(**of_account(world))
    actions.extend(ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等料")
    return granted(world, ticket)


def put_off(world: World) -> Ticket:
    ticket = world.handled(**of_account(world))
    actions.suspend(
        ticket, by=world.handler, at=world.at, reason="BUDGET", text="待预算",
        resume_on=world.at.date().replace(month=12),
    )  # fmt: skip
    request = ticket.approvals.get()
    actions.countersign(request, by=world.head, at=world.at)
    actions.grant(request, by=world.leader, at=world.at)
    ticket.refresh_from_db()
    return ticket


def merged_neighbour(world: World) -> Ticket:
    """A follower with an account, on a ticket that is answered."""
    ticket = world.verified()
    person = Person.objects.create(username="neighbour", name="邻居", password="!")
    world.people["neighbour"] = person
    actions.follow(
        ticket, by=world.desk, at=world.at, reporter=Reporter.build(person=person, name="邻居")
    )
    return actions.reply(ticket, by=world.desk, at=world.at, final_answer=ANSWER)


def answered_helper(world: World) -> Ticket:
    ticket = helped(world)
    return actions.answer_assist(
        ticket, by=world.office_handler, at=world.at, assist_result="DONE", text="已办"
    )


def redirected(world: World) -> Ticket:
    office = world.units["office"]
    return actions.redirect(
        world.dispatched(), by=world.desk, at=world.at, unit=office, text="属街道"
    )


def contested(world: World) -> Ticket:
    ticket, token = world.reported_with_key()
    actions.answer(ticket, by=world.desk, at=world.at, answer=ANSWER)
    return actions.rate(ticket, by=world.key_of(token), at=world.at, stars=1, is_solved=False)


def answered_question(world: World) -> Ticket:
    ticket = actions.inquire(own(world), by=world.desk, at=world.at, question="几号楼?")
    return actions.inform(ticket, by=world.resident, at=world.at, text="三号楼")


def looked(world: World) -> Ticket:
    return actions.confirm(asked(world), by=world.grid_worker, at=world.at, confirm_result="EXISTS")


def demanded(world: World) -> Ticket:
    due_on = world.at.date().replace(day=27)
    return actions.supervise(
        world.handled(), by=world.leader, at=world.at, demand="三日内办结", due_on=due_on
    )


def met(world: World) -> Ticket:
    return actions.answer_supervision(demanded(world), by=world.handler, at=world.at, text="明日")


def reworked(world: World) -> Ticket:
    return actions.rework(
        world.resolved(), by=world.grid_worker, at=world.at, reason="NOT_DONE", text="还在"
    )


def assigned(world: World) -> Ticket:
    return actions.assign(world.handled(), by=world.head, at=world.at, handler=world.other_handler)


def taken(world: World) -> Ticket:
    """Accepted by the desk, reported by an account."""
    return actions.accept(own(world), by=world.desk, at=world.at)


CLERKS = {"clerk": "CLERK"}
HEAD = {"head": "HEAD"}
SQUAD = CLERKS | {"handler": "UNIT", "other_handler": "UNIT"} | HEAD
CASES = [
    Told("urgent", urgent, "report", {"other_desk": "DESK", "shift_leader": "DESK"}),
    Told("urgent unit", urgent_dispatched, "dispatch", SQUAD),
    Told("asked to look", asked, "confirm", {"grid_worker": "GRID"}),
    Told("looked", looked, "confirm", {"desk": "ASKER"}),
    Told("accepted", taken, "accept", {"resident": "REPORTER"}),
    Told("declined", declined, "decline", {"resident": "REPORTER"}),
    Told("delayed", extended, "extend", {"resident": "REPORTER"}),
    Told("decided", extended, "grant", {"handler": "ASKER"}),
    Told("put off", put_off, "suspend", {"resident": "REPORTER"}),
    Told("question", answered_question, "inquire", {"resident": "REPORTER"}),
    Told("its answer", answered_question, "inform", {"desk": "ASKER"}),
    Told("follower", merged_neighbour, "reply", {"neighbour": "FOLLOWER"}),
    Told("to verify", World.resolved, "resolve", {"grid_worker": "GRID"}),
    Told("again", reworked, "rework", {"handler": "HANDLER", "head": "HEAD"}),
    Told("named", assigned, "assign", {"other_handler": "HANDLER", "handler": "FORMER"}),
    Told("to sign", requested, "ask", {"head": "SIGNER"}),
    Told("to decide", signed, "countersign", {"shift_leader": "DECIDER"}),
    Told("refused", refused, "refuse", {"handler": "ASKER"}),
    Told("returned", sent_back, "send_back", {"clerk": "FORMER_UNIT"}),
    Told("helper", helped, "enlist", {"office_handler": "HELPER", "office_head": "HELPER"}),
    Told("helped", answered_helper, "answer_assist", {"handler": "HANDLER"}),
    Told(
        "elsewhere", redirected, "redirect",
        {"office_handler": "CLERK", "clerk": "FORMER_UNIT"},
    ),
    Told("contested", contested, "rate", {"shift_leader": "SHIFT"}),
    Told(
        "demanded", demanded, "supervise",
        {"shift_leader": "SHIFT", "head": "HEAD", "handler": "HANDLER"},
    ),
    Told("met", met, "answer_supervision", {"leader": "OPENER"}),
    Told("suspended", suspended, "grant", {"handler": "ASKER"}),
]  # fmt: skip
