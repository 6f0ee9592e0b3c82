"""Oversight beside the chain: approvals, voiding, urging, supervision, erasure."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.actors import SYSTEM, Actor
from common.errors import Impossible, Invalid, NotYours
from grids import calendars, workdays
from grids.models import Person, Post
from tickets import law, permits, record
from tickets.actions import _approval, _erasing, _evidence
from tickets.actions._breach import Asked
from tickets.actions._move import Hand, hand, lock
from tickets.actions.handling import perform_extend, perform_send_back, perform_suspend
from tickets.actions.intake import perform_decline
from tickets.actions.matters import lock_with_merged, release_merged
from tickets.models import Approval, FollowKey, Supervision, Ticket, Words
from tickets.models.approval import ApprovalState
from tickets.models.oversight import SupervisionState
from tickets.states import State
from tickets.texts import check_optional, check_text
from tickets.words import WordsKind

LONGEST_DEMAND = timedelta(days=365)


def void(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, reason: str, text: str
) -> Ticket:
    """申请作废: never once an outcome is verified."""

    def needs() -> _approval.Request:
        asks = {"reason": law.reason("void", reason).code}
        return _approval.Request(asks, ((WordsKind.REASON, check_text(text)),))

    return _approval.ask(ticket, "void", by=by, at=at, seen=seen, needs=needs)


def perform_void(granted: Approval, *, by: Person, at: datetime) -> None:
    """作废 (执行): → VOIDED; merged tickets get on by themselves."""
    with hand(granted.ticket, "void", by=by, at=at, is_granted=True) as h:
        h.perform(granted)
        h.ticket.resume_at = None
        h.to(State.VOIDED)
    release_merged(granted.ticket, at=at)


def countersign(
    approval: Approval, *, by: Person, at: datetime, seen: int | None = None
) -> Approval:
    """会签: by the head of the present unit, before anybody decides."""
    with _deciding(approval, "countersign", by=by, at=at, seen=seen) as (h, row):
        post = _approval.signing(by, row, at=at)
        if post is None:
            raise NotYours(_("这项申请由承办单位负责人会签，且不能是申请人本人。"))
        _tell_for_whom(h, post)
        row.countersigned_by = by
        row.countersigned_at = at
        row.save(update_fields=["countersigned_by", "countersigned_at"])
        h.data["approval"] = row.pk
    return row


def raise_request(approval: Approval, *, by: Actor, at: datetime) -> Approval:
    """审批上报: overdue and undecided, the district is told once; it decides nothing."""
    with _deciding(approval, "escalate", by=by, at=at, seen=None) as (h, row):
        if row.risen_at is not None or at < row.due_at:
            raise Impossible(_("这项申请还没有到期，或已经上报过。"))
        row.risen_at = at
        row.save(update_fields=["risen_at"])
        h.data["approval"] = row.pk
    return row


def refuse(
    approval: Approval, *, by: Person, at: datetime, seen: int | None = None, text: str
) -> Approval:
    """驳回: by whoever may decide, or by the unit head instead of countersigning."""
    with _deciding(approval, "refuse", by=by, at=at, seen=seen) as (h, row):
        post = _approval.signing(by, row, at=at) or _approval.deciding(by, row, at=at)
        if post is None:
            raise NotYours(_not_decider(row))
        _tell_for_whom(h, post)
        h.say(WordsKind.REASON, check_text(text))
        _decide(h, row, ApprovalState.REFUSED, by)
    return row


def grant(
    approval: Approval, *, by: Person, at: datetime, seen: int | None = None, text: str = ""
) -> Approval:
    """同意: performs what was asked, in the same transaction."""
    with transaction.atomic():
        lock_with_merged(approval.ticket)
        with _deciding(approval, "grant", by=by, at=at, seen=seen) as (h, row):
            post = _approval.deciding(by, row, at=at)
            if post is None:
                raise NotYours(_not_decider(row))
            _tell_for_whom(h, post)
            if row.needs_countersign and row.countersigned_at is None:
                if _approval.still_needs_head(row, by, at=at):
                    raise Impossible(_("还要承办单位负责人先会签。"))
                h.data["waived"] = True
            h.say(WordsKind.NOTE, check_optional(text))
            _decide(h, row, ApprovalState.GRANTED, by)
        PERFORM[row.kind](row, by=by, at=at)
    return row


def urge(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str = ""
) -> Ticket:
    """催办: the reporter or the desk asks to hurry; changes nothing but is on the record."""
    with hand(ticket, "urge", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.FACTS, check_optional(text))
    return ticket


def supervise(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, demand: str, due_on: date
) -> Ticket:
    """督办: a leader's formal demand, to be answered before the office closes on `due_on`."""
    with hand(ticket, "supervise", by=by, at=at, seen=seen) as h:
        due_at = _close_of(due_on, at)
        h.say(WordsKind.DEMAND, check_text(demand, field="demand"))
        row = Supervision.objects.create(
            ticket=h.ticket, opened_by=by, opened_at=at, opened_seq=h.ticket.seq + 1, due_at=due_at
        )
        h.data.update(supervision=row.pk, until=record.plain(due_at))
    return ticket


def answer_supervision(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, text: str
) -> Ticket:
    """督办反馈: what was done about the demand."""
    with hand(ticket, "answer_supervision", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.RESULT, check_text(text))
        row = _open_supervision(h.ticket)
        row.state, row.answered_at = SupervisionState.ANSWERED, at
        row.save(update_fields=["state", "answered_at"])
        h.data["supervision"] = row.pk
        if at > row.due_at:
            h.data["overdue"] = True
    return ticket


def remind_of_supervision(ticket: Ticket, *, at: datetime) -> Ticket:
    """督办超期提醒: whoever demanded it is told, once, that the time to answer is over."""
    with hand(ticket, "remind", by=SYSTEM, at=at) as h:
        row = overdue_supervisions(at).filter(ticket=h.ticket).first()
        if row is None:
            raise Impossible(_("这张工单没有超期未反馈的督办。"))
        row.overdue_at = at
        row.save(update_fields=["overdue_at"])
        h.data["supervision"] = row.pk
    return ticket


def overdue_supervisions(at: datetime) -> QuerySet[Supervision]:
    """超期未反馈的督办, of which nobody was told yet."""
    return Supervision.objects.filter(
        state=SupervisionState.OPEN, due_at__lte=at, overdue_at=None
    ).order_by("id")


def lift_supervision(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, text: str = ""
) -> Ticket:
    """销号: the leader is satisfied."""
    with hand(ticket, "lift_supervision", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.NOTE, check_optional(text))
        row = _open_supervision(h.ticket)
        row.state, row.lifted_at = SupervisionState.LIFTED, at
        row.save(update_fields=["state", "lifted_at"])
        h.data["supervision"] = row.pk
    return ticket


def erase(ticket: Ticket, *, by: Actor, at: datetime, rule: str) -> Ticket:
    """脱敏: empties texts, salts and place of an ended ticket; the event names the rule.

    Contacts and follow keys go with it unless another unerased ticket needs them: then they go
    with that one. Where nothing is left to erase nothing happens.
    """
    with transaction.atomic():
        now = lock(ticket)
        permits.require(by, now, "erase", at=at)
        words = _erasing.standing_words(now)
        contacts, keys = _erasing.idle_contacts(now), _erasing.idle_keys(now)
        has_place = bool(now.address) or now.lat is not None
        if not (has_place or contacts or keys or words.exists()):
            return _note_erased(ticket, now, at)
        with hand(ticket, "erase", by=by, at=at) as h:
            h.data.update(rule=rule, upto=h.ticket.seq)
            h.data.update(contacts=[row.pk for row in contacts], keys=[key.pk for key in keys])
            words.update(text="", salt="", tokens="")
            _evidence.erase(h.ticket, at=at)
            _erasing.empty_contacts(contacts)
            FollowKey.objects.filter(pk__in=h.data["keys"]).update(revoked_at=at)
            h.ticket.address = ""
            h.ticket.lat = h.ticket.lng = None
            h.ticket.erased_at = at
    return ticket


def _note_erased(ticket: Ticket, now: Ticket, at: datetime) -> Ticket:
    """已无可脱敏: only that nobody looks again."""
    now.erased_at = ticket.erased_at = now.erased_at or at
    now.save(update_fields=["erased_at"])
    return ticket


@contextmanager
def _deciding(
    approval: Approval, verb: str, *, by: Actor, at: datetime, seen: int | None
) -> Iterator[tuple[Hand, Approval]]:
    # lock order: the ticket before its approval
    with transaction.atomic():
        ticket = lock(approval.ticket)
        permits.look(by, ticket, at=at)
        row = Approval.objects.select_for_update().get(pk=approval.pk)
        if row.state != ApprovalState.PENDING:
            raise Impossible(
                _("这项申请%(state)s，不能再决定。") % {"state": row.get_state_display()}
            )
        row.ticket = ticket
        with hand(ticket, verb, by=by, at=at, seen=seen, is_granted=True) as h:
            row.ticket = h.ticket
            yield h, row


def _tell_for_whom(h: Hand, post: Post) -> None:
    """代谁: by whose post it is decided, where it is not one's own."""
    if post.for_person_id is not None:
        h.data["for"] = post.for_person_id


def _decide(h: Hand, row: Approval, state: ApprovalState, by: Person) -> None:
    row.state, row.decider, row.decided_at = state, by, h.at
    row.save(update_fields=["state", "decider", "decided_at"])
    h.ticket.has_request = False
    h.data["approval"] = row.pk
    if state == ApprovalState.GRANTED:
        h.clocks.asked = Asked(row.kind, row.asked_at)


def _not_decider(row: Approval) -> str:
    return _("这项申请由%(post)s决定，申请人和处置人员不能决定。") % {
        "post": row.get_decided_by_display()
    }


def _close_of(due_on: date, at: datetime) -> datetime:
    office = calendars.spec("office")
    if due_on > (at + LONGEST_DEMAND).date():
        raise Invalid(
            _("反馈期限最长 %(days)s 天。") % {"days": LONGEST_DEMAND.days}, field="due_on"
        )
    try:
        workday = workdays.from_day(due_on, office)
    except ValueError:
        raise Invalid(_("机关日历没有工作日，请系统管理员补上。"), field="due_on") from None
    if workday != due_on:
        raise Invalid(
            _("%(day)s 不上班，请选工作日，其后的工作日是 %(next)s。")
            % {"day": due_on.isoformat(), "next": workday.isoformat()},
            field="due_on",
        )
    due_at = workdays.closes_at(due_on, office)
    if due_at <= at:
        raise Invalid(_("反馈期限要在今天以后。"), field="due_on")
    return due_at


def _open_supervision(ticket: Ticket) -> Supervision:
    return ticket.supervisions.exclude(state=SupervisionState.LIFTED).get()


def _decline_granted(granted: Approval, *, by: Person, at: datetime) -> None:
    words = Words.objects.get(
        ticket=granted.ticket, event__seq=granted.asked_seq, kind=WordsKind.ANSWER
    )
    perform_decline(
        granted.ticket, by=by, at=at, reason=granted.asks["reason"], answer=words.text,
        granted=granted,
    )  # fmt: skip


PERFORM: dict[str, Callable[..., None]] = {
    "send_back": perform_send_back,
    "extend": perform_extend,
    "suspend": perform_suspend,
    "void": perform_void,
    "decline": _decline_granted,
}
