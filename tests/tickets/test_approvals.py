"""审批: who asks, who countersigns, who decides, and what a pending request does."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from grids.models import Post, PostKind
from tests.tickets.steps import (
    DAY,
    HOUR,
    clock,
    fresh,
    grant,
    last,
    not_visible,
    not_yours,
    now_impossible,
    request,
    resolve,
    said,
    sent_back,
)
from tests.world import World
from tickets import actions
from tickets.models import Approval, ApprovalRule, Clock, Ticket
from tickets.states import State
from tickets.words import Promise, WordsKind


def extend(world: World, ticket: Ticket, *, at: datetime | None = None, days: int = 3) -> Ticket:
    return actions.extend(
        ticket, by=world.handler, at=at or world.at, days=days, reason="MATERIAL", text="等材料"
    )


def void(world: World, ticket: Ticket, **given: Any) -> Ticket:
    values: dict[str, Any] = {
        "by": world.desk,
        "at": world.at,
        "reason": "DUPLICATE",
        "text": "重复",
    }
    return actions.void(ticket, **values | given)


# --- ask 提出


def test_a_request_changes_neither_state_nor_clock(world: World) -> None:
    ticket = world.handled()
    before = clock(ticket, Promise.RESOLVE).due_at
    extend(world, ticket)
    assert (ticket.state, ticket.has_request) == (State.HANDLING, True)
    assert (clock(ticket, Promise.RESOLVE).state, ticket.due_at) == ("RUNNING", before)
    assert last(ticket).data["days"] == 3


def test_one_request_is_pending_at_a_time(world: World) -> None:
    ticket = extend(world, world.handled())
    with now_impossible("已有一项审批未决"):
        void(world, ticket)
    actions.refuse(request(ticket), by=world.head, at=world.at, text="来得及")
    void(world, fresh(ticket))


@pytest.mark.parametrize(
    ("name", "may"), [("handler", True), ("desk", True), ("clerk", False), ("head", False)]
)
def test_the_holder_of_the_turn_or_the_desk_asks(world: World, name: str, may: bool) -> None:
    ticket, person = world.handled(), world.people[name]
    if may:
        void(world, ticket, by=person)
        assert request(ticket).asked_by == person
        return
    with not_yours("处置人员"):
        void(world, ticket, by=person)


@pytest.mark.parametrize("name", ["clerk", "handler", "head"])
def test_before_anybody_signed_the_turn_is_the_units(world: World, name: str) -> None:
    ticket = world.dispatched()
    actions.send_back(
        ticket, by=world.people[name], at=world.at, reason="NOT_HERE", text="不在辖区"
    )
    assert request(ticket).asked_by == world.people[name]


def test_the_grid_worker_whose_turn_it_is_may_ask_to_void(world: World) -> None:
    ticket = world.resolved()
    with not_yours("网格员"):
        void(world, ticket, by=world.handler)
    void(world, ticket, by=world.grid_worker)


# --- countersign 会签, grant 同意, refuse 驳回


def test_the_head_countersigns_before_anybody_decides(world: World) -> None:
    ticket = extend(world, world.handled())
    with now_impossible("先会签"):
        actions.grant(request(ticket), by=world.shift_leader, at=world.at)
    with not_yours("单位负责人"):
        actions.countersign(request(ticket), by=world.clerk, at=world.at)
    actions.countersign(request(ticket), by=world.head, at=world.at)
    actions.grant(request(ticket), by=world.shift_leader, at=world.at)
    assert request(ticket).state == "GRANTED"


def test_without_a_unit_nobody_countersigns(world: World) -> None:
    void(world, world.reported())
    assert not Approval.objects.get().needs_countersign


def test_a_head_who_handles_it_does_not_countersign(world: World) -> None:
    ticket = world.dispatched()
    actions.assign(ticket, by=world.head, at=world.at, handler=world.head)
    void(world, ticket)
    assert not request(ticket).needs_countersign
    with not_yours("会签"):
        actions.countersign(request(ticket), by=world.head, at=world.at)


def test_the_head_may_refuse_instead_of_countersigning(world: World) -> None:
    ticket = extend(world, world.handled())
    actions.refuse(request(ticket), by=world.head, at=world.at, text="来得及")
    assert (request(ticket).state, fresh(ticket).has_request) == ("REFUSED", False)
    assert said(ticket, WordsKind.REASON)[-1] == "来得及"


@pytest.mark.parametrize("name", ["desk", "leader", "district_desk", "head", "handler"])
def test_only_the_post_of_the_rule_decides(world: World, name: str) -> None:
    ticket = extend(world, world.handled())
    actions.countersign(request(ticket), by=world.head, at=world.at)
    with not_yours("值班长"):
        actions.grant(request(ticket), by=world.people[name], at=world.at)
    grant(world, ticket)


def test_the_asker_never_decides_and_it_rises_when_nobody_else_can(world: World) -> None:
    ticket = void(world, world.reported(), by=world.shift_leader)
    assert request(ticket).level == "DISTRICT"
    with not_yours("申请人"):
        actions.grant(request(ticket), by=world.shift_leader, at=world.at)
    actions.grant(request(ticket), by=world.district_desk, at=world.at)
    assert fresh(ticket).state == State.VOIDED


def test_the_handler_never_decides_and_it_rises_when_nobody_else_can(world: World) -> None:
    Post.objects.create(person=world.handler, kind=PostKind.LEADER, division=world.places["street"])
    Post.objects.filter(person=world.leader).update(is_active=False)
    ticket = void(world, world.handled())
    actions.countersign(request(ticket), by=world.head, at=world.at)
    with not_yours("处置人员"):
        actions.grant(request(ticket), by=world.again("handler"), at=world.at)
    actions.grant(request(ticket), by=world.district_leader, at=world.at)


def test_with_another_holder_of_the_post_it_stays_in_the_street(world: World) -> None:
    Post.objects.create(
        person=world.other_desk, kind=PostKind.SHIFT_LEADER, division=world.places["street"]
    )
    ticket = void(world, world.reported(), by=world.shift_leader)
    actions.grant(request(ticket), by=world.again("other_desk"), at=world.at)
    assert request(ticket).level == "SUBDISTRICT"


def test_an_overdue_request_rises_and_is_never_decided_by_the_clock(world: World) -> None:
    ticket = void(world, world.reported())
    due_at = request(ticket).due_at
    assert due_at == world.at + 2 * HOUR
    with not_yours("值班长"):
        actions.grant(request(ticket), by=world.district_desk, at=due_at - HOUR)
    assert request(ticket).state == "PENDING"
    actions.grant(request(ticket), by=world.district_desk, at=due_at)


def test_a_stranger_does_not_learn_of_a_request(world: World) -> None:
    ticket = void(world, world.reported())
    with not_visible():
        actions.grant(request(ticket), by=world.far_handler, at=world.at)


def test_the_one_concerned_decides_nothing(world: World) -> None:
    ticket = world.reported()
    actions.amend(ticket, by=world.desk, at=world.at, about_person=world.shift_leader)
    void(world, ticket)
    assert request(ticket).level == "DISTRICT"
    with not_visible():
        actions.grant(request(ticket), by=world.shift_leader, at=world.at)


# --- the rules


def test_a_suspension_is_the_leaders(world: World) -> None:
    ticket = world.handled()
    day = (world.at + 7 * DAY).date()
    actions.suspend(
        ticket, by=world.handler, at=world.at, resume_on=day, reason="BUDGET", text="等预算"
    )
    with not_yours("领导"):
        grant(world, ticket)
    assert grant(world, ticket, by=world.leader).state == State.SUSPENDED


def test_a_second_extension_is_the_leaders(world: World) -> None:
    ticket = grant(world, extend(world, world.handled()))
    extend(world, ticket)
    assert request(ticket).decided_by == PostKind.LEADER


@pytest.mark.parametrize(("step", "post"), [("dispatched", "SHIFT_LEADER"), ("handled", "LEADER")])
def test_a_void_after_signing_is_the_leaders(world: World, step: str, post: str) -> None:
    ticket = void(world, getattr(world, step)())
    assert request(ticket).decided_by == post


def test_a_void_after_signing_stays_the_leaders_when_released(world: World) -> None:
    ticket = world.handled()
    actions.release(ticket, by=world.handler, at=world.at, text="调休")
    assert request(void(world, ticket)).decided_by == "LEADER"


def test_a_second_return_is_the_districts(world: World) -> None:
    ticket = sent_back(world, world.handled())
    actions.dispatch(ticket, by=world.desk, at=world.at, unit=world.units["squad"])
    actions.send_back(ticket, by=world.clerk, at=world.at, reason="NOT_OURS", text="也不归我们")
    with not_yours("值班长"):
        grant(world, ticket, by=world.shift_leader)
    assert grant(world, ticket, by=world.district_shift_leader).returns == 2


def test_without_a_rule_nothing_can_be_asked(world: World) -> None:
    ticket = world.reported()
    ApprovalRule.objects.filter(kind="void").delete()
    with pytest.raises(Exception, match="审批规则表"):
        void(world, ticket)


# --- what a granted request does


def test_after_a_granted_return_a_person_dispatches(world: World) -> None:
    ticket = sent_back(world, world.handled())
    assert (ticket.state, ticket.unit, ticket.handler) == (State.ACCEPTED, None, None)
    assert (ticket.returns, ticket.needs_hand) == (1, True)
    with now_impossible("人工派单"):
        actions.route(ticket, at=world.at)


def test_the_window_of_a_return_is_one_working_day(world: World) -> None:
    ticket = world.dispatched()
    with now_impossible("已过退单时限"):
        actions.send_back(
            ticket, by=world.clerk, at=world.at + DAY + timedelta(minutes=1), reason="NOT_OURS",
            text="错派",
        )  # fmt: skip
    actions.send_back(ticket, by=world.clerk, at=world.at + DAY, reason="NOT_OURS", text="错派")


def test_the_window_of_an_urgent_return_is_two_working_hours(world: World) -> None:
    ticket = world.dispatched(category=world.categories["manhole"])
    with now_impossible("已过退单时限"):
        actions.send_back(
            ticket, by=world.clerk, at=world.at + 2.1 * HOUR, reason="NOT_OURS", text="错派"
        )
    actions.send_back(ticket, by=world.clerk, at=world.at + 2 * HOUR, reason="NOT_OURS", text="错")


def test_an_extension_adds_working_days(world: World) -> None:
    ticket = world.handled()
    before = [clock(ticket, promise).due_at for promise in (Promise.RESOLVE, Promise.TOTAL)]
    ticket = grant(world, extend(world, ticket, days=3))
    after = [clock(ticket, promise).due_at for promise in (Promise.RESOLVE, Promise.TOTAL)]
    assert after == [due_at + 3 * DAY for due_at in before]
    assert ticket.extensions == 1


def test_after_the_deadline_no_extension_is_asked(world: World) -> None:
    ticket = world.handled()
    due_at = clock(ticket, Promise.RESOLVE).due_at
    with now_impossible("办结时限已到"):
        extend(world, ticket, at=due_at)
    extend(world, ticket, at=due_at - HOUR)


def test_a_suspension_whose_day_has_passed_is_not_granted(world: World) -> None:
    ticket = world.handled()
    actions.suspend(ticket, by=world.handler, at=world.at, reason="BUDGET", text="等",
                    resume_on=(world.at + DAY).date())  # fmt: skip
    with now_impossible("恢复日期已过"):
        grant(world, ticket, by=world.leader, at=world.at + DAY)


@pytest.mark.parametrize("days", [0, 367])
def test_a_suspension_ends_tomorrow_or_within_a_year(world: World, days: int) -> None:
    ticket = world.handled()
    with pytest.raises(Exception, match="一年以内"):
        actions.suspend(ticket, by=world.handler, at=world.at, reason="BUDGET", text="等",
                        resume_on=(world.at + days * DAY).date())  # fmt: skip


def test_a_void_is_never_granted_once_an_outcome_was_verified(world: World) -> None:
    ticket = world.replied()
    actions.rate(ticket, by=world.desk, at=world.at, stars=1, is_solved=False)
    actions.reopen(ticket, by=world.desk, at=world.at, reason="NOT_SOLVED", text="没有解决")
    with now_impossible("已经核查过"):
        void(world, ticket)


# --- pending


def test_another_change_of_state_supersedes_it(world: World) -> None:
    ticket = extend(world, world.handled())
    asked = request(ticket)
    resolve(world, ticket)
    assert (request(ticket).state, ticket.has_request) == ("SUPERSEDED", False)
    with now_impossible("已失效"):
        actions.grant(asked, by=world.shift_leader, at=world.at)


def test_a_grant_removes_the_breach_of_what_ran_out_meanwhile(world: World) -> None:
    ticket = world.handled()
    due_at = clock(ticket, Promise.RESOLVE).due_at
    void(world, ticket, at=due_at - HOUR)
    grant(world, ticket, by=world.leader, at=due_at + HOUR)
    assert clock(ticket, Promise.RESOLVE).breached_at is None


def test_any_other_end_writes_it_with_the_original_due_time(world: World) -> None:
    ticket = world.handled()
    due_at = clock(ticket, Promise.RESOLVE).due_at
    extend(world, ticket, at=due_at - HOUR)
    actions.refuse(request(ticket), by=world.head, at=due_at + HOUR, text="来得及")
    resolve(world, fresh(ticket), at=due_at + 2 * HOUR)
    actions.verify(fresh(ticket), by=world.grid_worker, at=due_at + 2 * HOUR)
    assert clock(ticket, Promise.RESOLVE).breached_at == due_at


def test_what_was_overdue_before_it_was_asked_stays_a_breach(world: World) -> None:
    ticket = world.handled()
    due_at = clock(ticket, Promise.RESOLVE).due_at
    void(world, ticket, at=due_at + HOUR)
    grant(world, ticket, by=world.leader, at=due_at + 2 * HOUR)
    assert Clock.objects.get(ticket=ticket, promise=Promise.RESOLVE).breached_at == due_at


def test_an_extension_granted_late_moves_the_deadline(world: World) -> None:
    ticket = world.handled()
    due_at = clock(ticket, Promise.RESOLVE).due_at
    extend(world, ticket, at=due_at - HOUR)
    ticket = grant(world, ticket, at=due_at + HOUR)
    # asked in time, it counts from the grant
    assert clock(ticket, Promise.RESOLVE).due_at == due_at + HOUR + 3 * DAY
    assert clock(ticket, Promise.RESOLVE).breached_at is None
