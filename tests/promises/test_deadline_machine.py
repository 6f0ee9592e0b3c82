"""Whatever happens to a clock, its date is what a walk minute by minute comes to.

The walk knows nothing of the house's arithmetic: it goes from the start in steps of five minutes,
counts those in which the calendar works and nothing is paused, and stops when the limit is used
up. All moments of this test are multiples of five minutes.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from common import clock as the_clock
from grids.calendars import touched
from grids.models import CalendarDay, CalendarYear, WorkCalendar
from notices.models import Incident
from tests.promises.proof import all_is_well
from tests.promises.test_random_walk import Undone
from tests.tickets.steps import again, clock, grant, resolve, rework
from tests.world import ANSWER, World
from tickets import actions, sweeps
from tickets.models import Clock, Ticket, TimeLimit
from tickets.states import State
from tickets.words import Promise

TICK = timedelta(minutes=5)
OPENS, CLOSES = 7, 22  # the calendar of the streets
DAY_OF_WORK = (CLOSES - OPENS) * 12  # ticks
STEPS = 14
BRIEFLY = settings(
    max_examples=4, deadline=None, derandomize=True, database=None, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@dataclass
class Model:
    """What is promised of one clock, in ticks."""

    start: datetime
    ticks: int
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    more: list[int] = field(default_factory=list)
    kept: datetime | None = None

    def due(self, off: set[date]) -> datetime:
        """By walking."""
        moment = self.start
        for ticks in (self.ticks, *self.more):
            moment = self._walk(moment, ticks, off)
        return max(moment, self.kept) if self.kept else moment

    def keep(self, since: datetime, until: datetime, off: set[date]) -> None:
        """What was left from `since` to `until` is still left, however the calendar changed."""
        left, moment = 0, since
        while moment < until:
            here = the_clock.local(moment)
            left += OPENS <= here.hour < CLOSES and here.date() not in off
            moment += TICK
        self.kept = max(self._walk(since, left, off), until)

    def _walk(self, moment: datetime, ticks: int, off: set[date]) -> datetime:
        while ticks:
            here = the_clock.local(moment)
            works = OPENS <= here.hour < CLOSES and here.date() not in off
            paused = any(begins <= moment < ends for begins, ends in self.pauses)
            ticks -= works and not paused
            moment += TICK
        return moment


class Machine:
    """One ticket, its `resolve` clock, and the model beside it."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        self.at = world.at
        self.off: set[date] = set()
        self.ticket = world.handled()
        self.model = Model(self.at, 5 * DAY_OF_WORK)
        self.paused_at: datetime | None = None
        self.due_then = self.at

    def step(self) -> None:
        """One that is possible now."""
        name = self.random.choice([
            "wait", "wait", "wait", "pause", "pause", "extend", "amend", "day_off", "day_on",
            "reopen",
        ])  # fmt: skip
        note(f"{self.at} {self.ticket.state} {name}")
        getattr(self, name)()
        sweeps.run("recompute", at=self.at)
        self.check()

    def wait(self) -> None:
        """Up to a day."""
        self.at += TICK * self.random.randint(1, 288)
        sweeps.run("timers", at=self.at)

    def pause(self) -> None:
        """In the hands of whoever looks, or of the handler again."""
        if self.ticket.state == State.HANDLING:
            resolve(self.world, self.ticket, at=self.at)
            self.paused_at, self.due_then = self.at, self.model.due(self.off)
        elif self.paused_at is not None:
            rework(self.world, self.ticket, at=self.at)
            self.model.pauses.append((self.paused_at, self.at))
            if self.model.due(self.off) <= self.at and self.paused_at < self.due_then:
                self.model.keep(self.paused_at, self.due_then, self.off)
            self.paused_at = None

    def extend(self) -> None:
        """Asked and granted before it is due."""
        late = self.model.due(self.off) <= self.at
        if self.ticket.state != State.HANDLING or late or self.model.more:
            return
        days = self.random.randint(1, 3)
        actions.extend(
            self.ticket, by=self.world.handler, at=self.at, days=days, reason="MATERIAL",
            text="等材料到货",
        )  # fmt: skip
        self.ticket = grant(self.world, self.ticket, at=self.at)
        self.model.more.append(days * DAY_OF_WORK)

    def amend(self) -> None:
        """To a category with another limit, of the same calendar."""
        late = self.model.due(self.off) <= self.at
        if self.ticket.state != State.HANDLING or late:
            return
        is_litter = self.ticket.category_id == self.world.categories["litter"].pk
        wanted = self.world.categories["drain" if is_litter else "litter"]
        actions.amend(self.ticket, by=self.world.desk, at=self.at, category=wanted, text="归类有误")
        known = self.model.due(self.off)
        was = (self.model.start, self.model.ticks)
        self.model.start, self.model.ticks = self._began(), (8 if is_litter else 5) * DAY_OF_WORK
        if self.model.due(self.off) <= self.at:
            self.model.start = self.at
            if known <= self.model.due(self.off):
                self.model.start, self.model.ticks = was

    def day_off(self) -> None:
        """A day that is to come, for whatever reason."""
        day = the_clock.local(self.at).date() + timedelta(days=self.random.randint(1, 6))
        if day not in self.off:
            self._edit(day, works=False)

    def day_on(self) -> None:
        """It works after all."""
        coming = sorted(day for day in self.off if day > the_clock.local(self.at).date())
        if coming:
            self._edit(self.random.choice(coming), works=True)

    def reopen(self) -> None:
        """Answered, not solved, and begun anew; a second time it is the district's."""
        if self.ticket.state != State.RESOLVED or self.ticket.contests:
            return
        world, at = self.world, self.at
        actions.verify(self.ticket, by=world.grid_worker, at=at)
        actions.reply(self.ticket, by=world.other_desk, at=at, final_answer=ANSWER)
        actions.rate(self.ticket, by=world.shift_leader, at=at, stars=1, is_solved=False)
        world.at, kept = at, world.at
        again(world, self.ticket)
        world.at = kept
        is_litter = self.ticket.category_id == world.categories["litter"].pk
        self.model = Model(at, (5 if is_litter else 8) * DAY_OF_WORK)
        self.paused_at = None

    def check(self) -> None:
        """The date, one clock a promise, and what a commit and both audits ask."""
        found = clock(self.ticket, Promise.RESOLVE)
        if self.paused_at is None:
            assert found.due_at == self.model.due(self.off)
        open_ones = Clock.objects.filter(ticket=self.ticket, ended_at=None)
        promises = list(open_ones.values_list("promise", flat=True))
        assert len(promises) == len(set(promises))
        sweeps.run("reconcile", at=self.at)
        assert not Incident.objects.filter(kind="deadline").exists()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        all_is_well(self.at)

    def _began(self) -> datetime:
        return clock(self.ticket, Promise.RESOLVE).started_at

    def _edit(self, day: date, *, works: bool) -> None:
        before = self.model.due(self.off)
        if works:
            self.off.discard(day)
            CalendarDay.objects.filter(date=day).delete()
        else:
            self.off.add(day)
            year, _made = CalendarYear.objects.get_or_create(year=day.year, status="OFFICIAL")
            calendar = WorkCalendar.objects.get(code="street7")
            CalendarDay.objects.create(
                year=year, date=day, kind="OFF", name="停工", calendar=calendar
            )
        touched(["street7"])
        if self.paused_at is None and self.model.due(self.off) <= self.at < before:
            self.model.kept = before


@pytest.fixture
def drains(world: World) -> None:
    """Another category of the same calendar, with eight days."""
    world.categories["drain"] = drain = type(world.categories["litter"]).objects.create(
        code="0199", name="drain", parent=world.categories["street_order"], calendar="street7",
        verify_by="SITE",
    )  # fmt: skip
    TimeLimit.objects.create(promise=Promise.RESOLVE, category=drain, value=8, kind="WORK_DAY")


def play(world: World, random: Random) -> None:
    """One game, forgotten afterwards."""
    try:
        with transaction.atomic():
            machine = Machine(world, random)
            for _step in range(STEPS):
                machine.ticket = Ticket.objects.get(pk=machine.ticket.pk)
                machine.step()
            raise Undone
    except Undone:
        touched(["street7"])


@pytest.mark.usefixtures("drains")
def test_a_date_is_what_a_walk_comes_to(world: World) -> None:
    @BRIEFLY
    @given(random=st.randoms(use_true_random=True))
    def games(random: Random) -> None:
        play(world, random)

    games()


@pytest.mark.full
@pytest.mark.usefixtures("drains")
def test_many_dates_are_what_a_walk_comes_to(world: World) -> None:
    @settings(BRIEFLY, max_examples=40, derandomize=False)
    @given(random=st.randoms(use_true_random=True))
    def games(random: Random) -> None:
        play(world, random)

    games()
