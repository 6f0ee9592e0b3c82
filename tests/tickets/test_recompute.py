"""Dates follow their calendar, never into a breach that nobody could have avoided."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.alone import alone
from grids.calendars import touched
from grids.models import CalendarDay, CalendarYear, WorkCalendar
from notices.models import Incident
from tests.promises.forging import unguarded
from tests.promises.proof import all_is_well
from tests.races import start
from tests.tickets.steps import DAY, HOUR, clock, fresh, last, resolve, rework
from tests.tickets.timers import armed, came, fire
from tests.world import World
from tickets import sweeps
from tickets.models import Clock, EscalationStep, Event, Pause, Timer
from tickets.words import Promise

P = Promise


def day_off(day: date, code: str = "street7") -> None:
    """That calendar does not work on that day."""
    year, _made = CalendarYear.objects.get_or_create(year=day.year, status="OFFICIAL")
    calendar = WorkCalendar.objects.get(code=code)
    CalendarDay.objects.create(year=year, date=day, kind="OFF", name="台风停工", calendar=calendar)
    touched([code])


def follow(at: datetime) -> int:
    return sweeps.run("recompute", at=at)


def test_a_day_off_moves_the_clocks_of_its_calendar(world: World) -> None:
    ticket = world.handled()
    before = clock(ticket, P.RESOLVE)
    day_off(date(2026, 11, 24))
    follow(world.at + HOUR)
    now = clock(ticket, P.RESOLVE)
    assert now.due_at > before.due_at
    assert last(ticket).verb == "recompute"
    assert last(ticket).data["due"][now.key] == now.due_at.isoformat()
    assert armed(ticket, P.RESOLVE).generation == now.generation > before.generation
    all_is_well(world.at + HOUR)


def test_other_calendars_move_nothing(world: World) -> None:
    ticket = world.handled()
    seq = fresh(ticket).seq
    WorkCalendar.objects.filter(code="always").update(day_start_min=None)
    touched(["always"])
    follow(world.at + HOUR)
    assert fresh(ticket).seq == seq


def test_a_second_run_has_nothing_to_do(world: World) -> None:
    world.handled()
    day_off(date(2026, 11, 24))
    follow(world.at + HOUR)
    events = Event.objects.count()
    assert follow(world.at + HOUR) == 0
    assert Event.objects.count() == events


def test_a_working_day_more_makes_no_breach_that_nobody_could_avoid(world: World) -> None:
    day_off(date(2026, 11, 24))
    ticket = world.handled()
    known = clock(ticket, P.RESOLVE).due_at
    CalendarDay.objects.all().delete()
    touched(["street7"])
    at = known - HOUR
    follow(at)
    now = clock(ticket, P.RESOLVE)
    assert (now.due_at, now.grace_from, now.breached_at) == (known, at, None)
    all_is_well(at)


def test_a_deadline_in_a_year_without_days_off_is_provisional(world: World) -> None:
    WorkCalendar.objects.filter(code="street7").update(observes_holidays=True)
    touched(["street7"])
    world.at = datetime(2026, 12, 30, 1, tzinfo=UTC)
    ticket = world.handled()
    assert fresh(ticket).due_is_provisional
    for year in (2026, 2027):
        CalendarYear.objects.update_or_create(year=year, defaults={"status": "OFFICIAL"})
    touched(holidays=True)
    follow(datetime(2026, 12, 30, 2, tzinfo=UTC))
    assert not fresh(ticket).due_is_provisional
    assert not Clock.objects.filter(ticket=ticket, ended_at=None, is_provisional=True).exists()


def test_reconcile_finds_nothing_where_all_is_well(world: World) -> None:
    world.handled()
    assert sweeps.run("reconcile", at=world.at + HOUR) == 1
    assert not Incident.objects.filter(kind="deadline").exists()


def test_reconcile_tells_of_a_wrong_date_and_leaves_it(world: World) -> None:
    ticket = world.handled()
    right = clock(ticket, P.RESOLVE).due_at
    Clock.objects.filter(ticket=ticket, promise=P.RESOLVE).update(due_at=right + HOUR)
    sweeps.run("reconcile", at=world.at + HOUR)
    incident = Incident.objects.get(kind="deadline", subject=ticket.number)
    assert incident.ended_at is None
    assert clock(ticket, P.RESOLVE).due_at == right + HOUR
    Clock.objects.filter(ticket=ticket, promise=P.RESOLVE).update(due_at=right)
    sweeps.run("reconcile", at=world.at + 2 * HOUR)
    incident.refresh_from_db()
    assert incident.ended_at == world.at + 2 * HOUR


@pytest.mark.parametrize("until", [timedelta(hours=1), 3 * DAY])
def test_reconcile_arms_what_was_disarmed(world: World, until: timedelta) -> None:
    ticket = world.handled()
    with unguarded():
        Timer.objects.filter(ticket=ticket).update(state="IDLE")
    sweeps.run("reconcile", at=world.at + until)
    assert armed(ticket, P.RESOLVE).due_at == clock(ticket, P.RESOLVE).next_at
    all_is_well(world.at + until)


def test_one_ticket_that_cannot_be_reckoned_holds_up_no_other(world: World) -> None:
    bad, wrong = world.handled(), world.handled()
    Clock.objects.filter(ticket=bad, promise=P.RESOLVE).update(terms="no terms")
    right = clock(wrong, P.RESOLVE).due_at
    Clock.objects.filter(ticket=wrong, promise=P.RESOLVE).update(due_at=right + HOUR)
    assert sweeps.run("reconcile", at=world.at + HOUR) == 2
    found = Incident.objects.filter(ended_at=None).values_list("kind", "subject")
    assert set(found) >= {("sweep:reconcile", bad.number), ("deadline", wrong.number)}


def test_reconcile_mends_a_timer_that_says_another_time(world: World) -> None:
    ticket = world.handled()
    timer = armed(ticket, P.RESOLVE)
    Timer.objects.filter(pk=timer.pk).update(due_at=timer.due_at + DAY)
    sweeps.run("reconcile", at=world.at + HOUR)
    assert armed(ticket, P.RESOLVE).due_at == clock(ticket, P.RESOLVE).next_at


def test_a_timer_that_says_another_time_makes_no_sweep_spin(world: World) -> None:
    ticket = world.handled()
    Timer.objects.filter(ticket=ticket, clock__promise=P.RESOLVE).update(due_at=world.at - HOUR)
    assert sweeps.run("timers", at=world.at) == 1
    assert sweeps.run("timers", at=world.at) == 0


def test_what_stood_still_while_its_calendar_changed_has_what_was_left(world: World) -> None:
    day_off(date(2026, 11, 24))
    ticket = world.handled()
    known = clock(ticket, P.RESOLVE).due_at
    resolve(world, ticket, at=known - HOUR)
    CalendarDay.objects.all().delete()
    touched(["street7"])
    follow(known)
    rework(world, ticket, at=known + 2 * HOUR)
    now = clock(ticket, P.RESOLVE)
    assert (now.due_at, now.breached_at) == (known + 3 * HOUR, None)
    all_is_well(known + 2 * HOUR)


def test_reconcile_arms_by_the_plan_of_now(world: World) -> None:
    ticket = world.handled()
    before = armed(ticket, P.RESOLVE)
    EscalationStep.objects.filter(nth=before.nth).update(at_value=40)
    sweeps.run("reconcile", at=world.at + HOUR)
    now = armed(ticket, P.RESOLVE)
    assert (now.nth, now.due_at < before.due_at) == (before.nth, True)
    assert clock(ticket, P.RESOLVE).next_at == now.due_at
    all_is_well(world.at + HOUR)


def asked_of_tickets(at: datetime) -> int:
    """Statements about tickets; the calendars are read anew while their change is not committed."""
    with CaptureQueriesContext(connection) as counted:
        follow(at)
    return sum("tickets_" in query["sql"] for query in counted)


def test_many_whose_dates_stay_are_noted_together(world: World) -> None:
    found = []
    for count in (3, 6):
        for _time in range(count):
            world.handled()
        touched(["street7"])
        found.append(asked_of_tickets(world.at + HOUR))
        assert follow(world.at + HOUR) == 0
    assert found[0] == found[1]


def test_a_second_recompute_beside_the_first_goes_home(committed_world: World) -> None:
    committed_world.handled()
    touched(["street7"])
    with alone("sweep:recompute") as is_mine:
        assert is_mine
        assert start(lambda: follow(committed_world.at + HOUR)).result() == 0
    assert start(lambda: follow(committed_world.at + HOUR)).result() == 1


def test_a_clock_that_is_behind_ends_no_pause_before_it_began(world: World) -> None:
    ticket = world.handled()
    resolve(world, ticket, at=world.at + HOUR)
    rework(world, ticket, at=world.at + HOUR - timedelta(seconds=2))
    pause = Pause.objects.get(clock=clock(ticket, P.RESOLVE))
    assert pause.ended_at == pause.started_at


def test_what_is_armed_anew_after_an_edit_comes_though_it_came_before(world: World) -> None:
    ticket = world.handled()
    while clock(ticket, P.RESOLVE).fired_nth < 5:
        at = armed(ticket, P.RESOLVE).due_at
        fire(at)
    day_off(date(2026, 11, 30))  # so that the report of that day belongs on the next
    follow(at + HOUR)
    sweeps.run("reconcile", at=at + HOUR)
    fire(armed(ticket, P.RESOLVE).due_at)
    assert came(ticket, P.RESOLVE)[-2:] == [(5, 1), (5, 1)]
    all_is_well(at + DAY)
