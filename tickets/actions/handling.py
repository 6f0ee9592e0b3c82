"""有接必处: every case taken up is handled. Dispatch, claim, work, ask for time."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from common import clock
from common.actors import SYSTEM, Actor
from common.errors import Impossible, Invalid
from grids.datum import require_point
from grids.models import Person, PostKind, Unit
from tickets import law, standing
from tickets.actions import _approval, _evidence
from tickets.actions._move import Hand, hand
from tickets.actions._route import route as choose_unit
from tickets.attachments import Prepared
from tickets.attachments.storing import kept
from tickets.limits import window_end
from tickets.models import Approval, Event, RoutingRule, Ticket
from tickets.states import State
from tickets.texts import check_optional, check_text
from tickets.words import FileKind, Promise, WordsKind

MAX_EXTENSION_DAYS = 60
MAX_SUSPENSION_DAYS = 366


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
        check_unit(h.ticket, unit)
        _begin_leg(h, unit, rule)
        h.data["because"] = because or {"by_hand": True}
        h.say(WordsKind.NOTE, check_optional(text))
        h.ticket.needs_hand = False
        h.ticket.is_final = h.ticket.returns >= 2
        h.to(State.DISPATCHED)
    return ticket


def redirect(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, unit: Unit, text: str
) -> Ticket:
    """转派: before it is claimed, to another unit, with the reason; a full new leg."""
    with hand(ticket, "redirect", by=by, at=at, seen=seen) as h:
        check_unit(h.ticket, unit)
        if unit.pk == h.ticket.unit_id:
            raise Invalid(_("工单已经在这个单位，请选择另一个单位。"), field="unit")
        h.say(WordsKind.REASON, check_text(text))
        charge_rule(h.ticket)
        _begin_leg(h, unit, None)
        h.ticket.redirects += 1
        h.to(State.DISPATCHED)
    return ticket


def claim(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None,
    observed_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """签收: exactly one clerk or handler of the unit wins and becomes its handler."""
    with hand(ticket, "claim", by=by, at=at, seen=seen) as h:
        h.observed(observed_at)
        # whose post it is keeps it when the stand-in is gone
        h.ticket.handler_id = h.data.get("for", by.pk)
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
        h.say(WordsKind.NOTE, check_optional(text))
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
            raise Impossible(_("处置人员仍在岗，系统不释放。"))
        h.say(WordsKind.REASON, text)
        h.ticket.handler = None
        h.to(State.DISPATCHED)
    return ticket


def contact(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, is_reached: bool,
    note: str = "", observed_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """联系诉求人: reached or not, and what was said."""
    with hand(ticket, "contact", by=by, at=at, seen=seen) as h:
        h.observed(observed_at)
        h.data["reached"] = is_reached
        if is_reached:
            h.clocks.responded()
        h.say(WordsKind.NOTE, check_optional(note, field="note"))
    return ticket


def arrive(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None,
    position: tuple[float, float] | None = None, files: Sequence[Prepared] = (),
    observed_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """到场: position and a photo of what was found; stops the arrival clock of urgent tickets."""
    with (
        kept(files, ticket, by=by, at=at) as written,
        hand(ticket, "arrive", by=by, at=at, seen=seen) as h,
    ):
        h.observed(observed_at)
        if position is None:
            raise Invalid(_("请给出到场位置。"), field="position")
        lat, lng = position
        require_point(lat, lng)
        _evidence.require(files, FileKind.BEFORE)
        h.attach(written)
        h.clocks.responded()
        h.say(WordsKind.PLACE, f"{lat:.6f},{lng:.6f}|")
    return ticket


def phone(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, spoken_to: str
) -> Ticket:
    """电话通报: the desk rang the unit's duty phone; whom it spoke to."""
    with hand(ticket, "phone", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.NOTE, check_text(spoken_to, field="spoken_to"))
    return ticket


def note(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, text: str,
    observed_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """备注: internal text; changes nothing."""
    with hand(ticket, "note", by=by, at=at, seen=seen) as h:
        h.observed(observed_at)
        h.say(WordsKind.NOTE, check_text(text))
    return ticket


def inquire(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, question: str
) -> Ticket:
    """询问: a question to the reporter by the follow link; it expires, the chain goes on."""
    with hand(ticket, "inquire", by=by, at=at, seen=seen) as h:
        h.ticket.asked_until = window_end(Promise.INQUIRE, h.ticket, at)
        h.data["until"] = h.ticket.asked_until.isoformat()
        h.say(WordsKind.QUESTION, check_text(question, field="question"))
    return ticket


def inform(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str
) -> Ticket:
    """补充: the reporter adds facts or answers the question that still stands."""
    with hand(ticket, "inform", by=by, at=at, seen=seen) as h:
        question = open_question(h.ticket, at=at)
        h.data.update({"question": question.seq} if question else {})
        h.ticket.asked_until = None
        h.say(WordsKind.FACTS, check_text(text))
    return ticket


def open_question(ticket: Ticket, *, at: datetime) -> Event | None:
    """未答的询问: the latest question, as long as it is neither answered nor expired."""
    said = Event.objects.filter(ticket=ticket, verb__in=("inquire", "inform")).order_by("-seq")
    last = said.first()
    if last is None or last.verb == "inform":
        return None
    until = last.data.get("until")
    return last if until and at < datetime.fromisoformat(until) else None


def send_back(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, reason: str, text: str
) -> Ticket:
    """申请退单: within its window from dispatch (2 working hours urgent, 1 working day (p))."""

    def needs() -> _approval.Request:
        asks = {"reason": law.reason("send_back", reason).code}
        return _approval.Request(asks, ((WordsKind.REASON, check_text(text)),))

    return _approval.ask(ticket, "send_back", by=by, at=at, seen=seen, needs=needs)


def perform_send_back(granted: Approval, *, by: Person, at: datetime) -> None:
    """退单 (执行): → ACCEPTED, dispatched by hand from now on; counted against the rule."""
    with hand(granted.ticket, "send_back", by=by, at=at, is_granted=True) as h:
        h.perform(granted)
        charge_rule(h.ticket)
        h.ticket.unit = h.ticket.handler = None
        h.ticket.returns += 1
        h.ticket.needs_hand = True
        h.to(State.ACCEPTED)


def extend(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, days: int, reason: str,
    text: str,
) -> Ticket:  # fmt: skip
    """申请延期: working days, before the deadline; once by default, more by a higher post."""

    def needs() -> _approval.Request:
        if not 1 <= days <= MAX_EXTENSION_DAYS:
            raise Invalid(_("延期请填 1 到 60 个工作日。"), field="days")
        asks = {"reason": law.reason("extend", reason).code, "days": days}
        return _approval.Request(asks, ((WordsKind.REASON, check_text(text)),), days)

    return _approval.ask(ticket, "extend", by=by, at=at, seen=seen, needs=needs)


def perform_extend(granted: Approval, *, by: Person, at: datetime) -> None:
    """延期 (执行): the resolve clock gets working days; the reporter is told."""
    with hand(granted.ticket, "extend", by=by, at=at, is_granted=True) as h:
        h.perform(granted)
        h.clocks.extend(granted.asks["days"])
        h.ticket.extensions += 1


def suspend(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, resume_on: date,
    reason: str, text: str,
) -> Ticket:  # fmt: skip
    """申请挂账: with a reason and the latest date; decided by the street's leader."""

    def needs() -> _approval.Request:
        resume_at = datetime.combine(resume_on, time(9), ZoneInfo(settings.TIME_ZONE))
        days = (resume_on - clock.local(at).date()).days
        if not 1 <= days <= MAX_SUSPENSION_DAYS:
            raise Invalid(_("恢复日期要在明天以后、一年以内。"), field="resume_on")
        code = law.reason("suspend", reason).code
        asks = {"reason": code, "resume_at": resume_at.isoformat()}
        return _approval.Request(asks, ((WordsKind.REASON, check_text(text)),), days)

    return _approval.ask(ticket, "suspend", by=by, at=at, seen=seen, needs=needs)


def perform_suspend(granted: Approval, *, by: Person, at: datetime) -> None:
    """挂账 (执行): HANDLING → SUSPENDED; resolve and total stand still until `resume_at`."""
    with hand(granted.ticket, "suspend", by=by, at=at, is_granted=True) as h:
        h.perform(granted)
        h.ticket.resume_at = datetime.fromisoformat(granted.asks["resume_at"])
        if h.ticket.resume_at <= at:
            raise Impossible(_("申请的恢复日期已过，不能再挂账；请驳回后重新申请。"))
        h.to(State.SUSPENDED)


def resume(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str = ""
) -> Ticket:
    """恢复: SUSPENDED → HANDLING; by the system when `resume_at` has come."""
    with hand(ticket, "resume", by=by, at=at, seen=seen) as h:
        if by is SYSTEM and h.ticket.resume_at is not None and at < h.ticket.resume_at:
            raise Impossible(_("还没有到恢复的日期。"))
        h.say(WordsKind.NOTE, check_optional(text))
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


def check_unit(ticket: Ticket, unit: Unit) -> None:
    """可派单位: in use, and not the one the report is about; else `Invalid`."""
    if unit.pk == ticket.about_unit_id:
        raise Invalid(_("不能派给被反映的单位，请派给督查或上级单位。"), field="unit")
    if not unit.is_active:
        raise Invalid(_("“%(unit)s”已停用，请选择其他单位。") % {"unit": unit.name}, field="unit")


def _name_handler(h: Hand, handler: Person) -> None:
    kinds = (PostKind.UNIT_CLERK, PostKind.HANDLER, PostKind.UNIT_HEAD)
    day = clock.local(h.at).date()
    in_unit = any(
        Person.objects.holding(kind, day=day, unit=h.ticket.unit).filter(pk=handler.pk).exists()
        for kind in kinds
    )
    if not in_unit or standing.is_concerned(handler, h.ticket, h.at):
        raise Invalid(
            _("%(name)s不在这个单位，请选择本单位在岗的人。") % {"name": handler.name},
            field="handler",
        )
    if handler.pk == h.ticket.handler_id:
        raise Invalid(_("工单已经由这个人处置，请选择另一个人。"), field="handler")
    h.ticket.handler = handler


def _holds_post(ticket: Ticket, at: datetime) -> bool:
    day = clock.local(at).date()
    posts = ticket.handler.posts.in_force(day) if ticket.handler else None
    return bool(posts is not None and posts.filter(unit=ticket.unit_id).exists())
