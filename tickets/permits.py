"""May this actor do this verb on this ticket now? One answer for the hand and for the buttons.

Order of answers (DESIGN §3.5): not visible 404, not yours 403, impossible now 409.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from common.actors import Actor, System
from common.errors import Impossible, NotVisible, NotYours, Refused
from grids.models import Person
from tickets import law, standing
from tickets.models import Ticket
from tickets.states import MOVES, TRANSITIONS, WHO_ZH, Move, State, Who
from tickets.words import Origin, VerifyBy

REOPEN_WINDOW = timedelta(days=30)
Guard = Callable[[Ticket, Actor, frozenset[Who], datetime], None]


def require(
    actor: Actor, ticket: Ticket, verb: str, *, at: datetime, is_granted: bool = False
) -> Move:
    """许可: returns the table's row or raises NotVisible, NotYours or Impossible.

    `is_granted`: an approval stands for the actor's right; the state must still allow it.
    """
    move = MOVES[verb]
    if is_granted:
        _check_state(move, ticket)
        return move
    if isinstance(actor, System):
        who = frozenset({Who.SYSTEM})
    else:
        who = standing.of(actor, ticket)
        if not who and not _may_see(actor, ticket):
            raise NotVisible(_("没有这张工单, 请核对编号。"))
    # the system also performs what people granted and what follows from their acts
    is_theirs = Who.SYSTEM in who or Who.ANYONE in move.who or bool(who & move.who)
    if not is_theirs:
        raise NotYours(_not_yours(move, ticket))
    _check_state(move, ticket)
    guard = GUARDS.get(verb)
    if guard is not None:
        guard(ticket, actor, who, at)
    return move


def allowed(actor: Actor, ticket: Ticket, *, at: datetime) -> list[Move]:
    """可做: the buttons of this actor on this ticket now, in the table's order."""
    found = []
    for move in TRANSITIONS:
        if not move.button or (move.frm and ticket.state not in move.frm):
            continue
        try:
            require(actor, ticket, move.verb, at=at)
        except Refused:
            continue
        found.append(move)
    return found


def _check_state(move: Move, ticket: Ticket) -> None:
    if move.frm and ticket.state not in move.frm:
        raise Impossible(_impossible(move, ticket))


def _may_see(actor: Actor, ticket: Ticket) -> bool:
    if not isinstance(actor, Person):
        return False
    return Ticket.objects.visible_to(actor).filter(pk=ticket.pk).exists()


def _not_yours(move: Move, ticket: Ticket) -> str:
    names = "、".join(str(WHO_ZH[who]) for who in Who if who in move.who)
    return _("“%(verb)s”要由%(who)s来做; 工单 %(number)s 现在轮到%(turn)s。") % {
        "verb": move.zh,
        "who": names,
        "number": ticket.number,
        "turn": ticket.get_turn_display(),
    }


def _impossible(move: Move, ticket: Ticket) -> str:
    said = {"verb": move.zh, "number": ticket.number, "state": ticket.get_state_display()}
    if move.verb == "claim" and ticket.handler is not None:
        return _("工单 %(number)s 已由%(holder)s签收。") % {
            "number": ticket.number,
            "holder": ticket.handler,
        }
    return _("工单 %(number)s 现在是“%(state)s”, 不能%(verb)s。请刷新后再看。") % said


def _confirm(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    category = law.categories().get(ticket.category_id or 0)
    if category is not None and category.is_dangerous:
        raise Impossible(_("这类事项有危险, 不派网格员核实, 请直接受理或转 119/110/120。"))
    asked = ticket.confirmation == "ASKED" and ticket.confirm_until and at < ticket.confirm_until
    if Who.DESK in who:
        if ticket.confirmation:
            raise Impossible(_("已经请网格员核实过, 请等待回复或直接受理。"))
        return
    if not asked:
        raise Impossible(_("现在没有等待核实的请求, 或核实时间已过。"))


def _object(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.objected_at is not None:
        raise Impossible(_("异议只能提一次, 这张工单已经提过。"))


def _merge(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.followers.filter(merged__isnull=False, ended_at=None).exists():
        raise Impossible(_("已有工单并入这张工单, 它不能再并入别处; 请先取消那些并单。"))


def _acknowledge(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.is_urgent or ticket.acknowledged_at is not None:
        raise Impossible(_("只有尚未知悉的紧急工单需要知悉。"))


def _dispatch(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if isinstance(actor, System):
        if ticket.needs_hand:
            raise Impossible(_("这张工单须人工派单。"))
    elif ticket.returns >= 2 and Who.DISTRICT not in who:
        raise NotYours(_("第二次退单后由区级受理员派单, 且为最终派单。"))


def _redirect(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.is_final and Who.DISTRICT not in who:
        raise NotYours(_("这是区里的最终派单, 只有区级受理员可以转派。"))


def _send_back(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.is_final:
        raise Impossible(_("这是区里的最终派单, 不能再退单。"))
    _no_request(ticket, actor, who, at)


def _no_request(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.has_request and not isinstance(actor, System):
        raise Impossible(_("这张工单已有一项审批未决, 请先等它决定。"))


def _resolve(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.open_assists:
        raise Impossible(
            _("还有 %(count)s 个协办单位没有反馈, 请等待反馈或免于协办。")
            % {"count": ticket.open_assists}
        )


def _assist(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.open_assists:
        raise Impossible(_("这张工单没有未反馈的协办。"))


def _verify(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if isinstance(actor, System):
        return
    if isinstance(actor, Person) and actor.pk == ticket.handler_id:
        raise NotYours(_("处置人员不能核查自己办结的工单。"))
    has_risen = ticket.turn_rises_at is None or at >= ticket.turn_rises_at
    wanted = {VerifyBy.SITE: Who.GRID, VerifyBy.REPORTER: Who.REPORTER}.get(
        VerifyBy(ticket.verify_by), Who.DESK
    )
    if wanted in who or (Who.DESK in who and has_risen):
        return
    raise NotYours(
        _("这张工单由%(who)s核查; 过了核查时限的一半才轮到受理员。") % {"who": WHO_ZH[wanted]}
    )


def _reply(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.must_answer:
        raise Impossible(_("这张工单没有要答复的人, 核查后自动结案。"))


def _rate(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if isinstance(actor, Person) and Who.DESK not in who and actor.active_posts:
        raise NotYours(_("工作人员不参加评价。"))
    if Who.DESK in who:
        _not_own_answer(ticket, actor)
        if ticket.origin != Origin.RESIDENT:
            raise Impossible(_("这张工单没有诉求人, 不能代录评价。"))


def _follow_up(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    _not_own_answer(ticket, actor)


def _not_own_answer(ticket: Ticket, actor: Actor) -> None:
    if isinstance(actor, Person) and actor.pk in (ticket.handler_id, ticket.replied_by_id):
        raise NotYours(_("经办或答复过这张工单的人不能回访, 请换一位同事。"))


def _reopen(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    _second_contest(ticket, actor, who, at)
    if ticket.state == State.CLOSED and ticket.ended_at and at > ticket.ended_at + REOPEN_WINDOW:
        raise Impossible(_("结案已超过 30 天, 不能重办, 请新建工单。"))
    if ticket.is_historic:
        raise Impossible(_("迁入的历史工单不能重办, 请新建工单。"))


def _second_contest(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.contests >= 2 and Who.DISTRICT not in who:
        raise NotYours(_("第二次不满由区级受理员复核。"))


def _supervise(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.supervisions.exclude(state="LIFTED").exists():
        raise Impossible(_("这张工单已在督办中。"))


def _supervised(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.supervisions.exclude(state="LIFTED").exists():
        raise Impossible(_("这张工单没有在督办。"))


def _phone(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.is_urgent:
        raise Impossible(_("只有紧急工单需要电话通报。"))


def _contact(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.origin != Origin.RESIDENT or ticket.is_anonymous:
        raise Impossible(_("这张工单没有可以联系的诉求人。"))


def _inquire(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.must_answer:
        raise Impossible(_("这张工单没有可以询问的诉求人。"))


GUARDS: dict[str, Guard] = {
    "confirm": _confirm,
    "object": _object,
    "merge": _merge,
    "decline": _no_request,
    "acknowledge": _acknowledge,
    "dispatch": _dispatch,
    "redirect": _redirect,
    "contact": _contact,
    "phone": _phone,
    "inquire": _inquire,
    "send_back": _send_back,
    "answer_assist": _assist,
    "waive_assist": _assist,
    "extend": _no_request,
    "suspend": _no_request,
    "void": _no_request,
    "resolve": _resolve,
    "verify": _verify,
    "rework": _verify,
    "reply": _reply,
    "rate": _rate,
    "follow_up": _follow_up,
    "reopen": _reopen,
    "uphold": _second_contest,
    "supervise": _supervise,
    "answer_supervision": _supervised,
    "lift_supervision": _supervised,
}
