"""For each verb with a button: a ticket on which somebody may do it, who that is, what is typed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from grids.models import Person
from tests.files import photo, upload
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Assist, Reporter, Ticket

Set = Callable[[World], Ticket]


@dataclass(frozen=True)
class Stage:
    """一幕: `typed` are the fields of the form, by their names on the page."""

    ticket: Set
    who: str
    typed: dict[str, Any]
    event: str = ""  # where the record's verb is not the button's


def own(world: World, **given: Any) -> Ticket:
    """Reported by an account without a post, for itself."""
    reporter = Reporter.build(person=world.resident, name="赵见诚", phone="13900001234")
    return world.reported(by=world.resident, reporter=reporter, is_on_behalf=False, **given)


def asked(world: World) -> Ticket:
    return actions.confirm(world.reported(), by=world.desk, at=world.at)


def declined(world: World) -> Ticket:
    return actions.decline(
        own(world), by=world.desk, at=world.at, reason="EMERGENCY", answer="请拨打 110。"
    )


def merged(world: World) -> Ticket:
    return actions.merge(world.reported(), by=world.desk, at=world.at, target=world.reported())


def urgent(world: World) -> Ticket:
    return world.reported(category=world.categories["manhole"])


def urgent_dispatched(world: World) -> Ticket:
    return world.dispatched(category=world.categories["manhole"])


def helped(world: World) -> Ticket:
    return actions.enlist(
        world.handled(), by=world.handler, at=world.at, unit=world.units["office"], question="协助"
    )  # fmt: skip


def suspended(world: World) -> Ticket:
    ticket = actions.suspend(
        world.handled(), by=world.handler, at=world.at, reason="BUDGET", text="待预算",
        resume_on=(world.at + timedelta(days=20)).date(),
    )  # fmt: skip
    request = ticket.approvals.get()
    actions.countersign(request, by=world.head, at=world.at)
    actions.grant(request, by=world.leader, at=world.at)
    ticket.refresh_from_db()
    return ticket


def contested(world: World) -> Ticket:
    ticket, token = world.reported_with_key()
    for step in (actions.accept,):
        step(ticket, by=world.desk, at=world.at)
    actions.answer(ticket, by=world.other_desk, at=world.at, answer=ANSWER)
    return actions.rate(ticket, by=world.key_of(token), at=world.at, stars=1, is_solved=False)


def supervised(world: World) -> Ticket:
    due_on = (world.at + timedelta(days=3)).date()
    return actions.supervise(
        world.handled(), by=world.leader, at=world.at, demand="三日内办结", due_on=due_on
    )


def shot(world: World, ticket: Ticket) -> Any:
    return upload(photo())


def handler_field(world: World, ticket: Ticket) -> dict[str, Any]:
    return {"handler": world.other_handler.pk}


def day(world: World, days: int) -> str:
    return (world.at + timedelta(days=days)).date().isoformat()


def stage(verb: str, world: World) -> tuple[Ticket, Person, dict[str, Any], str]:
    """The ticket, who acts, what is typed, and the verb that will stand in the record."""
    found = STAGES[verb]
    ticket = found.ticket(world)
    typed = {
        name: value(world, ticket) if callable(value) else value
        for name, value in found.typed.items()
    }
    return ticket, world.again(found.who), typed, found.event or verb


STAGES: dict[str, Stage] = {
    "confirm": Stage(asked, "grid_worker", {"confirm_result": "EXISTS", "text": "看过"}),
    "accept": Stage(World.reported, "desk", {"category": "0101", "about_unit": ""}),
    "answer": Stage(World.reported, "desk", {"answer": ANSWER}),
    "decline": Stage(World.reported, "desk", {"reason": "BEYOND", "answer": ANSWER}, "ask"),
    "object": Stage(declined, "resident", {"text": "漏看了照片"}),
    "merge": Stage(World.reported, "desk", {"target": lambda w, _t: w.reported().number}),
    "unmerge": Stage(merged, "desk", {"text": "不是一件事"}),
    "split": Stage(World.reported, "desk", {"text": "另外路灯也坏了"}),
    "link": Stage(World.reported, "desk", {"target": lambda w, _t: w.reported().number}),
    "attach": Stage(World.handled, "handler", {"files": shot, "photo_kind": "REFERENCE"}),
    "follow": Stage(World.reported, "desk", {"name": "钱知非", "phone": "13900005678"}),
    "acknowledge": Stage(urgent, "desk", {}),
    "withdraw": Stage(own, "resident", {"text": "已经好了"}),
    "amend": Stage(World.reported, "desk", {"amend_urgency": "HIGH", "text": "来电更正"}),
    "dispatch": Stage(World.accepted, "desk", {"unit": "CG-003", "text": "请尽快"}),
    "redirect": Stage(World.dispatched, "desk", {"unit": "JD-003", "text": "属街道"}),
    "claim": Stage(World.dispatched, "handler", {}),
    "assign": Stage(World.dispatched, "head", {"handler": lambda w, _t: w.handler.pk}),
    "hand_over": Stage(World.handled, "handler", {"handler": lambda w, _t: w.other_handler.pk}),
    "release": Stage(World.handled, "handler", {"text": "今天请假"}),
    "contact": Stage(World.handled, "handler", {"is_reached": "no", "note": "无人接听"}),
    "arrive": Stage(
        World.handled, "handler", {"position": "30.245, 120.155", "before_photos": shot}
    ),
    "phone": Stage(urgent_dispatched, "desk", {"spoken_to": "值班室老周"}),
    "note": Stage(World.reported, "desk", {"text": "再看看"}),
    "inquire": Stage(World.handled, "handler", {"question": "在几号楼?"}),
    "inform": Stage(own, "resident", {"text": "在三号楼"}),
    "send_back": Stage(
        World.dispatched, "handler", {"reason": "NOT_OURS", "text": "不归我们"}, "ask"
    ),
    "enlist": Stage(World.handled, "handler", {"unit": "JD-003", "question": "请协助"}),
    "answer_assist": Stage(helped, "office_handler", {"assist_result": "DONE", "text": "已办"}),
    "waive_assist": Stage(
        helped, "desk",
        {"assist": lambda _w, t: Assist.objects.get(ticket=t).pk, "text": "不必了"},
    ),
    "extend": Stage(
        World.handled, "handler", {"days": "3", "reason": "MATERIAL", "text": "等灯杆"}, "ask"
    ),
    "suspend": Stage(
        World.handled, "handler",
        {"resume_on": lambda w, _t: day(w, 30), "reason": "BUDGET", "text": "待预算"}, "ask",
    ),
    "resume": Stage(suspended, "handler", {"text": "材料到了"}),
    "resolve": Stage(
        World.handled, "handler",
        {"result": "DONE", "note": "已清运", "proposed_answer": ANSWER},
    ),
    "verify": Stage(World.resolved, "grid_worker", {"note_optional": "干净了"}),
    "rework": Stage(World.resolved, "grid_worker", {"reason": "NOT_DONE", "text": "还在"}),
    "reply": Stage(World.verified, "desk", {}),
    "rate": Stage(
        World.replied, "desk",
        {"stars": "5", "is_solved": "yes", "rate_reason": "KIND", "comment": "谢谢"},
    ),
    "follow_up": Stage(World.replied, "desk", {"is_reached": "yes", "note": "满意"}),
    "reopen": Stage(contested, "desk", {"reason": "NOT_SOLVED", "text": "再办一次"}),
    "uphold": Stage(contested, "desk", {"answer": ANSWER}),
    "void": Stage(World.handled, "handler", {"reason": "DUPLICATE", "text": "重复"}, "ask"),
    "urge": Stage(World.reported, "desk", {"text": "来电催问"}),
    "supervise": Stage(
        World.handled, "leader", {"demand": "三日内办结", "due_on": lambda w, _t: day(w, 3)}
    ),
    "answer_supervision": Stage(supervised, "handler", {"text": "明日清运"}),
    "lift_supervision": Stage(supervised, "leader", {"text": "同意销号"}),
}  # fmt: skip
