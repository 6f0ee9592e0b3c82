"""Plans of steps: which one holds, when its steps come, and what is refused."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from grids import hours
from grids.models import Person
from tests.tickets.steps import clock
from tests.tickets.timers import armed
from tests.world import World
from tickets import law, loading, steps
from tickets.limits import is_shorter_by_law
from tickets.models import EscalationPlan, EscalationStep, TimeLimit
from tickets.models.clock import Clock
from tickets.words import Promise

P = Promise
ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = hours.CalendarSpec("office", ZONE, dict.fromkeys(range(5), ((510, 1050),)))
FRIDAY = datetime(2026, 11, 27, 9, tzinfo=ZONE)


@dataclass
class Row:
    nth: int
    at_kind: str
    at_value: Decimal
    verb: str = "warn"


def rows(*given: tuple[str, Any]) -> list[Row]:
    return [Row(nth, kind, Decimal(str(value))) for nth, (kind, value) in enumerate(given, 1)]


FULL = rows(("SHARE", 50), ("SHARE", 100), ("AFTER_HOURS", 24), ("EVERY_WORK_DAYS", 1))


def running(due_at: datetime) -> Clock:
    return Clock(
        kind="WORK_HOUR", counting="RUNNING", calendar="office", counted_from=FRIDAY,
        started_at=FRIDAY, due_at=due_at,
    )  # fmt: skip


def test_steps_come_in_the_time_of_the_clock_and_then_every_working_day() -> None:
    course = steps.Course(running(FRIDAY + timedelta(hours=8)), FULL, (), OFFICE)
    due = [f"{step.due_at:%a %H:%M}" for step in islice(course.after(0, 0), 6)]
    assert due == ["Fri 13:00", "Fri 17:00", "Sat 17:00", "Mon 17:00", "Tue 17:00", "Wed 17:00"]


def test_a_pause_moves_what_comes_after_it() -> None:
    pause = hours.Pause(FRIDAY + timedelta(hours=1), FRIDAY + timedelta(hours=3))
    course = steps.Course(running(FRIDAY + timedelta(hours=8)), FULL, (pause,), OFFICE)
    assert f"{next(course.after(0, 0)).due_at:%H:%M}" == "14:00"


def test_no_step_comes_before_the_one_before_it_whatever_became_of_the_calendar() -> None:
    # the days between were taken off after the date was set: all shares of no time are its start
    clock = running(FRIDAY + timedelta(days=1, hours=1))
    clock.counted_from = FRIDAY + timedelta(hours=8)
    rule = rows(("SHARE", 50), ("SHARE", 80), ("SHARE", 100), ("EVERY_WORK_DAYS", 1))
    course = steps.Course(clock, rule, (), OFFICE)
    fired = FRIDAY + timedelta(hours=23)
    assert next(course.after(1, 0)).due_at < fired
    missed = list(course.missed(1, 0, clock.due_at, since=fired))
    assert [step.due_at for step in missed] == [fired, clock.due_at]


@pytest.mark.parametrize(
    ("given", "cure"),
    [
        ((), "最后一步"),
        ((("SHARE", 50), ("SHARE", 100)), "最后一步"),
        ((("SHARE", 50), ("EVERY_HOURS", 1)), "100"),
        ((("SHARE", 80), ("SHARE", 50), ("SHARE", 100), ("EVERY_HOURS", 1)), "一步比一步大"),
        ((("SHARE", 100), ("EVERY_HOURS", 1), ("EVERY_HOURS", 1)), "只能是最后一步"),
        ((("AFTER_HOURS", 1), ("SHARE", 100), ("EVERY_HOURS", 1)), "前面"),
        ((("SHARE", 100), ("AFTER_HOURS", 9), ("AFTER_HOURS", 1), ("EVERY_HOURS", 1)), "小时"),
        ((("SHARE", 100), ("EVERY_WORK_DAYS", 1.5)), "整数"),
        ((("SHARE", 100), ("EVERY_HOURS", 0.1)), "0.25"),
    ],
)
def test_a_plan_that_leads_nowhere_is_refused(given: Any, cure: str) -> None:
    assert cure in steps.fault(rows(*given))


def test_a_full_plan_is_faultless() -> None:
    assert steps.fault(FULL) == ""


def test_the_plans_that_come_with_the_house_are_faultless() -> None:
    plans: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    with (loading.FOLDER / "escalation.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one = Row(int(row["nth"]), row["at_kind"], Decimal(row["at_value"]), row["verb"])
            plans[row["promise"], row["category"], row["urgency"]].append(one)
    assert ("", "", "") in plans
    assert {key: steps.fault(found) for key, found in plans.items()} == dict.fromkeys(plans, "")


def plan(**where: Any) -> EscalationPlan:
    made = EscalationPlan.objects.create(**where)
    EscalationStep.objects.bulk_create(
        EscalationStep(plan=made, nth=nth, at_kind=kind, at_value=value, verb="remind")
        for nth, (kind, value) in enumerate((("SHARE", 25), ("SHARE", 100), ("EVERY_HOURS", 1)), 1)
    )
    return made


def test_the_plan_of_a_category_holds_for_its_tickets(world: World) -> None:
    plan(category=world.categories["street_order"])
    ticket = world.reported()
    start = clock(ticket, P.ACCEPT)
    assert armed(ticket, P.ACCEPT).due_at == start.started_at + timedelta(hours=1)


def test_the_promise_comes_before_the_category(world: World) -> None:
    litter = world.categories["litter"]
    plan(category=litter)
    plan(promise=P.ACCEPT)
    found = law.plan_for(P.ACCEPT, litter.pk, "NORMAL")
    assert found == law.plan_for(P.ACCEPT, None, "")
    assert found != law.plan_for(P.CLAIM, litter.pk, "NORMAL")


@pytest.mark.parametrize(
    ("value", "kind", "is_shorter"),
    [(7, "WORK_DAY", False), (4, "WORK_DAY", True), (5, "WORK_DAY", False)],
)
def test_a_limit_by_law_shorter_than_ours_is_known(
    world: World, value: int, kind: str, is_shorter: bool
) -> None:
    row = TimeLimit(
        promise=P.RESOLVE, value=Decimal(5), kind="WORK_DAY", counting="RUNNING",
        calendar="office", legal_value=Decimal(value), legal_kind=kind, legal_counting="CIVIL",
    )  # fmt: skip
    assert is_shorter_by_law(row) is is_shorter


@pytest.fixture
def chief(world: World) -> Client:
    """A superuser, who holds no post that sees tickets."""
    Person.objects.filter(pk=world.admin.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(world.again("admin"))
    return client


def form(*given: tuple[int, str, str], **more: str) -> dict[str, str]:
    """The plan's form as a browser sends it."""
    found = {
        "promise": "CLAIM", "category": "", "urgency": "",
        "steps-TOTAL_FORMS": str(len(given)), "steps-INITIAL_FORMS": "0",
        "steps-MIN_NUM_FORMS": "1", "steps-MAX_NUM_FORMS": "1000", **more,
    }  # fmt: skip
    for row, (nth, kind, value) in enumerate(given):
        found |= {
            f"steps-{row}-nth": str(nth), f"steps-{row}-at_kind": kind,
            f"steps-{row}-at_value": value, f"steps-{row}-verb": "warn",
        }  # fmt: skip
    return found


def test_the_administration_keeps_a_plan_that_leads_on(chief: Client) -> None:
    given = form((1, "SHARE", "100"), (2, "EVERY_HOURS", "2"))
    answer = chief.post("/admin/tickets/escalationplan/add/", given)
    assert answer.status_code == 302
    assert EscalationPlan.objects.get(promise="CLAIM").steps.count() == 2


def test_the_administration_refuses_one_that_does_not(chief: Client) -> None:
    answer = chief.post("/admin/tickets/escalationplan/add/", form((1, "SHARE", "100")))
    assert "最后一步要是" in answer.content.decode()
    assert not EscalationPlan.objects.filter(promise="CLAIM").exists()


def test_the_administration_refuses_a_limit_by_law_that_is_shorter(
    world: World, chief: Client
) -> None:
    given = {
        "promise": "RESOLVE", "category": str(world.categories["litter"].pk), "urgency": "",
        "value": "5", "kind": "WORK_DAY", "counting": "RUNNING", "calendar": "office",
        "legal_value": "2", "legal_kind": "WORK_DAY",
    }  # fmt: skip
    answer = chief.post("/admin/tickets/timelimit/add/", given)
    assert "法定时限不能短于内部时限" in answer.content.decode()
    assert not TimeLimit.objects.filter(category__code="0101").exists()
