"""Requests: who must countersign, who may decide (DESIGN §3.3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid
from grids.models import Level, Person, Post, PostKind
from grids.models.absence import acting, deputies
from tickets import law
from tickets.actions._move import hand
from tickets.limits import window_end
from tickets.models import Approval, ApprovalRule, Ticket
from tickets.models.parties import ParticipationRole
from tickets.states import MOVES, State
from tickets.words import Promise, WordsKind

Heads = dict[int | None, set[int | None]]
DISTRICT_DECIDES = frozenset({PostKind.SHIFT_LEADER, PostKind.DESK})


@dataclass(frozen=True)
class Request:
    """申请内容: codes for the record, words beside it, and how many days are asked for."""

    asks: dict[str, Any]
    words: tuple[tuple[WordsKind, str], ...]
    days: int = 0


def ask(
    ticket: Ticket, kind: str, *, by: Person, at: datetime, seen: int | None = None,
    needs: Callable[[], Request],
) -> Ticket:  # fmt: skip
    """提出审批: one pending request; the ticket's state and clocks go on as they are.

    `needs` is checked last, when it is clear that this person may ask for it now.
    """
    with hand(ticket, "ask", by=by, at=at, seen=seen, asked=kind) as h:
        request = needs()
        rule = choose_rule(law.approval_rules(), kind, h.ticket, request.days)
        others = _Others.find(rule, h.ticket, by, at)
        approval = Approval(
            ticket=h.ticket, kind=kind, asked_by=by, asked_at=at, asked_seq=h.ticket.seq + 1,
            asks=request.asks, decided_by=rule.decided_by,
            level=_level(rule, h.ticket, others), due_at=window_end(Promise.APPROVAL, h.ticket, at),
            needs_countersign=_needs_head(rule, h.ticket, by, at, others),
        )  # fmt: skip
        approval.save()
        h.ticket.has_request = True
        h.data.update(kind=kind, approval=approval.pk, **request.asks)
        for word_kind, text in request.words:
            h.say(word_kind, text)
    return ticket


def choose_rule(
    rules: Iterable[ApprovalRule], kind: str, ticket: Ticket, days: int
) -> ApprovalRule:
    """适用规则: of those that match, the highest priority, then the later occurrence."""
    nth = 1 + {"send_back": ticket.returns, "extend": ticket.extensions}.get(kind, 0)
    is_claimed = _was_claimed(ticket)
    matching = [
        rule
        for rule in rules
        if rule.kind == kind
        and rule.from_nth <= nth
        and rule.min_days <= days
        and (is_claimed or not rule.after_claim)
    ]
    if not matching:
        raise Invalid(
            _("审批规则表里没有适用于“%(kind)s”的规则，请系统管理员补上。")
            % {"kind": MOVES[kind].zh},
            field="kind",
        )
    return max(matching, key=lambda rule: (rule.priority, rule.from_nth, rule.min_days))


def may_decide(person: Person, approval: Approval, *, at: datetime) -> bool:
    """可否决定: the rule's post at its level, never asker or handler; overdue the district too."""
    return deciding(person, approval, at=at) is not None


def deciding(person: Person, approval: Approval, *, at: datetime) -> Post | None:
    """凭何决定: the post that allows it, one's own first.

    Who stands in for asker or handler is barred like them.
    """
    ticket = approval.ticket
    if _is_party(person, approval, at):
        return None
    has_risen = at >= approval.due_at
    for post in person.posts_at(at):
        if post.division is None:
            continue
        if post.division.level == Level.DISTRICT:
            is_district = approval.level == Level.DISTRICT
            if (is_district and post.kind == approval.decided_by) or (
                (has_risen or is_district) and post.kind in DISTRICT_DECIDES
            ):
                return post
        is_here = post.division_id == ticket.subdistrict_id
        if approval.level == Level.SUBDISTRICT and is_here and post.kind == approval.decided_by:
            return post
    return None


def may_countersign(person: Person, approval: Approval, *, at: datetime) -> bool:
    """可否会签: the head of the present unit, neither asker nor handler."""
    return signing(person, approval, at=at) is not None


def signing(person: Person, approval: Approval, *, at: datetime) -> Post | None:
    """凭何会签: the post that allows it, one's own first."""
    if not approval.needs_countersign or approval.countersigned_at is not None:
        return None
    if _is_party(person, approval, at):
        return None
    heads = (
        post
        for post in person.posts_at(at)
        if post.kind == PostKind.UNIT_HEAD and post.unit_id == approval.ticket.unit_id
    )
    return next(heads, None)


def _is_party(person: Person, approval: Approval, at: datetime) -> bool:
    """当事人: asked or handles, or stands in for who does."""
    return not person.selves(at).isdisjoint({approval.asked_by_id, approval.ticket.handler_id})


def still_needs_head(
    approval: Approval, by: Person, *, at: datetime, heads: Heads | None = None
) -> bool:
    """待会签: until the request is due, and only while there is a head who could sign.

    `by` decides and so cannot be the one who signs. `heads`: read for many requests at once.
    """
    ticket = approval.ticket
    if at >= approval.due_at or ticket.unit_id is None:
        return False
    known = heads_of([ticket.unit_id], at=at) if heads is None else heads
    parties = {approval.asked_by_id, ticket.handler_id, ticket.about_person_id}
    return bool(known.get(ticket.unit_id, set()) - _with_deputies(parties, at) - {by.pk})


def _with_deputies(ids: set[int | None], at: datetime) -> set[int | None]:
    return ids | deputies(ids, clock.local(at).date())


def heads_of(unit_ids: Iterable[int | None], *, at: datetime) -> Heads:
    """负责人: ids of those who act as heads of each unit."""
    day = clock.local(at).date()
    posts = Post.objects.in_force(day).filter(
        kind=PostKind.UNIT_HEAD, unit__in=[pk for pk in unit_ids if pk], person__is_active=True
    )
    found: Heads = {}
    for unit_id, person_id in posts.values_list("unit_id", "person_id"):
        found.setdefault(unit_id, set()).add(acting(person_id, day))
    return found


@dataclass(frozen=True)
class _Others:
    """他人: who could decide or sign there besides the asker and the handler; one statement."""

    deciders: set[int]
    heads: set[int]

    @classmethod
    def find(cls, rule: ApprovalRule, ticket: Ticket, by: Person, at: datetime) -> "_Others":
        day = clock.local(at).date()
        barred = _with_deputies({by.pk, ticket.handler_id, ticket.about_person_id}, at)
        wanted = Q(kind=rule.decided_by, division=ticket.subdistrict_id)
        if rule.needs_countersign and ticket.unit_id is not None:
            wanted |= Q(kind=PostKind.UNIT_HEAD, unit=ticket.unit_id)
        posts = Post.objects.in_force(day).filter(wanted)
        found = cls(set(), set())
        for unit_id, holder in posts.values_list("unit_id", "person_id"):
            if (person_id := acting(holder, day)) not in barred:
                (found.deciders if unit_id is None else found.heads).add(person_id)
        return found


def _level(rule: ApprovalRule, ticket: Ticket, others: _Others) -> str:
    # nobody else there holds the post: it rises to the district at once
    is_here = rule.level != Level.DISTRICT and ticket.subdistrict_id is not None
    return Level.SUBDISTRICT if is_here and others.deciders else Level.DISTRICT


def _needs_head(
    rule: ApprovalRule, ticket: Ticket, by: Person, at: datetime, others: _Others
) -> bool:
    is_head = any(
        post.kind == PostKind.UNIT_HEAD and post.unit_id == ticket.unit_id
        for post in by.posts_at(at)
    )
    return rule.needs_countersign and not is_head and bool(others.heads)


def _was_claimed(ticket: Ticket) -> bool:
    if ticket.state not in (State.REPORTED, State.ACCEPTED, State.DISPATCHED):
        return True
    return ticket.participations.filter(role=ParticipationRole.HANDLER).exists()
