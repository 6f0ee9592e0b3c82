"""有果必复: every outcome is answered. Reply, rate, follow up, reopen, close."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import Impossible, Invalid
from grids.models import Person
from tickets import law, raters, standing
from tickets.actions._born import categorise, new_cycle
from tickets.actions._move import Hand, hand
from tickets.models import Category, Rating, Ticket
from tickets.states import State, Who
from tickets.texts import (
    HOLLOW,
    check_answer,
    check_filled,
    check_optional,
    check_text,
    is_hollow,
)
from tickets.words import WordsKind


def reply(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, final_answer: str,
    override: str = "",
) -> Ticket:  # fmt: skip
    """答复: the desk approves or edits the proposed answer; VERIFIED → REPLIED.

    A hollow answer is refused, unless the shift leader overrides with a reason (counted).
    """
    with hand(ticket, "reply", by=by, at=at, seen=seen) as h:
        written = check_text(final_answer, field="final_answer")
        plain = check_filled(written, field="final_answer")
        if is_hollow(plain, law.hollow_phrases()):
            _override(h, by, override)
        h.say(WordsKind.ANSWER, plain)
        h.ticket.replied_by = by
        h.ticket.replied_at = at
        h.to(State.REPLIED)
    return ticket


def rate(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, stars: int,
    is_solved: bool, rate_reason: str = "", comment: str = "", wants_call: bool = False,
) -> Ticket:  # fmt: skip
    """评价: by the reporter, a follower, or the desk on the phone; each once a cycle.

    Not solved or ≤ 2 stars → CONTESTED; → CLOSED once everybody asked has rated.
    Raises `Gone` when the window is over or this rater has rated. Returns the rated ticket: the
    lead, where theirs was merged.
    """
    lead = _lead(ticket, by, at)
    with hand(lead, "rate", by=by, at=at, seen=seen) as h:
        if stars not in range(1, 6):
            raise Invalid(_("请选择 1 到 5 星。"), field="stars")
        code = law.reason("rate", rate_reason, field="rate_reason").code if rate_reason else ""
        row = Rating.objects.create(
            ticket=h.ticket, cycle=h.ticket.cycle, follower=raters.follower_of(h.ticket, by),
            stars=stars, is_solved=is_solved, reason_code=code, wants_call=wants_call, at=at,
            is_by_phone=Who.DESK in standing.of(by, h.ticket, at=h.at),
        )  # fmt: skip
        h.data.update(stars=stars, solved=is_solved, call=wants_call)
        h.data.update(rating=row.pk, rater=row.follower_id, by_phone=row.is_by_phone)
        h.data.update({"reason": code} if code else {})
        h.say(WordsKind.COMMENT, check_optional(comment, field="comment"))
        if not row.is_content:
            h.ticket.contests += 1
            h.to(State.CONTESTED)
        elif raters.all_rated(h.ticket):
            h.to(State.CLOSED)
    return lead


def follow_up(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, is_reached: bool,
    note: str = "",
) -> Ticket:  # fmt: skip
    """回访: a call by somebody who neither handled nor replied."""
    with hand(ticket, "follow_up", by=by, at=at, seen=seen) as h:
        h.data["reached"] = is_reached
        h.say(WordsKind.NOTE, check_optional(note, field="note"))
    return ticket


def reopen(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, reason: str, text: str,
    category: Category | None = None,
) -> Ticket:  # fmt: skip
    """重办: a new cycle from ACCEPTED, dispatched by hand; the former unit is proposed.

    What was declined or answered before it had a category gets one here.
    """
    with hand(ticket, "reopen", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.REASON, check_text(text))
        h.data["reason"] = law.reason("reopen", reason).code
        new_cycle(h.ticket)
        if category is not None and category.pk != h.ticket.category_id:
            categorise(h.ticket, category)
        h.ticket.needs_hand = True
        h.ticket.handler = None
        h.ticket.resolved_at = h.ticket.replied_at = None
        _need_category(h)
        h.to(State.ACCEPTED)
    return ticket


def uphold(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, answer: str
) -> Ticket:
    """维持原办理结果: CONTESTED → CLOSED, and the reporter is told why ("经复核…")."""
    with hand(ticket, "uphold", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.ANSWER, check_answer(answer))
        h.to(State.CLOSED)
    return ticket


def close(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """结案: by the system, after the rating window or when nobody is to be answered.

    Unrated stays unrated: no rating row is made.
    """
    with hand(ticket, "close", by=by, at=at) as h:
        if h.ticket.state == State.VERIFIED and h.ticket.must_answer:
            raise Impossible(_("还没有答复诉求人，不能结案。"))
        if h.ticket.state == State.REPLIED and h.ticket.due_at and at < h.ticket.due_at:
            raise Impossible(_("评价期还没有结束，不能结案。"))
        h.to(State.CLOSED)
    return ticket


def _override(h: Hand, by: Person, reason: str) -> None:
    if Who.SHIFT not in standing.of(by, h.ticket, at=h.at) or not reason.strip():
        told = str(HOLLOW) + _("确有必要照此答复的，值班长说明理由后可以放行。")
        raise Invalid(told, field="final_answer")
    h.data["hollow_override"] = True
    h.say(WordsKind.REASON, check_optional(reason, field="override"))


def _lead(ticket: Ticket, by: Actor, at: datetime) -> Ticket:
    is_desk = isinstance(by, Person) and standing.is_staff(by, at=at)
    return ticket if is_desk or ticket.merged_into is None else ticket.merged_into


def _need_category(h: Hand) -> None:
    if h.ticket.category_id is None:
        raise Invalid(_("工单没有类别，请在重办时选择类别。"), field="category")
