"""What is due next in a replay: the earliest of all that time does by itself."""

from datetime import timedelta

import pytest

from tests.tickets.steps import DAY, HOUR, clock, fresh
from tests.world import World
from tickets import actions, sweeps
from tickets.models import Ticket, TimeLimit, Timer
from tickets.replay import engine
from tickets.replay.engine import Due
from tickets.words import Promise as P

MINUTE = timedelta(minutes=1)


def silence(at_least: timedelta, world: World) -> None:
    """No timer comes before that."""
    Timer.objects.filter(state="ARMED").update(due_at=world.at + at_least)


def test_nothing_is_due_where_nothing_runs(world: World) -> None:
    assert engine.next_due() is None


def test_the_next_reminder_is_due(world: World) -> None:
    world.accepted()
    first = Timer.objects.filter(state="ARMED").order_by("due_at")[0]
    assert engine.next_due() == Due("timers", first.due_at)


def test_firing_it_leads_to_a_later_one(world: World) -> None:
    world.accepted()
    due = engine.next_due()
    assert due
    sweeps.run("timers", at=due.at)
    after = engine.next_due()
    assert after
    assert after.at > due.at


def test_a_request_is_due_until_it_was_raised(world: World) -> None:
    actions.extend(
        world.handled(), by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等灯杆"
    )
    silence(90 * DAY, world)
    assert engine.next_due() == Due("approvals", world.at + 2 * HOUR)
    sweeps.run("approvals", at=world.at + 2 * HOUR)
    assert engine.next_due() == Due("timers", world.at + 90 * DAY)


def test_a_question_is_due_when_it_lapses(world: World) -> None:
    actions.inquire(world.handled(), by=world.handler, at=world.at, question="几号楼？")
    silence(90 * DAY, world)
    assert engine.next_due() == Due("inquiries", world.at + 3 * DAY)


@pytest.mark.parametrize("category", ["litter", "own_word"])
def test_a_verification_is_due_at_half_its_limit(world: World, category: str) -> None:
    ticket = world.resolved(category=world.categories[category])
    silence(90 * DAY, world)
    rises_at = fresh(ticket).turn_rises_at
    assert rises_at
    assert engine.next_due() == Due("turns", rises_at)
    sweeps.run("turns", at=rises_at + MINUTE)
    assert engine.next_due() == Due("timers", world.at + 90 * DAY)


def with_law(world: World) -> Ticket:
    """Norm and law run out in the same instant, and no step comes before."""
    TimeLimit.objects.filter(promise=P.RESOLVE, urgency="").update(
        value=7, counting="CIVIL", legal_value=7, legal_kind="WORK_DAY", legal_counting="CIVIL"
    )
    ticket = world.handled()
    silence(90 * DAY, world)
    return ticket


def test_a_limit_by_law_is_due_as_soon_as_it_has_run_out(world: World) -> None:
    ticket = with_law(world)
    due = engine.next_due()
    assert due == Due("timers", clock(ticket, P.RESOLVE).due_at + timedelta(microseconds=1))
    sweeps.run("timers", at=due.at)
    assert engine.next_due() == Due("timers", world.at + 90 * DAY)


def test_what_a_request_holds_back_is_not_due(world: World) -> None:
    ticket = with_law(world)
    actions.suspend(
        ticket, by=world.handler, at=world.at, resume_on=(world.at + 7 * DAY).date(),
        reason="BUDGET", text="列入下周计划",
    )  # fmt: skip
    due = engine.next_due()
    assert (due and due.name) == "approvals"
    sweeps.run("approvals", at=clock(ticket, P.RESOLVE).due_at)
    assert engine.next_due() == Due("timers", world.at + 90 * DAY)
