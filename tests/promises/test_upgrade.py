"""An upgrade moves no date: whatever was promised before timers came stays as it was told."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from notices.models import Incident
from tests.files import settled
from tests.promises import upgrading
from tests.promises.proof import breaches, unkept
from tests.tickets.steps import DAY, HOUR, clock, fresh, grant, resolve, rework, suspended
from tests.tickets.timers import STEPS
from tests.world import MONDAY_NINE, World, build, escalation
from tickets import actions, sweeps
from tickets.actions import _clocks, _timers
from tickets.models import Clock, Event, Ticket, Timer
from tickets.models.clock import ClockState
from tickets.models.timer import TimerState
from tickets.words import Promise

NAME = f"hubin_upgrade_test_{os.getpid()}"
AT = MONDAY_NINE + 4 * DAY + 12 * HOUR
"""When the new version comes: Friday evening."""
DATES = "SELECT id, due_at FROM tickets_clock UNION ALL SELECT -id, due_at FROM tickets_ticket"
Dates = dict[int, datetime | None]

# two runs through all migrations
pytestmark = [pytest.mark.django_db, pytest.mark.full, pytest.mark.xdist_group("upgrade")]


@dataclass
class Upgraded:
    """What was found on the way."""

    tickets: dict[str, int]
    told: Dates
    migrated: Dates = field(default_factory=dict)
    swept: Dates = field(default_factory=dict)
    armed: set[int] = field(default_factory=set)
    running: set[int] = field(default_factory=set)
    verbs: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    resumed: tuple[datetime, datetime] = (AT, AT)
    asked_until: datetime | None = None


def stories(world: World) -> dict[str, Ticket]:
    """One ticket of each kind of date."""
    told = {
        "ordinary": world.handled(),
        "extended": extended(world),
        "suspended": suspended(world),
        "resumed": actions.resume(suspended(world), by=world.handler, at=world.at + 2 * DAY),
        "resolved": world.resolved(),
        "reworked": reworked(world),
        "amended": amended(world),
        "helped": helped(world),
        "settled": undrawn(world),
        "late": world.dispatched(),
        "asked": asked(world),
        "verified": world.verified(),
        "answered": world.replied(),
    }
    rated = world.replied()
    actions.rate(rated, by=world.shift_leader, at=world.at + DAY, stars=5, is_solved=True)
    return told | {"closed": rated}


def extended(world: World) -> Ticket:
    ticket = world.handled()
    actions.extend(
        ticket, by=world.handler, at=world.at + DAY, days=3, reason="MATERIAL", text="等材料到货"
    )
    return grant(world, ticket, at=world.at + DAY)


def reworked(world: World) -> Ticket:
    ticket = resolve(world, world.handled(), at=world.at + DAY)
    return rework(world, ticket, at=world.at + 2 * DAY)


def amended(world: World) -> Ticket:
    """By its new limit alone it would be long over: it counts from then."""
    return actions.amend(
        world.handled(), by=world.desk, at=world.at + 4 * DAY, urgency="URGENT", text="情况紧急"
    )


def helped(world: World) -> Ticket:
    return actions.enlist(
        world.handled(), by=world.handler, at=world.at + DAY, unit=world.units["office"],
        question="请清运",
    )  # fmt: skip


def undrawn(world: World) -> Ticket:
    world.categories["litter"].sample_percent = 0
    return actions.settle(
        by=world.grid_worker, at=AT - HOUR, text="楼道纸箱", place=world.spot,
        category=world.categories["litter"], result="当场劝导清走", files=settled(),
    )  # fmt: skip


def asked(world: World) -> Ticket:
    return actions.inquire(world.handled(), by=world.handler, at=AT - DAY, question="几号楼?")


@contextmanager
def as_before() -> Iterator[None]:
    """Then a pause moved no date, and there was no step that a move could forestall."""

    def resume(clocks: Any, stopped: Clock) -> None:
        clocks._touch(stopped)
        stopped.state = ClockState.RUNNING
        clocks._resumed.append(stopped)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_clocks.Clocks, "_resume", resume)
        patch.setattr(_timers, "missed", lambda *_given: [])
        yield


def written(wanted: upgrading.Columns) -> tuple[dict[str, int], dict[str, bytes]]:
    """The stories by their tickets' ids, and all rows of them; forgotten here afterwards."""
    with transaction.atomic():
        with as_before():
            told = stories(build())
        rows = upgrading.taken(wanted)
        transaction.set_rollback(True)
    return {name: ticket.pk for name, ticket in told.items()}, rows


def dates() -> Dates:
    with connection.cursor() as cursor:
        cursor.execute(DATES)
        return dict(cursor.fetchall())


def look(found: Upgraded) -> None:
    """Right after the upgrade, and after the first sweeps."""
    found.migrated = dates()
    found.asked_until = Ticket.objects.get(pk=found.tickets["asked"]).asked_until
    found.armed = set(
        Timer.objects.filter(state=TimerState.ARMED).values_list("clock_id", flat=True)
    )
    running = Clock.objects.filter(state=ClockState.RUNNING)
    found.running = set(running.values_list("pk", flat=True))
    running.update(next_at=AT)
    Timer.objects.update(due_at=AT)
    last = Event.objects.latest("pk").pk
    for name in ("timers", "recompute", "timers", "reconcile"):
        sweeps.run(name, at=AT)
    found.swept = dates()
    found.verbs = set(Event.objects.filter(pk__gt=last).values_list("verb", flat=True))
    incidents = Incident.objects.values_list("kind", "subject", "detail")
    found.faults = [*map(str, incidents), *breaches(), *unkept(AT)]


def go_on(found: Upgraded) -> None:
    """What stood still when the new version came runs on."""
    ticket = Ticket.objects.get(pk=found.tickets["suspended"])
    told = clock(ticket, Promise.RESOLVE).due_at
    handler = ticket.handler
    assert handler is not None
    actions.resume(ticket, by=handler, at=AT + HOUR)
    found.resumed = (told, clock(fresh(ticket), Promise.RESOLVE).due_at)


@pytest.fixture(scope="module")
def upgraded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Upgraded]:
    """Migrated to before, filled, migrated to now, swept; once for all tests."""
    with django_db_blocker.unblock(), upgrading.database(NAME):
        with upgrading.moved_to(NAME):
            upgrading.migrate(upgrading.BEFORE)
            wanted = upgrading.columns()
        tickets, rows = written(wanted)
        with upgrading.moved_to(NAME):
            upgrading.put(wanted, rows)
            found = Upgraded(tickets, dates())
            upgrading.migrate()
            escalation()  # as `load_law` does after an upgrade
            look(found)
            go_on(found)
        yield found


def test_no_date_moves_by_the_upgrade(upgraded: Upgraded) -> None:
    assert len(upgraded.told) > 60
    assert upgraded.migrated == upgraded.told


def test_no_date_moves_by_the_first_sweeps(upgraded: Upgraded) -> None:
    assert upgraded.swept == upgraded.told


def test_every_running_clock_is_armed(upgraded: Upgraded) -> None:
    assert len(upgraded.running) > 20
    assert upgraded.armed == upgraded.running


def test_nothing_is_recorded_but_steps(upgraded: Upgraded) -> None:
    assert upgraded.verbs
    assert upgraded.verbs <= set(STEPS)


def test_all_of_it_adds_up_and_is_proved(upgraded: Upgraded) -> None:
    assert upgraded.faults == []


def test_what_stood_still_has_what_was_left(upgraded: Upgraded) -> None:
    """Five working days of fifteen hours, all of them, from Friday 22:00 on."""
    assert upgraded.resumed == (MONDAY_NINE + 5 * DAY, AT + HOUR + 5 * DAY)


def test_an_open_question_lapses_when_it_was_told_to(upgraded: Upgraded) -> None:
    assert upgraded.asked_until == AT + 2 * DAY
