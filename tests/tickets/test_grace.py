"""No new calendar and no new limit makes a breach that nobody could have avoided."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from grids.calendars import touched
from grids.models import CalendarDay, CalendarYear, WorkCalendar
from tests.promises.proof import all_is_well
from tests.tickets.steps import DAY, HOUR, clock, grant, last, request, resolve, rework
from tests.tickets.timers import armed, fire, steps
from tests.world import World
from tickets import actions, sweeps
from tickets.models import Assist, EscalationPlan, EscalationStep, Pause, Ticket, TimeLimit
from tickets.words import Promise

P = Promise
SECOND = timedelta(seconds=1)
TUESDAY = date(2026, 11, 24)


def off(day: date) -> None:
    """The street's calendar does not work on that day."""
    year, _made = CalendarYear.objects.get_or_create(year=day.year, status="OFFICIAL")
    calendar = WorkCalendar.objects.get(code="street7")
    CalendarDay.objects.create(year=year, date=day, kind="OFF", name="停工", calendar=calendar)
    touched(["street7"])


def working_after_all() -> None:
    CalendarDay.objects.all().delete()
    touched(["street7"])


def by_law(**given: object) -> None:
    """A limit by law beside the norm of `resolve`."""
    values = {"legal_value": 7, "legal_kind": "WORK_DAY", "legal_counting": "CIVIL"} | given
    TimeLimit.objects.filter(promise=P.RESOLVE, urgency="").update(**values)


def suspend(world: World, ticket: Ticket, at: datetime, days: int = 9) -> None:
    actions.suspend(
        ticket, by=world.handler, at=at, resume_on=(at + days * DAY).date(), reason="BUDGET",
        text="等预算",
    )  # fmt: skip


def test_a_day_that_works_after_all_leaves_the_date_by_law_where_it_was(world: World) -> None:
    by_law()
    off(TUESDAY)
    ticket = world.handled()
    known = clock(ticket, P.RESOLVE).legal_due_at
    assert known is not None
    working_after_all()
    at = known - HOUR
    sweeps.run("recompute", at=at)
    now = clock(ticket, P.RESOLVE)
    assert (now.legal_due_at, now.legal_breached_at) == (known, None)
    all_is_well(at)


def test_what_would_be_due_within_the_working_hour_keeps_its_date(world: World) -> None:
    off(TUESDAY)
    ticket = world.handled()
    known = clock(ticket, P.RESOLVE).due_at
    working_after_all()
    at = known - DAY - timedelta(minutes=59)
    sweeps.run("recompute", at=at)
    assert clock(ticket, P.RESOLVE).due_at == known


def test_what_leaves_time_enough_follows_the_calendar(world: World) -> None:
    off(TUESDAY)
    ticket = world.handled()
    known = clock(ticket, P.RESOLVE).due_at
    working_after_all()
    sweeps.run("recompute", at=known - DAY - 2 * HOUR)
    assert clock(ticket, P.RESOLVE).due_at == known - DAY


def test_the_date_by_law_stands_still_with_the_clock_and_keeps_what_was_left(world: World) -> None:
    by_law()
    off(TUESDAY)
    ticket = world.handled()
    known = clock(ticket, P.RESOLVE).legal_due_at
    assert known is not None
    resolve(world, ticket, at=known - 2 * HOUR)
    working_after_all()
    back = known + 2 * DAY
    rework(world, ticket, at=back)
    now = clock(ticket, P.RESOLVE)
    assert now.legal_breached_at is None
    assert now.legal_due_at is not None
    assert now.legal_due_at > back
    all_is_well(back)


def test_a_limit_by_law_that_comes_with_an_amendment_counts_from_it(world: World) -> None:
    ticket = world.handled()
    due_at = clock(ticket, P.RESOLVE).due_at
    TimeLimit.objects.create(
        promise=P.RESOLVE, category=world.categories["advice"], value=30, kind="WORK_DAY",
        counting="RUNNING", calendar="office", legal_value=1, legal_kind="NATURAL_DAY",
        legal_counting="RUNNING",
    )  # fmt: skip
    at = due_at - HOUR
    actions.amend(ticket, by=world.desk, at=at, category=world.categories["advice"])
    now = clock(ticket, P.RESOLVE)
    assert (now.legal_due_at, now.legal_breached_at) == (at + DAY, None)
    all_is_well(at)


def test_an_amendment_ends_the_grace_of_the_limit_before(world: World) -> None:
    off(TUESDAY)
    ticket = world.handled()
    known = clock(ticket, P.RESOLVE).due_at
    working_after_all()
    at = known - HOUR
    sweeps.run("recompute", at=at)
    assert clock(ticket, P.RESOLVE).grace_until == known
    TimeLimit.objects.filter(promise=P.RESOLVE, urgency="URGENT").update(value="0.5")
    actions.amend(ticket, by=world.desk, at=at, urgency="URGENT")
    now = clock(ticket, P.RESOLVE)
    assert (now.grace_until, now.due_at) == (None, at + HOUR / 2)
    all_is_well(at)


def test_the_date_of_a_helper_follows_its_clock(world: World) -> None:
    ticket = world.handled()
    actions.enlist(
        ticket, by=world.handler, at=world.at, unit=world.units["fire"], question="有无隐患"
    )
    suspend(world, ticket, world.at, days=7)
    grant(world, ticket, by=world.leader)
    back = world.at + 7 * DAY
    sweeps.run("resume", at=back)
    before = clock(ticket, P.ASSIST).due_at
    off(date(2026, 12, 1))
    sweeps.run("recompute", at=back)
    now = clock(ticket, P.ASSIST).due_at
    assert before != now == Assist.objects.get(ticket=ticket).due_at


def test_the_law_of_the_first_part_is_not_that_of_the_sum(world: World) -> None:
    TimeLimit.objects.filter(promise=P.ACCEPT, urgency="").update(
        legal_value=7, legal_kind="WORK_DAY", legal_counting="CIVIL"
    )
    ticket = world.reported()
    assert clock(ticket, P.ACCEPT).legal_due_at is not None
    assert clock(ticket, P.TOTAL).legal_due_at is None


def pending(world: World) -> tuple[Ticket, datetime]:
    """To be suspended, asked an hour before norm and law run out together."""
    by_law(value=7, counting="CIVIL")
    ticket = world.handled()
    found = clock(ticket, P.RESOLVE)
    assert found.legal_due_at == found.due_at
    suspend(world, ticket, found.due_at - HOUR)
    return ticket, found.due_at


def test_a_suspension_asked_in_time_holds_back_the_breach_of_law(world: World) -> None:
    ticket, due_at = pending(world)
    sweeps.run("timers", at=due_at + HOUR)
    now = clock(ticket, P.RESOLVE)
    assert (now.breached_at, now.legal_breached_at) == (None, None)
    grant(world, ticket, by=world.leader, at=due_at + HOUR)
    assert clock(ticket, P.RESOLVE).legal_breached_at is None
    all_is_well(due_at + HOUR)


def test_its_refusal_writes_both(world: World) -> None:
    ticket, due_at = pending(world)
    sweeps.run("timers", at=due_at + HOUR)
    asked = request(ticket)
    actions.refuse(asked, by=world.leader, at=due_at + HOUR, text="请尽快办理")
    now = clock(ticket, P.RESOLVE)
    assert (now.breached_at, now.legal_breached_at) == (due_at, due_at)
    all_is_well(due_at + HOUR)


def test_an_extension_asked_in_time_does_not_hold_it_back(world: World) -> None:
    by_law(value=7, counting="CIVIL")
    ticket = world.handled()
    due_at = clock(ticket, P.RESOLVE).due_at
    actions.extend(
        ticket, by=world.handler, at=due_at - HOUR, days=2, reason="MATERIAL", text="等材料"
    )
    sweeps.run("timers", at=due_at + HOUR)
    now = clock(ticket, P.RESOLVE)
    assert (now.breached_at, now.legal_breached_at) == (None, due_at)


def test_whoever_was_asked_for_help_meanwhile_stands_still_from_then(world: World) -> None:
    ticket = world.handled()
    suspend(world, ticket, world.at)
    at = world.at + HOUR
    actions.enlist(ticket, by=world.handler, at=at, unit=world.units["fire"], question="有无隐患")
    grant(world, ticket, by=world.leader, at=at + HOUR)
    assert Pause.objects.get(clock=clock(ticket, P.ASSIST)).started_at == at
    assert Pause.objects.get(clock=clock(ticket, P.RESOLVE)).started_at == world.at


@pytest.mark.parametrize("granted", [-timedelta(minutes=1), HOUR])
def test_a_suspension_leaves_what_was_left_when_it_was_asked(
    world: World, granted: timedelta
) -> None:
    ticket = world.handled()
    due_at = clock(ticket, P.RESOLVE).due_at
    suspend(world, ticket, due_at - 2 * HOUR)
    grant(world, ticket, by=world.leader, at=due_at + granted)
    back = due_at + 9 * DAY
    sweeps.run("resume", at=back)
    assert last(ticket).verb == "resume"
    assert back + HOUR < clock(ticket, P.RESOLVE).due_at
    all_is_well(back)


@pytest.mark.parametrize("stage", ["dispatched", "handled"])
def test_what_is_overdue_hurries_by_its_new_plan(world: World, stage: str) -> None:
    ticket = getattr(world, stage)()
    fire(ticket.due_at + HOUR)
    before = armed(ticket, P(ticket.due_promise)).due_at
    amended = ticket.due_at + HOUR
    urgent_plan()
    actions.amend(ticket, by=world.desk, at=amended, urgency="URGENT")
    now = armed(ticket, P(ticket.due_promise))
    assert now.due_at < before
    fire(now.due_at)
    assert steps(ticket, P(ticket.due_promise))[-1].verb == "escalate"


def urgent_plan() -> None:
    """What is urgent is reported upward every half hour."""
    plan = EscalationPlan.objects.create(urgency="URGENT")
    for nth, (kind, value) in enumerate((("SHARE", "100"), ("EVERY_HOURS", "0.5")), 1):
        EscalationStep.objects.create(
            plan=plan, nth=nth, at_kind=kind, at_value=Decimal(value), verb="escalate"
        )
