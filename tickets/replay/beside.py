"""What happens beside the way in a replay: talk, helpers, corrections, supervision."""

from datetime import timedelta

from common import clock
from grids import workdays
from grids.models import PostKind
from tickets import actions
from tickets.attachments.samples import sample
from tickets.keys import open_key
from tickets.models.assist import AssistState
from tickets.replay import phrases
from tickets.replay.simulation import Case, Simulation
from tickets.states import OPEN
from tickets.words import FileKind, Urgency

REPORTER_ANSWERS = 0.5


def contact(sim: Simulation, case: Case) -> None:
    """联系诉求人."""
    case.done.add("contact")
    handler = sim.roster.handler(case.ticket)
    actions.contact(case.ticket, by=handler, at=sim.now, is_reached=sim.chance(0.8))


def note(sim: Simulation, case: Case) -> None:
    """备注."""
    case.done.add("note")
    actions.note(
        case.ticket,
        by=sim.roster.handler(case.ticket),
        at=sim.now,
        text=sim.luck.choice(phrases.NOTES),
    )


def arrive(sim: Simulation, case: Case) -> None:
    """到场, at the place of the ticket."""
    case.done.add("arrive")
    ticket = case.ticket
    point = (ticket.lat, ticket.lng) if ticket.lat is not None and ticket.lng is not None else None
    actions.arrive(
        ticket, by=sim.roster.handler(case.ticket), at=sim.now, position=point or (0.0, 0.0),
        files=[sample(FileKind.BEFORE)],
    )  # fmt: skip


def inquire(sim: Simulation, case: Case) -> None:
    """询问; half of the reporters answer."""
    case.done.add("inquire")
    question = sim.luck.choice(phrases.QUESTIONS)
    actions.inquire(case.ticket, by=sim.roster.handler(case.ticket), at=sim.now, question=question)
    if case.token and sim.chance(REPORTER_ANSWERS):
        case.todo.append(inform)


def inform(sim: Simulation, case: Case) -> None:
    """补充."""
    key = open_key(case.token, at=sim.now)[0]
    actions.inform(case.ticket, by=key, at=sim.now, text=sim.luck.choice(phrases.FACTS))


def urge(sim: Simulation, case: Case) -> None:
    """催办 by the reporter."""
    case.done.add("urge")
    key = open_key(case.token, at=sim.now)[0]
    actions.urge(case.ticket, by=key, at=sim.now, text="请尽快处理。")


def enlist(sim: Simulation, case: Case) -> None:
    """协办."""
    case.done.add("enlist")
    unit = sim.roster.other_unit(case.ticket)
    question = "请到现场配合核实，并反馈贵单位掌握的情况。"
    actions.enlist(
        case.ticket, by=sim.roster.handler(case.ticket), at=sim.now, unit=unit, question=question
    )


def answer_assist(sim: Simulation, case: Case) -> None:
    """协办反馈 by somebody of the asked unit."""
    assist = case.ticket.assists.filter(state=AssistState.OPEN).order_by("pk")[0]
    kinds = (PostKind.HANDLER, PostKind.UNIT_CLERK, PostKind.UNIT_HEAD)
    helper = sim.luck.choice(sim.roster.in_unit(assist.unit_id, *kinds))
    result = "NOT_OURS" if sim.chance(0.15) else "DONE"
    text = sim.luck.choice(phrases.NOTES)
    actions.answer_assist(case.ticket, by=helper, at=sim.now, assist_result=result, text=text)


def waive_assist(sim: Simulation, case: Case) -> None:
    """免于协办 by the desk."""
    assist = case.ticket.assists.filter(state=AssistState.OPEN).order_by("pk")[0]
    desk = sim.roster.desk(case.ticket)
    actions.waive_assist(case.ticket, by=desk, at=sim.now, assist=assist, text="情况已经清楚。")


def hand_over(sim: Simulation, case: Case) -> None:
    """移交 to a colleague."""
    case.done.add("hand_over")
    colleague = sim.roster.staff(case.ticket, but=[case.ticket.handler_id])
    if colleague is not None:
        actions.hand_over(
            case.ticket, by=sim.roster.handler(case.ticket), at=sim.now, handler=colleague
        )


def release(sim: Simulation, case: Case) -> None:
    """释放: back to the unit."""
    case.done.add("release")
    text = sim.luck.choice(phrases.REASONS)
    actions.release(case.ticket, by=sim.roster.handler(case.ticket), at=sim.now, text=text)


def amend(sim: Simulation, case: Case) -> None:
    """更正 of the urgency; the clocks keep their start."""
    case.done.add("amend")
    urgency = Urgency.NORMAL if case.ticket.urgency == Urgency.HIGH else Urgency.HIGH
    desk = sim.roster.desk(case.ticket)
    actions.amend(case.ticket, by=desk, at=sim.now, urgency=urgency, text="按现场情况更正。")


def supervise(sim: Simulation, case: Case) -> None:
    """督办 by the street's leader; answered by the handler, then lifted."""
    case.done.add("supervise")
    leader = sim.roster.pick(sim.roster.at_place(PostKind.LEADER, case.ticket.subdistrict_id))
    if leader is None:
        return
    day = workdays.of_office(clock.local(sim.now).date() + timedelta(days=3))
    actions.supervise(
        case.ticket, by=leader, at=sim.now, demand="请三日内反馈处置情况。", due_on=day
    )
    case.todo += [answer_supervision, lift_supervision]


def answer_supervision(sim: Simulation, case: Case) -> None:
    """督办反馈."""
    actions.answer_supervision(
        case.ticket, by=sim.roster.handler(case.ticket), at=sim.now, text="已安排专人处理。"
    )


def lift_supervision(sim: Simulation, case: Case) -> None:
    """销号."""
    leaders = sim.roster.at_place(PostKind.LEADER, case.ticket.subdistrict_id)
    actions.lift_supervision(case.ticket, by=sim.luck.choice(leaders), at=sim.now)


def link(sim: Simulation, case: Case) -> None:
    """关联 with a neighbour."""
    case.done.add("link")
    other = sim.neighbour(case, frozenset(OPEN))
    if other is not None:
        desk = sim.roster.desk(case.ticket)
        actions.link(case.ticket, by=desk, at=sim.now, target=other.ticket)
