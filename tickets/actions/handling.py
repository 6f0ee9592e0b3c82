"""有接必处: every case taken up is handled. Dispatch, claim, work, ask for time."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from common import clock
from common.actors import SYSTEM, Actor
from common.errors import Impossible, Invalid
from grids.models import Person, PostKind, Unit
from tickets import law
from tickets.actions import _approval
from tickets.actions._move import Hand, hand
from tickets.actions._route import route as choose_unit
from tickets.limits import window_end
from tickets.models import RoutingRule, Ticket
from tickets.states import State
from tickets.texts import check_text
from tickets.words import Promise, WordsKind

MAX_EXTENSION_DAYS = 60
MAX_SUSPENSION = timedelta(days=366)


def route(ticket: Ticket, *, at: datetime) -> Ticket:
    """自动派单: the system dispatches by rule; the event says which and why."""
    unit, rule, because = choose_unit(ticket, at=at)
    return dispatch(ticket, by=SYSTEM, at=at, unit=unit, rule=rule, because=because)


def dispatch(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, unit: Unit,
    text: str = "", rule: RoutingRule | None = None, because: dict[str, Any] | None = None,
) -> Ticket:  # fmt: skip
    """派单: ACCEPTED → DISPATCHED to a unit; a new leg with its own `resolve` clock."""
    with hand(ticket, "dispatch", by=by, at=at, seen=seen) as h:
        _check_unit(unit)
        if h.ticket.about_unit_id == unit.pk:
            raise Invalid(_("不能派给被反映的单位, 请派给督查或上级单位。"), field="unit")
        _begin_leg(h, unit, rule)
        h.data["because"] = because or {"by_hand": True}
        h.say(WordsKind.NOTE, text.strip())
        h.ticket.needs_hand = False
        h.ticket.is_final = h.ticket.returns >= 2
        h.to(State.DISPATCHED)
    return ticket


def redirect(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, unit: Unit, text: str
) -> Ticket:
    """转派: before it is claimed, to another unit, with the reason; a full new leg."""
    with hand(ticket, "redirect", by=by, at=at, seen=seen) as h:
        _check_unit(unit)
        if unit.pk == h.ticket.unit_id:
            raise Invalid(_("工单已经在这个单位, 请选择另一个单位。"), field="unit")
        h.say(WordsKind.REASON, check_text(text))
        charge_rule(h.ticket)
        _begin_leg(h, unit, None)
        h.ticket.redirects += 1
        h.to(State.DISPATCHED)
    return ticket


def claim(ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """签收: exactly one clerk or handler of the unit wins and becomes its handler."""
    with hand(ticket, "claim", by=by, at=at, seen=seen) as h:
        h.ticket.handler = by
        h.to(State.HANDLING)
    return ticket


def assign(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, handler: Person
) -> Ticket:
    """指派: the unit head or the desk names a handler of the unit."""
    with hand(ticket, "assign", by=by, at=at, seen=seen) as h:
        _name_handler(h, handler)
        h.to(State.HANDLING)
    return ticket


def hand_over(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, handler: Person,
    text: str = "",
) -> Ticket:  # fmt: skip
    """移交: the handler passes it to a colleague of the same unit."""
    with hand(ticket, "hand_over", by=by, at=at, seen=seen) as h:
        _name_handler(h, handler)
        h.say(WordsKind.NOTE, text.strip())
        h.to(State.HANDLING)
    return ticket


def release(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str = ""
) -> Ticket:
    """释放: back to the unit, claimable again; a reason unless the system does it."""
    with hand(ticket, "release", by=by, at=at, seen=seen) as h:
        if by is not SYSTEM:
            text = check_text(text)
        elif _holds_post(h.ticket, at):
            raise Impossible(_("处置人员仍在岗, 系统不释放。"))
        h.say(WordsKind.REASON, text)
        h.ticket.handler = None
        h.to(State.DISPATCHED)
    return ticket


def contact(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, is_reached: bool,
    note: str = "",
) -> Ticket:  # fmt: skip
    """联系诉求人: reached or not, and what was said."""
    with hand(ticket, "contact", by=by, at=at, seen=seen) as h:
        h.data["reached"] = is_reached
        h.say(WordsKind.NOTE, note.strip())
    return ticket


def arrive(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None,
    position: tuple[float, float] | None = None,
) -> Ticket:  # fmt: skip
    """到场: with the position; stops the arrival clock of urgent tickets."""
    with hand(ticket, "arrive", by=by, at=at, seen=seen) as h:
        if position is None:
            raise Invalid(_("请给出到场位置。"), field="position")
        lat, lng = position
        h.say(WordsKind.PLACE, f"{lat:.6f},{lng:.6f}|")
    return ticket


def phone(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, spoken_to: str
) -> Ticket:
    """电话通报: the desk rang the unit's duty phone; whom it spoke to."""
    with hand(ticket, "phone", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.NOTE, check_text(spoken_to, field="spoken_to"))
    return ticket


def note(ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, text: str) -> Ticket:
    """备注: internal text; changes nothing."""
    with hand(ticket, "note", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.NOTE, check_text(text))
    return ticket


def inquire(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, question: str
) -> Ticket:
    """询问: a question to the reporter, answered by the follow link; the chain goes on."""
    with hand(ticket, "inquire", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.QUESTION, check_text(question, field="question"))
    return ticket


def inform(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str
) -> Ticket:
    """补充: the reporter adds facts or answers a question."""
    with hand(ticket, "inform", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.FACTS, check_text(text))
    return ticket


def send_back(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, reason: str, text: str
) -> Ticket:
    """申请退单: within its window from dispatch (2 working hours urgent, 1 working day (p))."""
    law.reason("send_back", reason)
    if ticket.dispatched_at and at > window_end(Promise.SEND_BACK, ticket, ticket.dispatched_at):
        raise Impossible(_("已过退单时限, 请继续处置; 确有困难可申请延期或请协办。"))
    return _approval.ask(
        ticket, "send_back", by=by, at=at, seen=seen, asks={"reason": reason},
        words=[(WordsKind.REASON, check_text(text))],
    )  # fmt: skip


def perform_send_back(ticket: Ticket, *, by: Person, at: datetime, data: dict[str, Any]) -> Ticket:
    """退单 (执行): → ACCEPTED, dispatched by hand from now on; counted against the rule."""
    with hand(ticket, "send_back", by=by, at=at, is_granted=True) as h:
        h.data.update(data)
        charge_rule(h.ticket)
        h.ticket.unit = h.ticket.handler = None
        h.ticket.returns += 1
        h.ticket.needs_hand = True
        h.to(State.ACCEPTED)
    return ticket


def extend(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, days: int, reason: str,
    text: str,
) -> Ticket:  # fmt: skip
    """申请延期: working days, before the deadline; once by default, more by a higher post."""
    law.reason("extend", reason)
    if not 1 <= days <= MAX_EXTENSION_DAYS:
        raise Invalid(_("延期请填 1 到 60 个工作日。"), field="days")
    clock_row = ticket.clocks.filter(promise=Promise.RESOLVE, ended_at=None).first()
    if clock_row is None or at >= clock_row.due_at:
        raise Impossible(_("办结时限已到, 不能再延期; 请尽快办结并说明原因。"))
    return _approval.ask(
        ticket, "extend", by=by, at=at, seen=seen, asks={"reason": reason, "days": days},
        words=[(WordsKind.REASON, check_text(text))], days=days,
    )  # fmt: skip


def perform_extend(ticket: Ticket, *, by: Person, at: datetime, data: dict[str, Any]) -> Ticket:
    """延期 (执行): the resolve clock gets working days; the reporter is told."""
    with hand(ticket, "extend", by=by, at=at, is_granted=True) as h:
        h.data.update(data)
        h.clocks.extend(Promise.RESOLVE, int(data["days"]))
        h.ticket.extensions += 1
    return ticket


def suspend(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, resume_on: date,
    reason: str, text: str,
) -> Ticket:  # fmt: skip
    """申请挂账: with a reason and the latest date; decided by the street's leader."""
    law.reason("suspend", reason)
    resume_at = datetime.combine(resume_on, time(9), ZoneInfo(settings.TIME_ZONE))
    if not at < resume_at <= at + MAX_SUSPENSION:
        raise Invalid(_("恢复日期要在明天以后、一年以内。"), field="resume_on")
    days = (resume_on - clock.local(at).date()).days
    return _approval.ask(
        ticket, "suspend", by=by, at=at, seen=seen,
        asks={"reason": reason, "resume_at": resume_at.isoformat()},
        words=[(WordsKind.REASON, check_text(text))], days=days,
    )  # fmt: skip


def perform_suspend(ticket: Ticket, *, by: Person, at: datetime, data: dict[str, Any]) -> Ticket:
    """挂账 (执行): HANDLING → SUSPENDED; resolve and total stand still until `resume_at`."""
    with hand(ticket, "suspend", by=by, at=at, is_granted=True) as h:
        h.data.update(data)
        h.ticket.resume_at = datetime.fromisoformat(data["resume_at"])
        h.to(State.SUSPENDED)
    return ticket


def resume(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str = ""
) -> Ticket:
    """恢复: SUSPENDED → HANDLING; by the system when `resume_at` has come."""
    with hand(ticket, "resume", by=by, at=at, seen=seen) as h:
        if by is SYSTEM and h.ticket.resume_at is not None and at < h.ticket.resume_at:
            raise Impossible(_("还没有到恢复的日期。"))
        h.say(WordsKind.NOTE, text.strip())
        h.ticket.resume_at = None
        h.to(State.HANDLING)
    return ticket


def charge_rule(ticket: Ticket) -> None:
    """错派: counted against the rule that caused it."""
    if ticket.rule_id is not None:
        RoutingRule.objects.filter(pk=ticket.rule_id).update(wrong=F("wrong") + 1)
        ticket.rule = None


def _begin_leg(h: Hand, unit: Unit, rule: RoutingRule | None) -> None:
    h.ticket.unit = unit
    h.ticket.handler = None
    h.ticket.rule = rule
    h.ticket.leg += 1
    h.ticket.dispatched_at = h.at
    if rule is not None:
        RoutingRule.objects.filter(pk=rule.pk).update(dispatched=F("dispatched") + 1)


def _check_unit(unit: Unit) -> None:
    if not unit.is_active:
        raise Invalid(_("“%(unit)s”已停用, 请选择其他单位。") % {"unit": unit.name}, field="unit")


def _name_handler(h: Hand, handler: Person) -> None:
    kinds = (PostKind.UNIT_CLERK, PostKind.HANDLER, PostKind.UNIT_HEAD)
    day = clock.local(h.at).date()
    in_unit = any(
        Person.objects.holding(kind, day=day, unit=h.ticket.unit).filter(pk=handler.pk).exists()
        for kind in kinds
    )
    if not in_unit:
        raise Invalid(
            _("%(name)s不在这个单位, 请选择本单位在岗的人。") % {"name": handler.name},
            field="handler",
        )
    if handler.pk == h.ticket.handler_id:
        raise Invalid(_("工单已经由这个人处置, 请选择另一个人。"), field="handler")
    h.ticket.handler = handler


def _holds_post(ticket: Ticket, at: datetime) -> bool:
    day = clock.local(at).date()
    posts = ticket.handler.posts.in_force(day) if ticket.handler else None
    return bool(posts is not None and posts.filter(unit=ticket.unit_id).exists())
