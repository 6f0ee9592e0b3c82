"""The clocks of real tickets: legs, laps, pauses, breaches and whom they are charged to."""

from datetime import timedelta

import pytest

from common.actors import SYSTEM
from tests.tickets.steps import (
    DAY,
    HOUR,
    again,
    clock,
    contested,
    fresh,
    grant,
    handled_with_key,
    resolve,
    rework,
    running,
    sent_back,
    states,
    suspended,
)
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Assist, Clock, Pause
from tickets.words import Promise

P = Promise


def test_the_straight_way_runs_the_clock_of_each_state(world: World) -> None:
    ticket = world.reported()
    seen = [running(ticket)]
    actions.accept(ticket, by=world.desk, at=world.at)
    seen.append(running(ticket))
    actions.route(ticket, at=world.at)
    seen.append(running(ticket))
    actions.claim(ticket, by=world.handler, at=world.at)
    seen.append(running(ticket))
    assert seen == [
        {P.ACCEPT, P.TOTAL},
        {P.DISPATCH, P.TOTAL},
        {P.CLAIM, P.RESOLVE, P.TOTAL},
        {P.RESOLVE, P.TOTAL},
    ]


def test_from_the_outcome_on_the_clock_of_each_state_runs(world: World) -> None:
    ticket, token = handled_with_key(world)
    resolve(world, ticket)
    seen = [running(ticket)]
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    seen.append(running(ticket))
    actions.reply(ticket, by=world.desk, at=world.at, final_answer=ANSWER)
    seen.append(running(ticket))
    actions.rate(ticket, by=world.key_of(token), at=world.at, stars=1, is_solved=False)
    seen.append(running(ticket))
    assert seen == [{P.VERIFY, P.TOTAL}, {P.REPLY, P.TOTAL}, {P.RATE}, {P.FOLLOW_UP}]


def test_an_ended_ticket_has_no_open_clock(world: World) -> None:
    ticket = contested(world)
    actions.uphold(ticket, by=world.desk, at=world.at, answer=ANSWER)
    assert not Clock.objects.filter(ticket=ticket, ended_at=None).exists()


def test_the_due_date_is_the_earliest_running_clock_of_the_lead(world: World) -> None:
    ticket = world.dispatched()
    actions_due = clock(ticket, P.CLAIM).due_at
    assert ticket.due_at == actions_due < clock(ticket, P.RESOLVE).due_at


def test_an_urgent_ticket_promises_an_arrival(world: World) -> None:
    ticket = world.dispatched(category=world.categories["manhole"])
    assert clock(ticket, P.ARRIVE).due_at == world.at + HOUR / 2


def test_a_redirect_gives_the_next_unit_a_full_leg(world: World) -> None:
    ticket = world.dispatched()
    later = world.at + 3 * HOUR
    actions.redirect(ticket, by=world.desk, at=later, unit=world.units["office"], text="应由街道")
    assert states(ticket, P.RESOLVE) == ["CANCELLED", "RUNNING"]
    assert (clock(ticket, P.RESOLVE).started_at, clock(ticket, P.RESOLVE).leg) == (later, 2)


def test_a_granted_return_gives_the_next_unit_a_full_leg(world: World) -> None:
    ticket = sent_back(world, world.handled())
    actions.dispatch(ticket, by=world.desk, at=world.at + HOUR, unit=world.units["office"])
    assert states(ticket, P.RESOLVE) == ["CANCELLED", "RUNNING"]
    assert clock(ticket, P.RESOLVE).started_at == world.at + HOUR


def test_rework_keeps_the_clock_and_gives_back_the_time_of_the_look(world: World) -> None:
    ticket = world.resolved()
    before = clock(ticket, P.RESOLVE)
    actions.rework(ticket, by=world.grid_worker, at=world.at + HOUR, reason="NOT_DONE", text="还在")
    after = clock(ticket, P.RESOLVE)
    assert (before.pk, before.due_at + HOUR, before.started_at) == (
        after.pk, after.due_at, after.started_at,
    )  # fmt: skip
    assert states(ticket, P.RESOLVE) == ["RUNNING"]


def test_a_second_look_is_a_second_lap(world: World) -> None:
    ticket = world.resolved()
    rework(world, ticket)
    resolve(world, ticket)
    laps = Clock.objects.filter(ticket=ticket, promise=P.VERIFY).values_list("lap", flat=True)
    assert sorted(laps) == [1, 2]


def test_verification_meets_resolve_as_of_the_outcome(world: World) -> None:
    ticket = world.resolved()
    actions.verify(ticket, by=world.grid_worker, at=world.at + 4 * HOUR)
    assert clock(ticket, P.RESOLVE).ended_at == world.at


def test_total_goes_on_through_return_rework_and_release(world: World) -> None:
    ticket = sent_back(world, world.handled())
    actions.dispatch(ticket, by=world.desk, at=world.at, unit=world.units["squad"])
    actions.claim(ticket, by=world.handler, at=world.at)
    actions.release(ticket, by=world.handler, at=world.at, text="换人")
    assert states(ticket, P.TOTAL) == ["RUNNING"]


def test_a_reopened_ticket_begins_a_new_cycle(world: World) -> None:
    ticket = contested(world)
    actions.reopen(ticket, by=world.desk, at=world.at + DAY, reason="NOT_SOLVED", text="没解决")
    total = clock(ticket, P.TOTAL)
    assert (ticket.cycle, total.cycle, total.started_at) == (2, 2, world.at + DAY)
    assert running(ticket) == {P.DISPATCH, P.TOTAL}


def test_an_objection_begins_a_new_cycle(world: World) -> None:
    ticket, token = world.reported_with_key()
    actions.decline(ticket, by=world.desk, at=world.at, reason="EMERGENCY", answer="已转 119")
    actions.object(ticket, by=world.key_of(token), at=world.at + HOUR, text="已经不是火警")
    assert (ticket.cycle, running(ticket)) == (2, {P.ACCEPT, P.TOTAL})


def test_an_unmerged_ticket_begins_a_new_cycle(world: World) -> None:
    lead, ticket = world.accepted(), world.accepted()
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    actions.unmerge(ticket, by=world.desk, at=world.at + HOUR)
    assert (ticket.cycle, running(ticket)) == (2, {P.DISPATCH, P.TOTAL})


def test_a_suspension_pauses_resolve_and_total(world: World) -> None:
    ticket = suspended(world)
    assert running(ticket) == {P.SUSPEND}
    assert set(Pause.objects.values_list("clock__promise", flat=True)) == {P.RESOLVE, P.TOTAL}


def test_a_suspension_pauses_open_assists_too(world: World) -> None:
    ticket = world.handled()
    actions.enlist(
        ticket, by=world.handler, at=world.at, unit=world.units["office"], question="请协助"
    )
    day = (world.at + 7 * DAY).date()
    actions.suspend(
        ticket, by=world.handler, at=world.at, resume_on=day, reason="BUDGET", text="等预算"
    )
    grant(world, ticket, by=world.leader)
    assert states(ticket, P.ASSIST) == ["PAUSED"]


def test_a_resumption_ends_the_pauses(world: World) -> None:
    ticket = suspended(world)
    actions.resume(ticket, by=world.desk, at=world.at + DAY)
    assert {pause.ended_at for pause in Pause.objects.all()} == {world.at + DAY}
    assert running(ticket) == {P.RESOLVE, P.TOTAL}


def test_an_outcome_pauses_resolve_and_rework_ends_the_pause(world: World) -> None:
    ticket = world.resolved()
    assert states(ticket, P.RESOLVE) == ["PAUSED"]
    actions.rework(ticket, by=world.grid_worker, at=world.at + HOUR, reason="NOT_DONE", text="还在")
    assert [pause.ended_at for pause in Pause.objects.all()] == [world.at + HOUR]


def test_a_suspended_ticket_is_due_on_the_day_it_comes_back(world: World) -> None:
    ticket = suspended(world)
    assert ticket.due_at == ticket.resume_at == world.at.replace(day=30)


def test_an_amendment_keeps_the_start_and_takes_the_new_limit(world: World) -> None:
    ticket = world.handled()
    actions.amend(ticket, by=world.desk, at=world.at + HOUR, urgency="URGENT")
    resolving = clock(ticket, P.RESOLVE)
    assert (resolving.started_at, resolving.due_at) == (world.at, world.at + DAY)


def test_an_amendment_leaves_the_date_the_reporter_was_told(world: World) -> None:
    ticket = world.handled()
    told = clock(ticket, P.TOTAL).due_at
    actions.amend(ticket, by=world.desk, at=world.at + HOUR, urgency="URGENT")
    assert clock(ticket, P.TOTAL).due_at == told


def test_an_amendment_makes_no_breach_nobody_could_have_avoided(world: World) -> None:
    ticket = world.handled()
    late = world.at + 2 * DAY  # past the urgent limit, long before the ordinary one
    actions.amend(ticket, by=world.desk, at=late, urgency="URGENT")
    assert clock(ticket, P.RESOLVE).due_at == late + DAY


def test_what_is_overdue_is_not_cured_by_an_amendment(world: World) -> None:
    ticket = world.handled(category=world.categories["manhole"])
    due_at = clock(ticket, P.RESOLVE).due_at
    actions.amend(ticket, by=world.desk, at=due_at + HOUR, urgency="NORMAL")
    assert clock(ticket, P.RESOLVE).due_at == due_at


def test_a_ticket_that_becomes_urgent_promises_an_arrival(world: World) -> None:
    ticket = world.handled()
    actions.amend(ticket, by=world.desk, at=world.at + HOUR, urgency="URGENT")
    assert clock(ticket, P.ARRIVE).due_at == world.at + HOUR * 1.5


def test_a_ticket_that_is_urgent_no_more_promises_no_arrival(world: World) -> None:
    ticket = world.handled(category=world.categories["manhole"])
    actions.amend(ticket, by=world.desk, at=world.at, urgency="NORMAL")
    assert states(ticket, P.ARRIVE) == ["CANCELLED"]


def test_a_breach_is_the_instant_of_the_due_date(world: World) -> None:
    ticket = world.handled()
    due_at = clock(ticket, P.RESOLVE).due_at
    late = due_at + HOUR
    resolve(world, ticket, at=late)
    actions.verify(ticket, by=world.grid_worker, at=late + HOUR)
    assert clock(ticket, P.RESOLVE).breached_at == due_at


def test_in_time_is_no_breach_however_long_the_verification_took(world: World) -> None:
    ticket = world.resolved()
    late = clock(ticket, P.RESOLVE).due_at + DAY
    actions.verify(ticket, by=world.grid_worker, at=late)
    assert clock(ticket, P.RESOLVE).breached_at is None


def test_a_clock_that_stood_still_is_not_broken_when_it_is_cancelled(world: World) -> None:
    ticket = world.resolved()
    late = clock(ticket, P.RESOLVE).due_at + DAY
    actions.void(ticket, by=world.desk, at=late, reason="DUPLICATE", text="重复")
    grant(world, ticket, by=world.leader, at=late + HOUR)
    assert states(ticket, P.RESOLVE) == ["CANCELLED"]
    assert clock(ticket, P.RESOLVE).breached_at is None


def test_a_breach_is_charged_to_who_held_the_ticket_then(world: World) -> None:
    ticket = world.handled()
    late = clock(ticket, P.RESOLVE).due_at + HOUR
    actions.hand_over(ticket, by=world.handler, at=late, handler=world.other_handler)
    actions.resolve(
        ticket, by=world.other_handler, at=late + HOUR, result="DONE", note="清",
        proposed_answer=ANSWER,
    )  # fmt: skip
    actions.verify(ticket, by=world.grid_worker, at=late + HOUR)
    charged = clock(ticket, P.RESOLVE)
    assert (charged.unit, charged.person) == (world.units["squad"], world.handler)


def test_the_desks_delay_is_not_charged_to_the_unit(world: World) -> None:
    ticket = world.verified()
    late = clock(ticket, P.REPLY).due_at + HOUR
    actions.reply(ticket, by=world.desk, at=late, final_answer=ANSWER)
    charged = clock(ticket, P.REPLY)
    assert charged.breached_at == charged.due_at
    assert (charged.unit, charged.person) == (None, None)


@pytest.mark.parametrize(("step", "charged"), [("handled", True), ("verified", False)])
def test_total_is_charged_to_who_held_the_ticket_when_it_ran_out(
    world: World, step: str, charged: bool
) -> None:
    ticket = getattr(world, step)()
    late = clock(ticket, P.TOTAL).due_at + HOUR
    if charged:
        resolve(world, ticket, at=late)
        actions.verify(ticket, by=world.grid_worker, at=late)
    actions.reply(ticket, by=world.desk, at=late, final_answer=ANSWER)
    assert (clock(ticket, P.TOTAL).unit == world.units["squad"]) is charged


def test_a_helper_answers_for_its_own_delay(world: World) -> None:
    ticket = world.handled()
    actions.enlist(
        ticket, by=world.handler, at=world.at, unit=world.units["office"], question="请协助"
    )
    late = Assist.objects.get().due_at + HOUR
    actions.answer_assist(
        ticket, by=world.office_handler, at=late, assist_result="DONE", text="已配合"
    )
    charged = clock(ticket, P.ASSIST)
    assert (charged.breached_at, charged.unit) == (charged.due_at, world.units["office"])


def test_a_window_that_runs_out_is_no_breach(world: World) -> None:
    ticket = world.replied()
    actions.close(ticket, by=SYSTEM, at=world.at + timedelta(days=8))
    assert clock(ticket, P.RATE).breached_at is None


def test_a_cancelled_clock_keeps_the_breach_it_had(world: World) -> None:
    ticket = world.dispatched()
    due_at = clock(ticket, P.CLAIM).due_at
    actions.redirect(
        ticket, by=world.desk, at=due_at + HOUR, unit=world.units["office"], text="没人签收"
    )
    assert Clock.objects.get(ticket=ticket, promise=P.CLAIM, leg=1).breached_at == due_at


def test_a_second_cycle_leaves_the_clocks_of_the_first_alone(world: World) -> None:
    ticket = again(world, contested(world))
    assert Clock.objects.filter(ticket=ticket, cycle=1, ended_at=None).count() == 0
    assert fresh(ticket).due_at == clock(ticket, P.RESOLVE, cycle=2).due_at
