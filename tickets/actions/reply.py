"""有果必复: every outcome is answered. Reply, rate, follow up, reopen, close."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import Gone, Impossible, Invalid, NotYours
from grids.models import Person
from tickets import law, standing
from tickets.actions._born import new_cycle
from tickets.actions._move import Hand, hand
from tickets.keys import ReporterKey
from tickets.models import Follower, Rating, Ticket
from tickets.states import State, Who
from tickets.texts import check_answer, check_text, is_hollow
from tickets.words import Origin, WordsKind

CONTENT_STARS = 3
CLOSED_TOO_LATE = frozenset({State.CLOSED, State.CONTESTED})


def reply(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, final_answer: str,
    override: str = "",
) -> Ticket:  # fmt: skip
    """答复: the desk approves or edits the proposed answer; VERIFIED → REPLIED.

    A hollow answer is refused, unless the shift leader overrides with a reason (counted).
    """
    with hand(ticket, "reply", by=by, at=at, seen=seen) as h:
        plain = check_text(final_answer, field="final_answer")
        if is_hollow(plain, law.hollow_phrases()):
            _override(h, by, plain, override)
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
    Raises `Gone` when the window is over or this rater has rated.
    """
    if stars not in range(1, 6):
        raise Invalid(_("请选择 1 到 5 星。"), field="stars")
    lead = _lead(ticket, by)
    if lead.state in CLOSED_TOO_LATE:
        raise Gone(_("评价已结束。如问题仍未解决, 请拨打 12345。"))
    with hand(lead, "rate", by=by, at=at, seen=seen) as h:
        follower = _follower(h.ticket, by)
        rating = Rating(
            ticket=h.ticket, cycle=h.ticket.cycle, follower=follower, stars=stars,
            is_solved=is_solved, reason_code=rate_reason, wants_call=wants_call, at=at,
            is_by_phone=isinstance(by, Person) and Who.DESK in standing.of(by, h.ticket),
        )  # fmt: skip
        _insert(rating)
        h.data.update(stars=stars, solved=is_solved, call=wants_call)
        h.data.update({"reason": rate_reason} if rate_reason else {})
        h.say(WordsKind.COMMENT, comment.strip())
        if not is_solved or stars < CONTENT_STARS:
            h.ticket.contests += 1
            h.to(State.CONTESTED)
        elif _all_rated(h.ticket):
            h.to(State.CLOSED)
    if lead is not ticket and lead.pk == ticket.pk:
        ticket.__dict__.update(lead.__dict__)
    return lead


def follow_up(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, is_reached: bool,
    note: str = "",
) -> Ticket:  # fmt: skip
    """回访: a call by somebody who neither handled nor replied."""
    with hand(ticket, "follow_up", by=by, at=at, seen=seen) as h:
        h.data["reached"] = is_reached
        h.say(WordsKind.NOTE, note.strip())
    return ticket


def reopen(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, reason: str, text: str
) -> Ticket:
    """重办: a new cycle from ACCEPTED, dispatched by hand; the former unit is proposed."""
    law.reason("reopen", reason)
    with hand(ticket, "reopen", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.REASON, check_text(text))
        h.data["reason"] = reason
        new_cycle(h.ticket)
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
            raise Impossible(_("还没有答复诉求人, 不能结案。"))
        if h.ticket.state == State.REPLIED and h.ticket.due_at and at < h.ticket.due_at:
            raise Impossible(_("评价期还没有结束, 不能结案。"))
        h.to(State.CLOSED)
    return ticket


def _override(h: Hand, by: Person, text: str, reason: str) -> None:
    if Who.SHIFT not in standing.of(by, h.ticket) or not reason.strip():
        check_answer(text, field="final_answer")
    h.data["hollow_override"] = True
    h.say(WordsKind.REASON, reason.strip())


def _lead(ticket: Ticket, by: Actor) -> Ticket:
    if isinstance(by, ReporterKey) and ticket.merged_into is not None:
        return ticket.merged_into
    return ticket


def _follower(ticket: Ticket, by: Actor) -> Follower | None:
    """None: the reporter's own rating (also when the desk records it)."""
    if not isinstance(by, ReporterKey):
        return None
    if by.ticket_id != ticket.pk:
        found = ticket.followers.filter(merged_id=by.ticket_id, ended_at=None).first()
    elif by.follower_id is not None:
        found = ticket.followers.filter(pk=by.follower_id, ended_at=None).first()
    else:
        return None
    if found is None:
        raise NotYours(_("您已不再关注这张工单。"))
    return found


def _insert(rating: Rating) -> None:
    try:
        with transaction.atomic():
            rating.save()
    except IntegrityError as error:
        raise Gone(_("您已经评价过, 每次办理只评价一次。")) from error


def _all_rated(ticket: Ticket) -> bool:
    raters = int(ticket.origin == Origin.RESIDENT)
    raters += ticket.followers.filter(ended_at=None).count()
    return ticket.ratings.filter(cycle=ticket.cycle).count() >= raters


def _need_category(h: Hand) -> None:
    if h.ticket.category_id is None:
        raise Invalid(_("工单没有类别, 请先更正类别再重办。"), field="category")
