"""有报必接, one matter one ticket: merge, unmerge, split, link, follow, amend."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import SYSTEM, Actor
from common.errors import Impossible, Invalid, NotVisible
from grids.models import Person
from tickets import keys
from tickets.actions import _born
from tickets.actions._move import hand, lock
from tickets.models import Category, Event, Follower, Reporter, Ticket, TicketLink
from tickets.states import State
from tickets.texts import check_text
from tickets.words import WordsKind

OPEN_TARGET = frozenset(
    {State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.HANDLING, State.SUSPENDED}
)


def merge(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, target: Ticket
) -> Ticket:
    """并单: link and redirect, nothing moved; its reporter follows the target from now on.

    The target must be open and not itself merged: one level, no chains.
    """
    if target.pk == ticket.pk:
        raise Invalid(_("不能并入自己, 请填另一张工单的编号。"), field="target")
    with transaction.atomic():
        for pk in sorted((ticket.pk, target.pk)):  # lock order: ascending id
            Ticket.objects.select_for_update().get(pk=pk)
        _check_target(target, by)
        with hand(ticket, "merge", by=by, at=at, seen=seen) as h:
            h.ticket.merged_into = target
            h.to(State.MERGED)
        if ticket.must_answer:
            Follower.objects.create(
                ticket=target, merged=ticket, reporter=ticket.reporter, started_at=at
            )
        _count_followers(target, "follow", by=by, at=at, data={"merged": ticket.pk})
    return ticket


def unmerge(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str = ""
) -> Ticket:
    """取消并单: → ACCEPTED, or REPORTED if it never was accepted; a new cycle."""
    with transaction.atomic():
        target = Ticket.objects.get(pk=ticket.merged_into_id) if ticket.merged_into_id else None
        for pk in sorted(row.pk for row in (ticket, target) if row is not None):
            Ticket.objects.select_for_update().get(pk=pk)
        with hand(ticket, "unmerge", by=by, at=at, seen=seen) as h:
            h.say(WordsKind.REASON, text.strip())
            h.ticket.merged_into = None
            h.ticket.unit = h.ticket.handler = None
            _born.new_cycle(h.ticket)
            h.to(State.ACCEPTED if _was_accepted(ticket) else State.REPORTED)
        Follower.objects.filter(merged=ticket, ended_at=None).update(ended_at=at)
        if target is not None:
            _count_followers(target, "follow", by=by, at=at, data={"unmerged": ticket.pk})
    return ticket


def release_merged(target: Ticket, *, at: datetime) -> None:
    """放开并单: a target that was withdrawn, voided or declined lets its merged tickets go on."""
    for merged in Ticket.objects.filter(merged_into=target, state=State.MERGED).order_by("id"):
        unmerge(merged, by=SYSTEM, at=at)


def withdraw(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str = ""
) -> Ticket:
    """撤回: by its reporter, before anybody has claimed it; merged ones get on by themselves."""
    with transaction.atomic():
        with hand(ticket, "withdraw", by=by, at=at, seen=seen) as h:
            h.say(WordsKind.REASON, text.strip())
            h.to(State.WITHDRAWN)
        release_merged(ticket, at=at)
    return ticket


def split(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, text: str
) -> Ticket:
    """拆单: a second matter gets its own ticket; ACCEPTED if the original is, else REPORTED.

    `ticket` keeps its place in the chain; the new one is returned.
    """
    plain = check_text(text)
    with transaction.atomic():
        with hand(ticket, "split", by=by, at=at, seen=seen) as h:
            new = _copy(h.ticket, by, at)
            state = State.REPORTED if h.ticket.state == State.REPORTED else State.ACCEPTED
            _born.bear(
                new, "split", by=by, at=at, state=state, text=plain, data={"from": ticket.pk}
            )
            h.data["ticket"] = new.pk
        TicketLink.objects.create(ticket=ticket, other=new, is_split=True)
    return new


def link(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, target: Ticket
) -> Ticket:
    """关联: two tickets have to do with each other; nothing else changes."""
    if target.pk == ticket.pk:
        raise Invalid(_("不能关联自己, 请填另一张工单的编号。"), field="target")
    with hand(ticket, "link", by=by, at=at, seen=seen) as h:
        pair = sorted((ticket, target), key=lambda row: row.pk)
        made = TicketLink.objects.get_or_create(ticket=pair[0], other=pair[1])[1]
        if not made:
            raise Invalid(_("这两张工单已经关联。"), field="target")
        h.data["other"] = target.pk
    return ticket


def follow(
    ticket: Ticket, *, by: Actor, at: datetime, reporter: Reporter | None = None
) -> tuple[Follower, str]:
    """关注: "this is mine too"; returns the follower and a key of their own, shown once."""
    with transaction.atomic():
        with hand(ticket, "follow", by=by, at=at) as h:
            if reporter is not None:
                reporter.save()
            follower = Follower.objects.create(ticket=h.ticket, reporter=reporter, started_at=at)
            h.ticket.followers_count += 1
            h.data["follower"] = follower.pk
        return follower, keys.make_key(ticket, at=at, follower=follower)


def amend(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None,
    category: Category | None = None, urgency: str = "", nature: str = "",
    place: _born.Place | None = None, text: str = "",
) -> Ticket:  # fmt: skip
    """更正: category, urgency, nature, place; the original stays in the record.

    Clocks keep their start and get the new limits.
    """
    with hand(ticket, "amend", by=by, at=at, seen=seen) as h:
        before = (h.ticket.category_id, h.ticket.urgency, h.ticket.nature)
        if category is not None:
            _born.categorise(h.ticket, category)
        h.ticket.urgency = urgency or h.ticket.urgency
        h.ticket.nature = nature or h.ticket.nature
        if place is not None:
            _born.settle_place(h.ticket, place)
            h.say(
                WordsKind.PLACE,
                _born.record.place_text(h.ticket.lat, h.ticket.lng, h.ticket.address),
            )
        after = (h.ticket.category_id, h.ticket.urgency, h.ticket.nature)
        if before == after and place is None:
            raise Invalid(
                _("没有任何更改, 请改动类别、紧急程度、诉求类型或地点。"), field="category"
            )
        h.say(WordsKind.REASON, text.strip())
        h.clocks.recompute()
    return ticket


def _check_target(target: Ticket, by: Person) -> None:
    now = lock(target)
    if not Ticket.objects.visible_to(by).filter(pk=target.pk).exists():
        raise NotVisible(_("没有编号为 %(number)s 的工单。") % {"number": target.number})
    if now.state not in OPEN_TARGET:
        raise Impossible(
            _("目标工单 %(number)s 现在是“%(state)s”, 不能并入; 请选一张未办结的工单。")
            % {"number": now.number, "state": now.get_state_display()}
        )


def _count_followers(
    target: Ticket, verb: str, *, by: Actor, at: datetime, data: dict[str, int]
) -> None:
    if not lock(target).is_open:
        return
    with hand(target, verb, by=by, at=at) as h:
        h.ticket.followers_count = h.ticket.followers.filter(ended_at=None).count()
        h.data.update(data)


def _was_accepted(ticket: Ticket) -> bool:
    return Event.objects.filter(ticket=ticket, to_state=State.ACCEPTED).exists()


def _copy(old: Ticket, by: Person, at: datetime) -> Ticket:
    return Ticket(
        nature=old.nature, source=old.source, origin=old.origin, urgency=old.urgency,
        category_id=old.category_id, verify_by=old.verify_by, is_sensitive=old.is_sensitive,
        is_anonymous=old.is_anonymous, is_on_behalf=old.is_on_behalf,
        reporter_id=old.reporter_id, reporter_person_id=old.reporter_person_id, reported_by=by,
        lat=old.lat, lng=old.lng, datum=old.datum, address=old.address,
        building_id=old.building_id, division_id=old.division_id, community_id=old.community_id,
        subdistrict_id=old.subdistrict_id, is_outside=old.is_outside, reported_at=at,
        about_unit_id=old.about_unit_id, about_person_id=old.about_person_id,
    )  # fmt: skip
