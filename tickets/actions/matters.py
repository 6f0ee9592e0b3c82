"""有报必接, one matter one ticket: merge, unmerge, split, link, follow, amend."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.actors import SYSTEM, Actor
from common.errors import Invalid, NotYours
from common.idempotency import once
from grids.models import Person, Unit
from tickets import keys, standing
from tickets.actions import _born
from tickets.actions._move import Hand, hand, lock
from tickets.actions.reply import close
from tickets.models import Category, Event, Follower, Reporter, Ticket, TicketLink
from tickets.models.assist import AssistState
from tickets.states import OPEN, State, Who
from tickets.texts import check_optional, check_text
from tickets.words import Nature, Origin, Urgency, VerifyBy, WordsKind

TARGETS = frozenset(OPEN) - {State.REPLIED}
"""What a ticket may be merged into: the answer is still to come."""


def merge(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, target: Ticket
) -> Ticket:
    """并单: link and redirect, nothing moved; its reporter follows the target from now on.

    The target must be open and not itself merged: one level, no chains. Whoever followed the
    merged ticket follows the target, too.
    """
    with transaction.atomic():
        _lock_in_order([ticket.pk, target.pk])
        with hand(ticket, "merge", by=by, at=at, seen=seen) as h:
            _check_target(h.ticket, target, by, at)
            h.ticket.merged_into = target
            h.to(State.MERGED)
        if ticket.origin == Origin.RESIDENT:
            Follower.objects.create(
                ticket=target, merged=ticket, reporter=ticket.reporter, started_at=at
            )
        for one in ticket.followers.filter(ended_at=None).order_by("id"):
            Follower.objects.create(ticket=target, via=one, reporter=one.reporter, started_at=at)
        _count_followers(target, by=by, at=at, data={"merged": ticket.pk})
    return ticket


def unmerge(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str = ""
) -> Ticket:
    """取消并单: → ACCEPTED, or REPORTED if it never was accepted; a new cycle."""
    with transaction.atomic():
        target = _lock_with_target(ticket)
        with hand(ticket, "unmerge", by=by, at=at, seen=seen) as h:
            h.say(WordsKind.REASON, check_optional(text))
            h.ticket.merged_into = None
            h.ticket.unit = h.ticket.handler = None
            _born.new_cycle(h.ticket)
            h.to(State.ACCEPTED if _was_accepted(ticket) else State.REPORTED)
        came_along = Q(merged=ticket) | Q(via__ticket=ticket)
        Follower.objects.filter(came_along, ended_at=None).update(ended_at=at)
        if target is not None:
            _count_followers(target, by=by, at=at, data={"unmerged": ticket.pk})
    return ticket


def release_merged(target: Ticket, *, at: datetime) -> None:
    """放开并单: a target that was withdrawn, voided or declined lets its merged tickets go on."""
    for merged in Ticket.objects.filter(merged_into=target, state=State.MERGED).order_by("id"):
        unmerge(merged, by=SYSTEM, at=at)


def lock_with_merged(ticket: Ticket) -> None:
    """锁定并单: a lead and what was merged into it, by ascending id, inside a transaction.

    What was merged while we waited needs another round: the locks are given back first.
    """
    while True:
        point = transaction.savepoint()
        ids = list(_with_merged(ticket).select_for_update())
        if list(_with_merged(ticket)) == ids:
            return
        transaction.savepoint_rollback(point)


def _lock_with_target(ticket: Ticket) -> Ticket | None:
    """The target as it is now, not as the caller knew it; both locked by ascending id."""
    while True:
        target_id = _merged_into(ticket)
        point = transaction.savepoint()
        _lock_in_order([pk for pk in (ticket.pk, target_id) if pk])
        if _merged_into(ticket) == target_id:
            return Ticket.objects.filter(pk=target_id or 0).first()
        transaction.savepoint_rollback(point)


def _merged_into(ticket: Ticket) -> int | None:
    return Ticket.objects.values_list("merged_into_id", flat=True).get(pk=ticket.pk)


def withdraw(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str = ""
) -> Ticket:
    """撤回: by its reporter, before anybody has claimed it; merged ones get on by themselves."""
    with transaction.atomic():
        lock_with_merged(ticket)
        with hand(ticket, "withdraw", by=by, at=at, seen=seen) as h:
            h.say(WordsKind.REASON, check_optional(text))
            h.to(State.WITHDRAWN)
        release_merged(ticket, at=at)
    return ticket


def split(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, text: str
) -> Ticket:
    """拆单: a second matter gets its own ticket; ACCEPTED if the original is, else REPORTED.

    `ticket` keeps its place in the chain; the new one is returned. The reporter's key opens both.
    """
    with transaction.atomic():
        with hand(ticket, "split", by=by, at=at, seen=seen) as h:
            plain = check_text(text)
            new = _copy(h.ticket, at)
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
    with transaction.atomic():
        _lock_in_order([ticket.pk, target.pk])  # the row of the link holds on to both
        with hand(ticket, "link", by=by, at=at, seen=seen) as h:
            if target.pk == ticket.pk:
                raise Invalid(_("不能关联自己，请填另一张工单的编号。"), field="target")
            _check_visible(target, by, at)
            pair = sorted((ticket, target), key=lambda row: row.pk)
            made = TicketLink.objects.get_or_create(ticket=pair[0], other=pair[1])[1]
            if not made:
                raise Invalid(_("这两张工单已经关联。"), field="target")
            h.data["other"] = target.pk
    return ticket


def follow(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None,
    reporter: Reporter | None = None, idempotency_key: str = "",
) -> tuple[Follower, str]:  # fmt: skip
    """关注: "this is mine too"; returns the follower and a key of their own, shown once.

    The same `idempotency_key` again gives the first follower again, without a key.
    """
    token = ""

    def make() -> dict[str, int]:
        nonlocal token
        with hand(ticket, "follow", by=by, at=at, seen=seen) as h:
            _check_new(h.ticket, reporter, by, at)
            if reporter is not None:
                reporter.save()
            follower = Follower.objects.create(ticket=h.ticket, reporter=reporter, started_at=at)
            h.ticket.followers_count += 1
            h.data["follower"] = follower.pk
        token = keys.make_key(ticket, at=at, follower=follower)
        return {"follower": follower.pk}

    with transaction.atomic():
        if idempotency_key:
            said = [ticket.pk, reporter.phone_hash if reporter else ""]
            made = once(by.actor_ref, f"follow:{idempotency_key}", said, at=at, act=make)
        else:
            made = make()
        return Follower.objects.get(pk=made["follower"]), token


def _check_new(ticket: Ticket, reporter: Reporter | None, by: Actor, at: datetime) -> None:
    """Told to the desk only: nobody else may learn whose number stands there."""
    number = reporter.phone_hash if reporter else ""
    if not number or Who.DESK not in standing.of(by, ticket, at=at):
        return
    known = ticket.followers.filter(ended_at=None, reporter__phone_hash=number)
    if (ticket.reporter and ticket.reporter.phone_hash == number) or known.exists():
        raise Invalid(_("这个电话已经登记在这张工单上，不用再登记。"), field="phone")


def amend(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None,
    category: Category | None = None, urgency: str = "", nature: str = "",
    place: _born.Place | None = None, about_unit: Unit | None = None,
    about_person: Person | None = None, text: str = "",
) -> Ticket:  # fmt: skip
    """更正: category, urgency, nature, place, whom it is about; the original stays in the record.

    Clocks keep their start and get the new limits.
    """
    with hand(ticket, "amend", by=by, at=at, seen=seen) as h:
        before = _amendable(h.ticket)
        is_desk = Who.DESK in standing.of(by, h.ticket, at=at)
        h.ticket.urgency = _choice(Urgency, urgency, "urgency") or h.ticket.urgency
        h.ticket.nature = _choice(Nature, nature, "nature") or h.ticket.nature
        _name_concerned(h, about_unit, about_person, is_desk=is_desk)
        _born.categorise(h.ticket, category)
        if place is not None:
            _born.move_place(h.ticket, place, at=at)
            h.say(WordsKind.PLACE, _born.place_words(h.ticket))
        if before == _amendable(h.ticket) and place is None:
            raise Invalid(
                _("没有任何更改，请改动类别、紧急程度、诉求类型或地点。"), field="category"
            )
        if not is_desk:
            h.data["by_unit"] = True
        h.say(WordsKind.REASON, check_optional(text))
        _verify_anew(h)
        h.clocks.recompute(may_lengthen=is_desk)
    return ticket


def _amendable(ticket: Ticket) -> tuple[object, ...]:
    return (
        ticket.category_id, ticket.urgency, ticket.nature, ticket.about_unit_id,
        ticket.about_person_id,
    )  # fmt: skip


def _choice(choices: type[Urgency] | type[Nature], value: str, field: str) -> str:
    if value and value not in choices.values:
        raise Invalid(_("没有“%(value)s”这一项，请从列表中选择。") % {"value": value}, field=field)
    return value


def _name_concerned(h: Hand, unit: Unit | None, person: Person | None, *, is_desk: bool) -> None:
    is_known = unit in (None, h.ticket.about_unit) and person in (None, h.ticket.about_person)
    if is_known:
        return
    if not is_desk:
        raise NotYours(_("被反映的单位和人员由受理员登记。"))
    ticket = h.ticket
    if unit is not None and unit.pk == ticket.unit_id:
        raise Invalid(
            _("工单正在这个单位手中，请先释放并转派，再登记为被反映单位。"), field="about_unit"
        )
    if unit is not None and ticket.assists.filter(unit=unit, state=AssistState.OPEN).exists():
        raise Invalid(_("这个单位正在协办，请先免于协办，再登记为被反映单位。"), field="about_unit")
    ticket.about_unit = unit or ticket.about_unit
    ticket.about_person = person or ticket.about_person
    if ticket.handler is not None and standing.is_concerned(ticket.handler, ticket, h.at):
        field = "about_person" if ticket.about_person == ticket.handler else "about_unit"
        raise Invalid(_("这个人正在处置工单，请先释放，再登记为被反映人。"), field=field)


def _verify_anew(h: Hand) -> None:
    """Who looks at an outcome may change with the category; the turn follows."""
    ticket = h.ticket
    if ticket.state != State.RESOLVED:
        return
    is_undrawn = ticket.is_settled and ticket.unit_id is None and not ticket.is_sampled
    ticket.verify_by = VerifyBy.NONE if is_undrawn else _born.verify_by(ticket)
    h.to(State.RESOLVED)


def _check_target(ticket: Ticket, target: Ticket, by: Person, at: datetime) -> None:
    if target.pk == ticket.pk:
        raise Invalid(_("不能并入自己，请填另一张工单的编号。"), field="target")
    _check_visible(target, by, at)
    now = lock(target)
    if Who.DESK not in standing.of(by, now, at=at):
        raise Invalid(
            _("工单 %(number)s 不归您受理，不能并入。") % {"number": now.number}, field="target"
        )
    if now.state not in TARGETS:
        raise Invalid(
            _("目标工单 %(number)s 现在是“%(state)s”，不能并入；请选一张尚未答复的工单。")
            % {"number": now.number, "state": now.get_state_display()},
            field="target",
        )


def _check_visible(target: Ticket, by: Person, at: datetime) -> None:
    if not Ticket.objects.visible_to(by, at).filter(pk=target.pk).exists():
        raise Invalid(
            _("没有编号为 %(number)s 的工单。") % {"number": target.number}, field="target"
        )


def _count_followers(target: Ticket, *, by: Actor, at: datetime, data: dict[str, int]) -> None:
    """关注数: on the record while the target is open; with nobody left to answer it is closed."""
    now = lock(target)
    count = now.followers.filter(ended_at=None).count()
    if not now.is_open:
        now.followers_count = target.followers_count = count
        now.save(update_fields=["followers_count"])
        return
    with hand(target, "follow", by=by, at=at, is_granted=True) as h:
        h.ticket.followers_count = count
        h.data.update(data)
    if target.state == State.VERIFIED and not target.must_answer:
        close(target, by=SYSTEM, at=at)


def _lock_in_order(ids: list[int]) -> None:
    rows = Ticket.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _with_merged(ticket: Ticket) -> QuerySet[Ticket, int]:
    whole = Q(pk=ticket.pk) | Q(merged_into=ticket, state=State.MERGED)
    return Ticket.objects.filter(whole).order_by("pk").values_list("pk", flat=True)


def _was_accepted(ticket: Ticket) -> bool:
    return Event.objects.filter(ticket=ticket, to_state=State.ACCEPTED).exists()


def _copy(old: Ticket, at: datetime) -> Ticket:
    return Ticket(
        nature=old.nature, source=old.source, origin=old.origin, urgency=old.urgency,
        category_id=old.category_id, verify_by=old.verify_by, is_sensitive=old.is_sensitive,
        is_anonymous=old.is_anonymous, is_on_behalf=old.is_on_behalf,
        reporter_id=old.reporter_id, reporter_person_id=old.reporter_person_id,
        reported_by_id=old.reported_by_id, client_id=old.client_id,
        lat=old.lat, lng=old.lng, datum=old.datum, address=old.address,
        building_id=old.building_id, division_id=old.division_id, community_id=old.community_id,
        subdistrict_id=old.subdistrict_id, is_outside=old.is_outside, reported_at=at,
        about_unit_id=old.about_unit_id, about_person_id=old.about_person_id,
    )  # fmt: skip
