"""Sweeps: idempotent, complete without the broker, and held up by nobody."""

from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from common.actors import SYSTEM
from common.errors import Impossible
from grids.models import Post, Unit
from notices.models import Incident
from tests.files import settled
from tests.tickets.steps import DAY, HOUR, fresh, last, resolve, sent_back, suspended
from tests.world import World
from tickets import actions, sweeps, tasks
from tickets.models import Category, RoutingRule, Ticket, Timer
from tickets.states import State
from tickets.sweeps import each


def settle(world: World, percent: int) -> Ticket:
    category: Category = world.categories["litter"]
    category.sample_percent = percent
    return actions.settle(
        by=world.grid_worker, at=world.at, text="纸箱", place=world.spot, category=category,
        result="已劝离", files=settled(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({}, State.REPORTED),
        ({"urgency": "URGENT"}, State.DISPATCHED),
        ({"source": "SENSOR", "origin": "MACHINE"}, State.DISPATCHED),
        ({"urgency": "URGENT", "category": None}, State.REPORTED),
    ],
)
def test_urgent_and_trusted_reports_are_accepted_and_dispatched(
    world: World, given: dict[str, Any], state: State
) -> None:
    ticket = world.reported(**given)
    sweeps.run("route", at=world.at)
    assert fresh(ticket).state == state


def test_at_any_hour(world: World) -> None:
    sunday_night = world.at - 34 * HOUR
    ticket = world.reported(urgency="URGENT", at=sunday_night)
    sweeps.run("route", at=sunday_night)
    assert fresh(ticket).state == State.DISPATCHED


def test_a_report_that_may_be_declined_stays_with_the_desk(world: World) -> None:
    ticket = world.reported(urgency="URGENT")
    actions.decline(ticket, by=world.desk, at=world.at, reason="BEYOND", answer="请找市级平台")
    assert sweeps.run("route", at=world.at) == 0
    assert fresh(ticket).has_request


def test_what_was_accepted_is_dispatched(world: World) -> None:
    ticket = world.accepted()
    assert sweeps.run("route", at=world.at) == 1
    assert (fresh(ticket).unit, last(ticket).by) == (world.units["squad"], SYSTEM.actor_ref)


def test_what_was_returned_waits_for_a_person(world: World) -> None:
    ticket = sent_back(world, world.handled())
    assert sweeps.run("route", at=world.at) == 0
    assert fresh(ticket).state == State.ACCEPTED


def test_a_sweep_twice_does_nothing_more(world: World) -> None:
    world.accepted()
    assert [sweeps.run("route", at=world.at) for _turn in range(2)] == [1, 0]


def test_the_task_dispatches_one_ticket_and_the_second_time_none(world: World) -> None:
    ticket = world.accepted()
    for _turn in range(2):
        tasks.route(ticket_id=ticket.pk)
    assert ticket.events.filter(verb="dispatch").count() == 1


def test_suspended_tickets_come_back_on_their_day(world: World) -> None:
    ticket = suspended(world)
    assert sweeps.run("resume", at=world.at + 7 * DAY - HOUR) == 0
    assert sweeps.run("resume", at=world.at + 7 * DAY) == 1
    assert fresh(ticket).state == State.HANDLING


@pytest.mark.parametrize(("percent", "state"), [(0, State.CLOSED), (100, State.RESOLVED)])
def test_settled_tickets_pass_after_a_day_unless_drawn(
    world: World, percent: int, state: State
) -> None:
    ticket = settle(world, percent)
    assert sweeps.run("pass", at=world.at + DAY - HOUR) == 0
    sweeps.run("pass", at=world.at + DAY)
    assert fresh(ticket).state == state


@pytest.mark.parametrize(("percent", "is_told"), [(0, False), (100, True)])
def test_nobody_is_reminded_of_what_passes_by_itself(
    world: World, percent: int, is_told: bool
) -> None:
    ticket = settle(world, percent)
    sweeps.run("timers", at=world.at + DAY)
    steps = Timer.objects.filter(ticket=ticket, state="FIRED", clock__promise="VERIFY")
    assert steps.exists()
    assert steps.filter(event_seq__isnull=False).exists() is is_told


def test_a_settled_ticket_that_a_unit_took_up_again_is_looked_at(world: World) -> None:
    ticket = settle(world, 100)
    actions.rework(ticket, by=world.community_lead, at=world.at, reason="NOT_DONE", text="还在")
    actions.route(ticket, at=world.at)
    resolve(world, actions.claim(ticket, by=world.handler, at=world.at))
    assert sweeps.run("pass", at=world.at + DAY) == 0
    assert fresh(ticket).turn == "GRID"


def test_windows_that_are_over_close(world: World) -> None:
    ticket = world.replied()
    assert sweeps.run("close", at=world.at + 7 * DAY - HOUR) == 0
    assert sweeps.run("close", at=world.at + 7 * DAY) == 1
    assert (fresh(ticket).state, ticket.ratings.count()) == (State.CLOSED, 0)


def test_a_verified_ticket_with_nobody_left_to_answer_is_closed(world: World) -> None:
    ticket = world.handled(origin="PATROL")
    actions.follow(ticket, by=world.desk, at=world.at)
    actions.verify(resolve(world, ticket), by=world.grid_worker, at=world.at)
    assert sweeps.run("close", at=world.at) == 0
    ticket.followers_count = 0
    ticket.save(update_fields=["followers_count"])
    assert sweeps.run("close", at=world.at) == 1


def test_a_unit_where_nobody_can_sign_is_one_incident(world: World) -> None:
    world.dispatched()
    Post.objects.filter(unit=world.units["squad"]).update(is_active=False)
    for _turn in range(2):
        sweeps.run("route", at=world.at)
    incident = Incident.objects.get(kind="unmanned")
    assert (incident.subject, incident.count, incident.ended_at) == ("CG-003", 1, None)
    Post.objects.filter(unit=world.units["squad"]).update(is_active=True)
    sweeps.run("route", at=world.at + HOUR)
    incident.refresh_from_db()
    assert incident.ended_at == world.at + HOUR


@pytest.mark.parametrize(
    ("step", "kinds", "code"),
    [
        ("reported", ["DESK", "SHIFT_LEADER"], "330102003000"),
        ("resolved", ["GRID_WORKER", "COMMUNITY_LEAD"], "330102003050001"),
    ],
)
def test_so_is_a_desk_or_a_grid_without_anybody(
    world: World, step: str, kinds: list[str], code: str
) -> None:
    getattr(world, step)()
    sweeps.run("route", at=world.at)
    assert not Incident.objects.exists()
    Post.objects.filter(kind__in=kinds).update(is_active=False)
    sweeps.run("route", at=world.at)
    assert Incident.objects.get(ended_at=None).subject == code


def test_a_ticket_that_nobody_can_take_is_an_incident_and_the_next_goes_on(world: World) -> None:
    stuck, fine = world.accepted(category=world.categories["alone"]), world.accepted()
    Unit.objects.filter(kind__in=["SUBDISTRICT_OFFICE", "CENTRE"]).update(is_active=False)
    assert sweeps.run("route", at=world.at) == 1
    assert (fresh(stuck).state, fresh(fine).state) == (State.ACCEPTED, State.DISPATCHED)
    assert Incident.objects.get(kind="sweep:route").subject == stuck.number


def test_refused_tickets_at_the_head_hold_up_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(each, "BATCH", 2)
    numbers = [world.accepted().number for _turn in range(5)]
    done = each.each("x", Ticket.objects.all(), Refuser(numbers[:3]), world.at)
    assert done == 2


def test_when_the_time_of_a_task_is_up_no_ticket_is_blamed(world: World) -> None:
    world.accepted()

    def act(ticket: Ticket) -> None:
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        each.each("x", Ticket.objects.all(), act, world.at)
    assert not Incident.objects.exists()


class Refuser:
    """An act that some tickets refuse."""

    def __init__(self, refused: list[str]) -> None:
        self.refused = refused

    def __call__(self, ticket: Ticket) -> None:
        ticket.due_at = None  # what an act does to the row it was given
        if ticket.number in self.refused:
            raise Impossible("not now")


def test_the_last_resort_is_taken_when_no_rule_matches(world: World) -> None:
    RoutingRule.objects.all().delete()
    ticket = world.accepted()
    sweeps.run("route", at=world.at)
    assert fresh(ticket).unit == world.units["office"]
