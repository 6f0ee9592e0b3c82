"""Every running clock has one armed timer, whatever happens to the clock."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.tickets.steps import DAY, HOUR, clock, fresh, grant, last, resolve, rework, suspended
from tests.tickets.timers import armed, came, fire
from tests.world import World
from tickets import actions
from tickets.models import Clock, Ticket, Timer
from tickets.models.clock import ClockState
from tickets.models.timer import TimerState
from tickets.words import Promise

P = Promise
MINUTE = timedelta(minutes=1)


def all_armed(ticket: Ticket) -> None:
    """Running clocks and armed timers are the same, of the same generation."""
    running = Clock.objects.filter(ticket=ticket, state=ClockState.RUNNING)
    timers = Timer.objects.filter(ticket=ticket, state=TimerState.ARMED)
    assert set(timers.values_list("clock_id", "generation", "due_at")) == set(
        running.values_list("pk", "generation", "next_at")
    )


def test_a_new_clock_is_armed_with_its_first_step(world: World) -> None:
    ticket = world.reported()
    accepting = clock(ticket, P.ACCEPT)
    assert (armed(ticket, P.ACCEPT).nth, armed(ticket, P.ACCEPT).verb) == (1, "remind")
    assert armed(ticket, P.ACCEPT).due_at == accepting.started_at + 2 * HOUR
    all_armed(ticket)


@pytest.mark.parametrize(
    "stage", ["accepted", "dispatched", "handled", "resolved", "verified", "replied"]
)
def test_each_state_keeps_its_clocks_armed(world: World, stage: str) -> None:
    all_armed(getattr(world, stage)())


def test_what_has_ended_is_idle(world: World) -> None:
    ticket = world.accepted()
    timer = Timer.objects.get(clock=clock(ticket, P.ACCEPT))
    assert timer.state == TimerState.IDLE


def test_a_clock_that_stands_still_is_idle_and_armed_again_later(world: World) -> None:
    ticket = world.resolved()
    assert Timer.objects.get(clock=clock(ticket, P.RESOLVE)).state == TimerState.IDLE
    rework(world, ticket)
    assert armed(ticket, P.RESOLVE).generation == clock(ticket, P.RESOLVE).generation == 2
    all_armed(ticket)


def test_an_extension_moves_the_warning(world: World) -> None:
    ticket = world.handled()
    before = armed(ticket, P.RESOLVE).due_at
    actions.extend(
        ticket, by=world.handler, at=world.at, days=5, reason="MATERIAL", text="等材料到货"
    )
    grant(world, ticket)
    assert armed(ticket, P.RESOLVE).due_at > before
    all_armed(ticket)


def test_nobody_is_reminded_twice_of_the_same_half(world: World) -> None:
    ticket = world.handled()
    half = armed(ticket, P.RESOLVE).due_at
    fire(half)
    resolve(world, ticket, at=half + HOUR)
    rework(world, ticket, at=half + 2 * HOUR)
    assert armed(ticket, P.RESOLVE).nth == 2


def test_a_step_that_a_move_forestalls_is_recorded_with_it(world: World) -> None:
    ticket = world.reported()
    due_at = armed(ticket, P.ACCEPT).due_at
    actions.accept(ticket, by=world.desk, at=due_at + MINUTE)
    told = last(ticket, "accept").data["missed"]
    assert told == {clock(ticket, P.ACCEPT).key: [[1, 0, "remind", due_at.isoformat()]]}
    timer = Timer.objects.get(clock=clock(ticket, P.ACCEPT), state=TimerState.FIRED)
    assert (timer.due_at, timer.event_seq) == (due_at, last(ticket, "accept").seq)


def test_a_suspension_takes_all_timers_but_its_own(world: World) -> None:
    ticket = suspended(world)
    running = Timer.objects.filter(ticket=ticket, state=TimerState.ARMED)
    assert [timer.clock.promise for timer in running] == [P.SUSPEND]
    all_armed(ticket)


def test_a_limit_cut_short_warns_at_once(world: World) -> None:
    ticket = world.handled()
    at = clock(ticket, P.RESOLVE).started_at + 4 * DAY
    assert armed(ticket, P.RESOLVE).nth == 1
    actions.amend(ticket, by=world.desk, at=at, urgency="URGENT", text="情况紧急")
    timer = armed(ticket, P.RESOLVE)
    assert timer.due_at >= at
    all_armed(ticket)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tickets_timer SET state = 'IDLE' WHERE state = 'ARMED'",
        "UPDATE tickets_timer SET generation = generation + 1",
        "UPDATE tickets_clock SET generation = generation + 1",
        "UPDATE tickets_clock SET state = 'PAUSED', next_at = NULL WHERE state = 'RUNNING'",
    ],
)
def test_the_database_refuses_a_clock_without_its_timer(world: World, change: str) -> None:
    world.reported()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="do not run together"):
            cursor.execute(change)


def test_what_came_is_never_changed(world: World) -> None:
    ticket = world.reported()
    fire(armed(ticket, P.ACCEPT).due_at)
    assert came(ticket, P.ACCEPT) == [(1, 0)]
    with pytest.raises(DatabaseError, match="tickets_timer"), transaction.atomic():
        Timer.objects.filter(state=TimerState.FIRED).update(due_at=world.at)


def test_a_timer_of_before_only_finds_out_what_comes_next(world: World) -> None:
    ticket = world.reported()
    seq = fresh(ticket).seq
    Timer.objects.filter(ticket=ticket).update(nth=0, due_at=world.at, verb="lapse")
    Clock.objects.filter(ticket=ticket).update(next_at=world.at)
    fire(world.at)
    assert fresh(ticket).seq == seq
    assert armed(ticket, P.ACCEPT).nth == 1
    all_armed(ticket)
