"""The judge finds what is lost and what came twice; of a whole system it says nothing."""

from datetime import timedelta

import pytest

from notices.models import Notice
from tests.chaos.findings import DOUBLED, LOST, WRONG, Evidence, Finding
from tests.chaos.judge import judge
from tests.chaos.planting import bent
from tests.world import World
from tickets import actions, sweeps
from tickets.actions._timers import COLUMNS
from tickets.models import Clock, Timer
from tickets.models.timer import TimerState

LATER = timedelta(days=8)


@pytest.fixture
def settled(world: World) -> World:
    """Tickets at several places of the chain; a week went by, and everybody was told."""
    world.dispatched()
    world.handled()
    world.replied()
    for name in ("timers", "announce"):
        sweeps.run(name, at=world.at + LATER)
    return world


def found(world: World, evidence: Evidence | None = None) -> list[Finding]:
    return list(judge(evidence or Evidence(), at=world.at + LATER))


def test_of_a_whole_system_nothing_is_said(settled: World) -> None:
    assert Timer.objects.filter(state=TimerState.FIRED).count() > 5
    assert found(settled) == []


def test_a_notice_that_is_gone_is_named(settled: World) -> None:
    lost = Notice.objects.latest("pk")
    told = f"notice {(lost.event_id, lost.person_id, lost.role)}"
    lost.delete()
    assert found(settled) == [Finding(LOST, told)]


def test_a_notice_to_the_wrong_person_is_named(settled: World) -> None:
    one = Notice.objects.latest("pk")
    stranger = settled.people["auditor"]
    Notice.objects.create(
        event_id=one.event_id, ticket_id=one.ticket_id, person=stranger, role="DESK", at=one.at
    )
    assert [one.kind for one in found(settled)] == [WRONG]


def test_a_step_that_came_twice_is_named(settled: World) -> None:
    step = Timer.objects.filter(state=TimerState.FIRED).latest("pk")
    columns = ", ".join(COLUMNS)
    bent("tickets_timer", (
        "DROP INDEX timer_fired_once;"
        f" INSERT INTO tickets_timer ({columns}) SELECT {columns} FROM tickets_timer"
        f" WHERE id = {step.pk}"
    ))  # fmt: skip
    said = f"step {step.nth}.{step.again} of clock {step.clock_id}"
    assert found(settled) == [Finding(DOUBLED, said)]


def test_a_step_that_never_came_is_named(settled: World) -> None:
    step = Timer.objects.filter(state=TimerState.FIRED).latest("pk")
    bent("tickets_timer", f"DELETE FROM tickets_timer WHERE id = {step.pk}")
    said = f"step {step.nth}.{step.again} of clock {step.clock_id}, due {step.due_at}"
    assert Finding(LOST, said) in found(settled)


def test_a_step_whose_event_tells_of_something_else_is_named(settled: World) -> None:
    step = Timer.objects.filter(state=TimerState.FIRED, event_seq__gt=1).latest("pk")
    bent("tickets_timer", f"UPDATE tickets_timer SET event_seq = 1 WHERE id = {step.pk}")
    said = f"event of step {step.nth}.{step.again} of clock {step.clock_id}"
    assert found(settled) == [Finding(LOST, said)]


def test_a_step_that_an_act_found_missed_is_told_of_by_that_act(world: World) -> None:
    ticket = world.dispatched()
    actions.claim(ticket, by=world.handler, at=world.at + LATER)
    for name in ("timers", "announce"):
        sweeps.run(name, at=world.at + LATER)
    assert Timer.objects.filter(state=TimerState.FIRED, event_seq=ticket.seq).exists()
    assert found(world) == []


def test_a_step_that_is_due_and_waits_is_named(settled: World) -> None:
    due = Timer.objects.filter(state=TimerState.ARMED).order_by("due_at").last()
    assert due is not None
    at = due.due_at + timedelta(minutes=1)
    said = f"step {due.nth}.{due.again} of clock {due.clock_id}, due {due.due_at}"
    assert Finding(LOST, said) in list(judge(Evidence(), at=at))


def test_a_clock_without_a_timer_is_named(settled: World) -> None:
    one = Clock.objects.filter(state="RUNNING").latest("pk")
    bent("tickets_timer", f"DELETE FROM tickets_timer WHERE clock_id = {one.pk}")
    assert Finding(LOST, f"armed timer of clock {one.pk}") in found(settled)


def test_a_ticket_that_nobody_dispatched_is_named(settled: World) -> None:
    waits = settled.accepted()
    said = f"dispatch of {waits.number} (ACCEPTED)"
    assert Finding(LOST, said) in found(settled)


def test_news_that_nobody_was_told_is_named(settled: World) -> None:
    event = settled.dispatched().events.latest("pk")
    assert Finding(LOST, f"news of event {event.pk}") in found(settled)


def test_an_answered_ticket_that_is_not_there_is_named(settled: World) -> None:
    answers = [{"verb": "report", "nth": 1, "number": "330102-20260302-99999"}]
    said = found(settled, Evidence(answers, first_ticket=1_000_000))
    assert Finding(LOST, "ticket 330102-20260302-99999") in said


def test_an_act_that_was_answered_and_is_not_there_is_named(settled: World) -> None:
    ticket = settled.dispatched()
    answers = [{"verb": "claim", "nth": 1, "number": ticket.number}]
    said = found(settled, Evidence(answers, first_ticket=1_000_000))
    assert Finding(LOST, f"claim of {ticket.number}") in said


def test_an_act_that_was_done_once_more_than_it_was_answered_is_named(settled: World) -> None:
    ticket = settled.handled()
    for _time in range(2):
        actions.note(ticket, by=settled.handler, at=settled.at, text="到了")
    bent("tickets_event", f"UPDATE tickets_event SET verb = 'claim' WHERE verb = 'note'"
         f" AND ticket_id = {ticket.pk}")  # fmt: skip
    answers = [{"verb": "claim", "nth": 1, "number": ticket.number}]
    said = found(settled, Evidence(answers, first_ticket=1_000_000))
    assert Finding(DOUBLED, f"claim of {ticket.number}") in said
