"""Steps over all generations of a clock, and who was told of them: what is planted is found."""

from datetime import timedelta

import pytest

from tests.chaos.clerk import edit
from tests.chaos.findings import DOUBLED, LOST, WRONG, Edited, Finding
from tests.chaos.planting import bent
from tests.chaos.stepping import stepped
from tests.world import World
from tickets import actions, sweeps
from tickets.actions._timers import COLUMNS
from tickets.models import Approval, Clock, Event, Ticket, Timer
from tickets.models.timer import TimerState

DAY = timedelta(days=1)
LATER = timedelta(days=10)


def found(world: World, *edits: Edited, after: timedelta = LATER) -> list[Finding]:
    return list(stepped(world.at + after, edits))


def passed(world: World, days: timedelta) -> None:
    """The sweeps came by every day."""
    at = world.at
    while at < world.at + days:
        at += DAY
        for name in ("resume", "recompute", "timers"):
            sweeps.run(name, at=at)


def granted(world: World, ticket: Ticket, *, hours: int = 1) -> None:
    asked, at = Approval.objects.get(ticket=ticket), world.at + timedelta(hours=hours)
    actions.countersign(asked, by=world.head, at=at)
    decider = world.shift_leader if asked.kind == "extend" else world.leader
    actions.grant(Approval.objects.get(ticket=ticket), by=decider, at=at)


def last_of(ticket: Ticket) -> Timer:
    steps = Timer.objects.filter(ticket=ticket, state=TimerState.FIRED)
    return steps.filter(clock__promise="RESOLVE").latest("pk")


@pytest.fixture
def extended(world: World) -> Ticket:
    ticket = world.handled()
    actions.extend(ticket, by=world.handler, at=world.at, days=3, reason="MATERIAL", text="等材料")
    granted(world, ticket)
    return ticket


@pytest.fixture
def suspended(world: World) -> Ticket:
    """From the third day on, when half of its time was gone, until the sixth."""
    ticket = world.handled()
    passed(world, 3 * DAY)
    resume_on = (world.at + 6 * DAY).date()
    actions.suspend(ticket, by=world.handler, at=world.at + 3 * DAY, resume_on=resume_on,
                    reason="BUDGET", text="等预算")  # fmt: skip
    granted(world, ticket, hours=74)
    return ticket


@pytest.fixture
def amended(world: World) -> Ticket:
    ticket = world.handled()
    passed(world, 2 * DAY)
    return actions.amend(ticket, by=world.desk, at=world.at + 2 * DAY, urgency="URGENT")


@pytest.mark.parametrize("moved", ["extended", "suspended", "amended"])
def test_of_a_clock_that_was_moved_nothing_is_said(
    world: World, moved: str, request: pytest.FixtureRequest
) -> None:
    ticket = request.getfixturevalue(moved)
    passed(world, LATER)
    clock = Clock.objects.get(ticket=ticket, promise="RESOLVE")
    fired = Timer.objects.filter(clock=clock, state=TimerState.FIRED)
    assert (clock.generation > 0, fired.count() > 3) == (True, True)
    assert found(world) == []


@pytest.mark.parametrize("moved", ["extended", "suspended", "amended"])
def test_a_step_that_is_gone_from_a_clock_that_was_moved_is_named(
    world: World, moved: str, request: pytest.FixtureRequest
) -> None:
    ticket = request.getfixturevalue(moved)
    passed(world, LATER)
    step = last_of(ticket)
    bent("tickets_timer", f"DELETE FROM tickets_timer WHERE id = {step.pk}")
    said = f"step {step.nth}.{step.again} of clock {step.clock_id}, due {step.due_at}"
    assert found(world) == [Finding(LOST, said)]


def test_a_step_that_came_again_in_another_generation_is_named(
    world: World, suspended: Ticket
) -> None:
    passed(world, LATER)
    step = last_of(suspended)
    values = ", ".join(COLUMNS).replace("generation", "generation + 1")
    bent("tickets_timer", (
        f"INSERT INTO tickets_timer ({', '.join(COLUMNS)}) SELECT {values} FROM tickets_timer"
        f" WHERE id = {step.pk}"
    ))  # fmt: skip
    said = f"step {step.nth}.{step.again} of clock {step.clock_id}"
    assert found(world) == [Finding(DOUBLED, said)]


def test_a_step_while_the_clock_stood_still_is_named(world: World, suspended: Ticket) -> None:
    passed(world, LATER)
    step = last_of(suspended)
    bent("tickets_timer", f"UPDATE tickets_timer SET due_at = due_at - '5 days'::interval"
         f" WHERE id = {step.pk}")  # fmt: skip
    assert {one.kind for one in found(world)} == {LOST, WRONG}


@pytest.fixture
def edited(world: World) -> Edited:
    """A day off after tomorrow; one ticket was in hand already."""
    world.handled()
    return edit(at=world.at)


def test_a_calendar_that_was_edited_moves_what_is_to_come(world: World, edited: Edited) -> None:
    passed(world, LATER)
    assert Event.objects.filter(verb="recompute", data__has_key="due").exists()
    assert found(world, edited) == []


def test_a_calendar_that_was_followed_without_a_record_is_noticed(
    world: World, edited: Edited
) -> None:
    sweeps.run("recompute", at=world.at)
    bent("tickets_event", "UPDATE tickets_event SET data = data - 'due' WHERE verb = 'recompute'")
    sweeps.run("timers", at=world.at + LATER)
    assert {one.kind for one in found(world, edited)} == {LOST, WRONG}


@pytest.fixture
def outage(world: World) -> Event:
    """Many steps of one ticket at one instant; the one that is told."""
    ticket = world.handled()
    sweeps.run("timers", at=world.at + LATER)
    told = Event.objects.filter(ticket=ticket, data__has_key="nth", announced_at=None)
    assert Event.objects.filter(ticket=ticket, data__overtaken=True).count() > 3
    return told.get()


def test_steps_that_are_all_overtaken_are_news_that_was_lost(world: World, outage: Event) -> None:
    bent("tickets_event", f"UPDATE tickets_event SET data = data || '{{\"overtaken\": true}}'"
         f" WHERE id = {outage.pk}")  # fmt: skip
    assert found(world)
    assert {one.kind for one in found(world)} == {LOST}


def test_a_step_overtaken_by_a_lighter_one_is_news_that_was_lost(
    world: World, outage: Event
) -> None:
    lighter = Event.objects.filter(ticket=outage.ticket_id, verb="remind").latest("pk")
    bent("tickets_event", f"UPDATE tickets_event SET data = CASE id WHEN {outage.pk}"
         f" THEN data || '{{\"overtaken\": true}}' ELSE data - 'overtaken' END"
         f" WHERE id IN ({outage.pk}, {lighter.pk})")  # fmt: skip
    assert Finding(LOST, f"news of event {outage.pk}: overtaken by nothing graver") in found(world)


def test_two_that_are_told_at_one_instant_are_one_too_many(world: World, outage: Event) -> None:
    other = Event.objects.filter(ticket=outage.ticket_id, data__overtaken=True).latest("pk")
    bent("tickets_event", f"UPDATE tickets_event SET data = data - 'overtaken'"
         f" WHERE id = {other.pk}")  # fmt: skip
    assert DOUBLED in {one.kind for one in found(world)}
