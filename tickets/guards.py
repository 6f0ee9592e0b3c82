"""What a verb asks beyond state and standing: one small function each, by verb (GUARDS).

Everything here is checked under the lock of the ticket and decides about its button, too.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from common.actors import Actor, System
from common.errors import Gone, Impossible, NotYours
from common.listing import listed
from grids.models import Person
from tickets import law, limits, raters, standing
from tickets.models import Client, Event, Ticket
from tickets.models.oversight import SupervisionState
from tickets.states import WHO_ZH, State, Who
from tickets.words import Origin, Promise, Turn, VerifyBy

HOLDERS = {
    Turn.UNIT: frozenset({Who.STAFF, Who.HEAD}),
    Turn.HANDLER: frozenset({Who.HANDLER}),
    Turn.GRID: frozenset({Who.GRID}),
}
"""Who may ask for an approval besides the desk: the holder of the turn."""
AT_WORK = frozenset({Turn.UNIT, Turn.HANDLER})
Guard = Callable[[Ticket, Actor, frozenset[Who], datetime], None]


def _confirm(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    category = law.categories().get(ticket.category_id or 0)
    if category is not None and category.is_dangerous:
        raise Impossible(_("这类事项有危险，不派网格员核实，请直接受理或转 119/110/120。"))
    if ticket.is_sensitive:
        raise Impossible(_("敏感事项不请网格员核实，请直接受理。"))
    if standing.is_confirmer(who, ticket, at):
        return
    if Who.DESK in who:
        if ticket.confirmation:
            raise Impossible(_("已经请网格员核实过，请等待回复或直接受理。"))
        accepting = limits.open_clock(ticket, Promise.ACCEPT)
        if accepting is None or at >= limits.half_of(accepting):
            raise Impossible(_("受理时限已过半，来不及请网格员核实，请直接受理。"))
        return
    raise Impossible(_("现在没有等待核实的请求，或核实时间已过。"))


def _accept(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    is_trusted = ticket.is_urgent or ticket.source in law.trusted_sources()
    if isinstance(actor, System) and not is_trusted:
        raise Impossible(_("系统只受理紧急的和可信来源的工单。"))


def _object(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.objected_at is not None:
        raise Impossible(_("异议只能提一次，这张工单已经提过。"))


def _merge(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if _is_lead(ticket):
        raise Impossible(_("已有工单并入这张工单，它不能再并入别处；请先取消那些并单。"))


def _acknowledge(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.is_urgent or ticket.acknowledged_at is not None:
        raise Impossible(_("只有尚未知悉的紧急工单需要知悉。"))


def _withdraw(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if isinstance(actor, Client) and ticket.client_id != actor.pk:
        raise NotYours(_("这张工单不是贵方交来的，不能由贵方撤回。"))
    others = ticket.followers.filter(merged=None, via=None, ended_at=None)
    if ticket.followers_count and others.exists():
        raise Impossible(
            _("工单 %(number)s 还有别人关注，不能撤回；您可以补充说明情况。")
            % {"number": ticket.number}
        )


def _amend(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if Who.DESK not in who and ticket.turn not in AT_WORK:
        raise NotYours(_("工单不在承办单位手中，请受理员更正。"))


def _dispatch(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if isinstance(actor, System):
        if ticket.needs_hand:
            raise Impossible(_("这张工单须人工派单。"))
    elif ticket.returns >= 2 and Who.DISTRICT not in who:
        raise NotYours(_("第二次退单后由区级受理员派单，且为最终派单。"))


def _redirect(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.is_final and Who.DISTRICT not in who:
        raise NotYours(_("这是区里的最终派单，只有区级受理员可以转派。"))


def _contact(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    is_hidden = ticket.is_anonymous and Who.DESK not in who
    if ticket.origin != Origin.RESIDENT or is_hidden:
        raise Impossible(_("这张工单没有可以联系的诉求人。"))


def _phone(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.is_urgent:
        raise Impossible(_("只有紧急工单需要电话通报。"))


def _inquire(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.must_answer:
        raise Impossible(_("这张工单没有可以询问的诉求人。"))


def _ask(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    """提出审批: the desk or the holder of the turn, one at a time."""
    if ticket.has_request:
        raise Impossible(_("这张工单已有一项审批未决，请先等它决定。"))
    holders = HOLDERS.get(Turn(ticket.turn), frozenset())
    if Who.DESK not in who and not who & holders:
        raise NotYours(
            _("现在轮到%(turn)s，由其或受理员提出申请。") % {"turn": ticket.get_turn_display()}
        )


def _send_back(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.is_final:
        raise Impossible(_("这是区里的最终派单，不能再退单。"))
    start = ticket.dispatched_at
    if start is not None and at > limits.window_end(Promise.SEND_BACK, ticket, start):
        raise Impossible(_("已过退单时限，请继续处置；确有困难可申请延期或请协办。"))
    _ask(ticket, actor, who, at)


def _extend(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    resolving = limits.open_clock(ticket, Promise.RESOLVE)
    if resolving is None or at >= resolving.due_at:
        raise Impossible(_("办结时限已到，不能再延期；请尽快办结并说明原因。"))
    _ask(ticket, actor, who, at)


def _void(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.cycle > 1 and _was_verified(ticket):
        raise Impossible(_("办理结果已经核查过的工单不能作废。"))
    _ask(ticket, actor, who, at)


def _resolve(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.open_assists:
        units = listed(row.unit.name for row in standing.open_helpers(ticket))
        raise Impossible(
            _("等 %(units)s 协办反馈后才能办结；到期仍不反馈的，可以免于协办。") % {"units": units}
        )


def _assist(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.open_assists:
        raise Impossible(_("这张工单没有未反馈的协办。"))


def _waive(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    _assist(ticket, actor, who, at)
    if Who.DESK in who:
        return
    if not any(row.due_at <= at for row in standing.open_helpers(ticket)):
        raise NotYours(_("协办到期以前只有受理员可以免除。"))


def _verify(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if isinstance(actor, System):
        _passes(ticket, at)
        return
    if isinstance(actor, Person) and ticket.handler_id in actor.selves(at):
        raise NotYours(_("处置人员不能核查自己办结的工单。"))
    has_risen = ticket.turn_rises_at is None or at >= ticket.turn_rises_at
    wanted = {VerifyBy.SITE: Who.GRID, VerifyBy.REPORTER: Who.REPORTER}.get(
        VerifyBy(ticket.verify_by), Who.DESK
    )
    if wanted in who or (Who.DESK in who and has_risen):
        return
    raise NotYours(
        _("这张工单由%(who)s核查；过了核查时限的一半才轮到受理员。") % {"who": WHO_ZH[wanted]}
    )


def _passes(ticket: Ticket, at: datetime) -> None:
    if ticket.verify_by != VerifyBy.NONE:
        raise Impossible(_("这张工单须有人核查，系统不能放行。"))
    passes_at = limits.passes_at(ticket)
    if passes_at is not None and at < passes_at:
        raise Impossible(_("自行处置的工单 24 小时后才通过。"))


def _answer(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not ticket.must_answer:
        raise Impossible(_("这张工单没有要答复的人。"))


def _rate(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if Who.DESK in who:
        _not_own_answer(ticket, actor, at)
        if ticket.origin != Origin.RESIDENT:
            raise Impossible(_("这张工单没有诉求人，不能代录评价。"))
    follower = raters.follower_of(ticket, actor)
    rater = ticket.reporter_person if follower is None else None
    if isinstance(actor, Person) and Who.DESK not in who:
        rater = actor
    if rater is not None and standing.is_staff(rater, at=at):
        raise NotYours(_("工作人员不参加评价。"))
    if raters.has_rated(ticket, follower):
        raise Gone(_("您已经评价过，每次办理只评价一次。"))


def _not_own_answer(ticket: Ticket, actor: Actor, at: datetime) -> None:
    did_it = {ticket.handler_id, ticket.replied_by_id}
    if isinstance(actor, Person) and did_it & actor.selves(at):
        raise NotYours(_("经办或答复过这张工单的人不能回访，请换一位同事。"))


def _follow_up(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    _not_own_answer(ticket, actor, at)


def _reopen(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    _second_contest(ticket, actor, who, at)
    if ticket.is_historic:
        raise Impossible(_("迁入的历史工单不能重办，请新建工单。"))
    if ticket.state != State.CLOSED or ticket.ended_at is None:
        return
    if at > limits.window_end(Promise.REOPEN, ticket, ticket.ended_at):
        raise Impossible(_("结案已超过重办期限，不能重办，请新建工单。"))
    if ticket.contests >= 2 and _closed_by(ticket) == "uphold":
        raise Impossible(_("区级复核已作最终决定，不能重办；有新的情况请新建工单。"))


def _closed_by(ticket: Ticket) -> str:
    ends = Event.objects.filter(ticket=ticket, to_state=State.CLOSED)
    return ends.exclude(from_state=State.CLOSED).order_by("-seq").values_list("verb", flat=True)[0]


def _second_contest(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if ticket.contests >= 2 and Who.DISTRICT not in who:
        raise NotYours(_("第二次不满由区级受理员复核。"))


def _supervise(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if _is_supervised(ticket):
        raise Impossible(_("这张工单已在督办中。"))


def _supervised(ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    if not _is_supervised(ticket):
        raise Impossible(_("这张工单没有在督办。"))


def remember_supervision(ticket: Ticket, *, is_supervised: bool) -> None:
    """记住: whether a ticket is under supervision, read already."""
    ticket._is_supervised = is_supervised  # type: ignore[attr-defined]


def _is_supervised(ticket: Ticket) -> bool:
    known: bool | None = getattr(ticket, "_is_supervised", None)
    if known is not None:
        return known
    return ticket.supervisions.exclude(state=SupervisionState.LIFTED).exists()


def _is_lead(ticket: Ticket) -> bool:
    """Read with the ticket where a page is made of it (`views.doors.find`)."""
    known: bool | None = getattr(ticket, "is_lead", None)
    return ticket.merged.filter(state=State.MERGED).exists() if known is None else known


def remember_verbs(ticket: Ticket, verbs: Iterable[str]) -> None:
    """记住: what was ever done to a ticket, read already."""
    ticket._verbs = frozenset(verbs)  # type: ignore[attr-defined]


def _was_verified(ticket: Ticket) -> bool:
    known: frozenset[str] | None = getattr(ticket, "_verbs", None)
    if known is not None:
        return "verify" in known
    return Event.objects.filter(ticket=ticket, verb="verify").exists()


GUARDS: dict[str, Guard] = {
    "confirm": _confirm,
    "accept": _accept,
    "answer": _answer,
    "decline": _ask,
    "object": _object,
    "merge": _merge,
    "acknowledge": _acknowledge,
    "withdraw": _withdraw,
    "amend": _amend,
    "dispatch": _dispatch,
    "redirect": _redirect,
    "contact": _contact,
    "phone": _phone,
    "inquire": _inquire,
    "send_back": _send_back,
    "answer_assist": _assist,
    "waive_assist": _waive,
    "extend": _extend,
    "suspend": _ask,
    "void": _void,
    "resolve": _resolve,
    "verify": _verify,
    "rework": _verify,
    "reply": _answer,
    "rate": _rate,
    "follow_up": _follow_up,
    "reopen": _reopen,
    "uphold": _second_contest,
    "supervise": _supervise,
    "answer_supervision": _supervised,
    "lift_supervision": _supervised,
}
