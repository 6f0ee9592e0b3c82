"""Whatever happens to a clock, its date is what a walk minute by minute comes to.

All moments of this test are multiples of five minutes (`ticks`). The clocks that span a stay with
a unit are walked beside the real ones: 办结 with its limit by law, 全程, and each 协办.
"""

from collections.abc import Callable
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
from tests.promises.ticks import HOUR, Calendar, Limit, moment, tick
from tests.tickets.steps import again, clock, grant, request, resolve, rework
from tests.world import ANSWER, World
from tickets import actions, sweeps
from tickets.models import Approval, Assist, Clock, Ticket, TimeLimit
from tickets.models.clock import ClockState
from tickets.states import State
from tickets.words import Promise

P = Promise
STEPS = 22
LITTER, DRAIN = (5, 7), (8, 12)
"""Working days of the two categories: the norm, and by law."""
HELPERS = ("office", "fire", "bureau")
OFTEN = (
    *["wait"] * 3, *["near"] * 3, *["hand_over"] * 2, *["reopen"] * 2, *["ask_suspension"] * 2,
    *["decide"] * 2, "come_back", "ask_extension", *["amend"] * 2, *["enlist"] * 2,
    *["day_off"] * 3, *["day_on"] * 3,
)  # fmt: skip
SPARED = ("spared by the norm", "spared by law")
BRIEFLY = settings(
    max_examples=5, deadline=None, derandomize=True, database=None, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


class Machine:
    """One ticket, its clocks, and a walk beside each."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        self.at = world.at
        self.calendars = {
            "street7": Calendar(7 * HOUR, 22 * HOUR),
            "office": Calendar(8 * HOUR + HOUR // 2, 17 * HOUR + HOUR // 2, weekdays=5),
        }
        self.street = self.calendars["street7"]
        self.ticket = world.handled()
        self.limits: dict[int, Limit] = {}
        self.done: set[str] = set()
        self._begin()

    @property
    def now(self) -> int:
        return tick(self.at)

    def step(self) -> None:
        """Whatever comes first of what is possible now."""
        for name in self.random.sample(OFTEN, len(OFTEN)):
            step: Callable[[], bool] = getattr(self, name)
            if step():
                note(f"{self.at} {self.ticket.state} {name}")
                self.done.add(name)
                break
        self.check()

    # --- time and calendars

    def wait(self) -> bool:
        """Up to a day and a half; what is suspended comes back on its day."""
        self.at = moment(self.now + self.random.randint(1, 36 * HOUR))
        sweeps.run("timers", at=self.at)
        if self.ticket.resume_at is not None and self.ticket.resume_at <= self.at:
            sweeps.run("resume", at=self.at)
            self._run_on(P.RESOLVE, P.TOTAL, P.ASSIST)
        return True

    def near(self) -> bool:
        """Hours before something is due, by the norm or by law; and then a day did count."""
        dates = [(one.due, one.by_law) for one in self.limits.values() if one.paused_at is None]
        coming = sorted(date for some in dates for date in some if date and date > self.now)
        if not coming or self.ticket.resume_at is not None:
            return False
        until = self.random.choice(coming) - self.random.randint(1, 12 * HOUR)
        self.at = moment(max(self.now, until))
        sweeps.run("timers", at=self.at)
        past = [day for day in sorted(self.street.off) if day <= self._day()]
        if past:
            self._work("street7", self.random.choice(past))
        return True

    def day_off(self) -> bool:
        """A day that is to come, or that was."""
        code = self.random.choice(("street7", "street7", "office"))
        day = the_clock.local(self.at).date() + timedelta(days=self.random.randint(-3, 6))
        if day in self.calendars[code].off:
            return False
        year, _made = CalendarYear.objects.get_or_create(year=day.year, status="OFFICIAL")
        CalendarDay.objects.create(
            year=year, date=day, kind="OFF", name="停工",
            calendar=WorkCalendar.objects.get(code=code),
        )  # fmt: skip
        self.calendars[code].off.add(day)
        self._edited(code)
        return True

    def day_on(self) -> bool:
        """It works after all."""
        known = sorted((code, day) for code, one in self.calendars.items() for day in one.off)
        if known:
            self._work(*self.random.choice(known))
        return bool(known)

    def _work(self, code: str, day: date) -> None:
        CalendarDay.objects.filter(date=day, calendar__code=code).delete()
        self.calendars[code].off.discard(day)
        self._edited(code)

    def _edited(self, code: str) -> None:
        running = [one for one in self.limits.values() if one.paused_at is None]
        coming = [(one, one.due > self.now) for one in running]
        touched([code])
        sweeps.run("recompute", at=self.at)
        for one in running:
            one.follow(self.now, self.now)
        assert all(one.due > self.now for one, was_to_come in coming if was_to_come)

    # --- who acts

    def hand_over(self) -> bool:
        """To whoever looks, or back to the handler."""
        if self._is_free() and not self.ticket.open_assists:
            resolve(self.world, self.ticket, at=self.at)
            self._stop(self.now, P.RESOLVE)
        elif self.ticket.state == State.RESOLVED:
            rework(self.world, self.ticket, at=self.at)
            self._run_on(P.RESOLVE)
        else:
            return False
        return True

    def ask_suspension(self) -> bool:
        """Also when it is overdue."""
        is_free = self._is_free()
        if is_free:
            actions.suspend(
                self.ticket, by=self.world.handler, at=self.at, reason="BUDGET", text="等预算",
                resume_on=self._day() + timedelta(days=self.random.randint(2, 9)),
            )  # fmt: skip
        return is_free

    def ask_extension(self) -> bool:
        """Once a cycle, and in time."""
        lead = self._of(P.RESOLVE)
        is_possible = self._is_free() and self.now < lead.due and not lead.more
        if is_possible:
            actions.extend(
                self.ticket, by=self.world.handler, at=self.at, reason="MATERIAL",
                text="等材料到货", days=self.random.randint(1, 3),
            )  # fmt: skip
        return is_possible

    def decide(self) -> bool:
        """Granted, in time or late; now and then refused."""
        if not self.ticket.has_request:
            return False
        asked = request(self.ticket)
        by = self.world.leader if asked.kind == "suspend" else self.world.shift_leader
        is_over = "resume_at" in asked.asks and self._resumes(asked) <= self.at
        if is_over or self.random.random() < 0.2:
            actions.refuse(asked, by=by, at=self.at, text="请尽快办理")
            return True
        self.ticket = grant(self.world, self.ticket, by=by, at=self.at)
        if asked.kind == "suspend":
            self._stop(tick(asked.asked_at), P.RESOLVE, P.TOTAL, P.ASSIST)
            return True
        for one in (self._of(P.RESOLVE), self._of(P.TOTAL)):
            is_after = tick(asked.asked_at) <= one.due < self.now
            one.extend(asked.asks["days"], self.now if is_after else None)
        return True

    def come_back(self) -> bool:
        """Before its day."""
        if self.ticket.state != State.SUSPENDED:
            return False
        actions.resume(self.ticket, by=self.world.handler, at=self.at)
        self._run_on(P.RESOLVE, P.TOTAL, P.ASSIST)
        return True

    def amend(self) -> bool:
        """To a category with another limit, of the same calendar."""
        found = self._of(P.RESOLVE)
        if not self._is_free() or found.due < self.now:
            return False
        to_drain = self.ticket.category_id == self.world.categories["litter"].pk
        wanted = self.world.categories["drain" if to_drain else "litter"]
        is_broken = clock(self.ticket, P.RESOLVE).legal_breached_at is not None
        actions.amend(self.ticket, by=self.world.desk, at=self.at, category=wanted, text="归类有误")
        days, by_law = DRAIN if to_drain else LITTER
        found.relimit(days, by_law, self.now, is_broken=is_broken)
        return True

    def enlist(self) -> bool:
        """Due at half of what is left, where that is so many whole ticks."""
        lead = self._of(P.RESOLVE)
        known = set(Assist.objects.filter(ticket=self.ticket).values_list("unit__code", flat=True))
        free = [name for name in HELPERS if self.world.units[name].code not in known]
        left = self.street.left(self.now, lead.due)
        if not self._is_free() or not free or left % 2 or left <= 0:
            return False
        actions.enlist(
            self.ticket, by=self.world.handler, at=self.at, unit=self.world.units[free[0]],
            question="请配合",
        )  # fmt: skip
        told = self.street.walk(self.now, left // 2, [])
        made = clock(self.ticket, P.ASSIST)
        self.limits[made.pk] = Limit(self.now, self.street, told=told)
        return True

    def reopen(self) -> bool:
        """Answered, not solved, and begun anew; a second time it is the district's."""
        if self.ticket.state != State.RESOLVED or self.ticket.contests:
            return False
        world, at = self.world, self.at
        actions.verify(self.ticket, by=world.grid_worker, at=at)
        actions.reply(self.ticket, by=world.other_desk, at=at, final_answer=ANSWER)
        actions.rate(self.ticket, by=world.shift_leader, at=at, stars=1, is_solved=False)
        world.at, kept = at, world.at
        again(world, self.ticket)
        world.at = kept
        self._begin()
        return True

    # --- the walks beside

    def _begin(self) -> None:
        """A new cycle: what is promised of it, to whom it is handed and to the reporter."""
        is_litter = self.ticket.category_id == self.world.categories["litter"].pk
        days, by_law = LITTER if is_litter else DRAIN
        street, office = self.street, self.calendars["office"]
        parts = [
            (4 * HOUR, street), (HOUR // 2, street), (2 * HOUR, street),
            (days * street.day, street), (8 * HOUR, street), (office.day, office),
        ]  # fmt: skip
        self.limits = {
            self._row(P.RESOLVE).pk: Limit(
                self.now, street, parts=[(days * street.day, street)], law_days=by_law
            ),
            self._row(P.TOTAL).pk: Limit(self.now, street, parts=parts),
        }

    def _row(self, promise: Promise) -> Clock:
        return clock(self.ticket, promise)

    def _of(self, promise: Promise) -> Limit:
        return self.limits[self._row(promise).pk]

    def _each(self, *promises: Promise) -> list[Limit]:
        rows = Clock.objects.filter(pk__in=self.limits, promise__in=promises, ended_at=None)
        return [self.limits[row.pk] for row in rows]

    def _stop(self, asked: int, *promises: Promise) -> None:
        """Asked in time: it stands still since then."""
        for one in self._each(*promises):
            one.paused_at = asked if asked <= one.due else self.now

    def _run_on(self, *promises: Promise) -> None:
        for one in self._each(*promises):
            was_to_come = one.paused_at is not None and one.due > one.paused_at
            one.resume(self.now)
            assert one.due > self.now or not was_to_come

    def _is_free(self) -> bool:
        return self.ticket.state == State.HANDLING and not self.ticket.has_request

    def _day(self) -> date:
        return the_clock.local(self.at).date()

    def _resumes(self, asked: Approval) -> datetime:
        return datetime.fromisoformat(asked.asks["resume_at"])

    def check(self) -> None:
        """The dates, one clock a promise, and what reconciling and a commit ask."""
        for one in self.limits.values():
            kept = zip(SPARED, (one.kept, one.law_kept), strict=True)
            self.done.update(name for name, span in kept if span)
        for row in Clock.objects.filter(pk__in=self.limits, state=ClockState.RUNNING):
            model = self.limits[row.pk]
            by_law = None if model.by_law is None else moment(model.by_law)
            assert (row.promise, row.due_at, row.legal_due_at) == (
                row.promise, moment(model.due), by_law,
            )  # fmt: skip
        open_ones = Clock.objects.filter(ticket=self.ticket, ended_at=None)
        promises = list(open_ones.values_list("promise", "assist"))
        assert len(promises) == len(set(promises))
        sweeps.run("reconcile", at=self.at)
        assert not Incident.objects.filter(kind="deadline").exists()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def drains(world: World) -> None:
    """Another category of the same calendar; both have a limit by law."""
    world.categories["drain"] = drain = type(world.categories["litter"]).objects.create(
        code="0199", name="drain", parent=world.categories["street_order"], calendar="street7",
        verify_by="SITE",
    )  # fmt: skip
    for name, (days, by_law) in (("litter", LITTER), ("drain", DRAIN)):
        TimeLimit.objects.create(
            promise=P.RESOLVE, category=world.categories[name], value=days, kind="WORK_DAY",
            legal_value=by_law, legal_kind="WORK_DAY", legal_counting="CIVIL",
        )  # fmt: skip
    assert drain.pk


def play(world: World, random: Random) -> set[str]:
    """One game, forgotten afterwards; what happened in it."""
    try:
        with transaction.atomic():
            machine = Machine(world, random)
            for _step in range(STEPS):
                machine.ticket = Ticket.objects.get(pk=machine.ticket.pk)
                machine.step()
            all_is_well(machine.at)
            raise Undone
    except Undone:
        touched(["street7", "office"])
        return machine.done


@pytest.mark.usefixtures("drains")
def test_a_date_is_what_a_walk_comes_to(world: World) -> None:
    done: set[str] = set()

    @BRIEFLY
    @given(random=st.randoms(use_true_random=True))
    def games(random: Random) -> None:
        done.update(play(world, random))

    games()
    assert done == {*OFTEN, *SPARED}, "not everything happened, so this has shown little"


@pytest.mark.full
@pytest.mark.usefixtures("drains")
def test_many_dates_are_what_a_walk_comes_to(world: World) -> None:
    @settings(BRIEFLY, max_examples=50, derandomize=False)
    @given(random=st.randoms(use_true_random=True))
    def games(random: Random) -> None:
        play(world, random)

    games()
