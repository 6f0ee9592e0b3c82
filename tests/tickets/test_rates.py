"""The four promise rates: clocks met in time ÷ clocks due."""

from datetime import timedelta

from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Clock, Ticket
from tickets.rates import Rate, promise_rates
from tickets.words import Promise

FAR = timedelta(days=60)


def rates(world: World) -> dict[Promise, Rate]:
    return promise_rates(until=world.at + FAR)


def test_a_rate_of_nothing_is_null(world: World) -> None:
    found = rates(world)
    assert list(found) == [Promise.ACCEPT, Promise.CLAIM, Promise.RESOLVE, Promise.REPLY]
    assert {rate.value for rate in found.values()} == {None}


def test_what_is_met_in_time_counts_for_each_promise(world: World) -> None:
    world.replied()
    assert set(rates(world).values()) == {Rate(1, 1)}
    assert rates(world)[Promise.REPLY].value == 1.0


def test_what_is_met_late_is_due_and_not_met(world: World) -> None:
    world.accepted()
    actions.accept(world.reported(), by=world.desk, at=world.at + timedelta(days=2))
    assert rates(world)[Promise.ACCEPT] == Rate(1, 2)


def test_what_runs_past_its_due_date_counts_as_not_met(world: World) -> None:
    world.reported()
    assert promise_rates(until=world.at)[Promise.ACCEPT] == Rate(0, 0)
    assert rates(world)[Promise.ACCEPT] == Rate(0, 1)


def claimed_elsewhere(world: World, *, after: timedelta) -> None:
    """Dispatched, redirected to the street's office some time later, and claimed there."""
    ticket, later = world.dispatched(), world.at + after
    actions.redirect(
        ticket, by=world.desk, at=later, unit=world.units["office"], text="应由街道办理"
    )
    actions.claim(ticket, by=world.office_handler, at=later)


def test_each_leg_has_its_own_clocks(world: World) -> None:
    claimed_elsewhere(world, after=timedelta(minutes=30))
    assert rates(world)[Promise.CLAIM] == Rate(1, 1)


def test_a_clock_cancelled_after_its_due_date_was_not_kept(world: World) -> None:
    claimed_elsewhere(world, after=timedelta(days=3))
    assert rates(world)[Promise.CLAIM] == Rate(1, 2)


def test_resolve_counts_by_the_time_of_the_result_not_of_the_check(world: World) -> None:
    ticket = world.resolved()
    late = Clock.objects.get(ticket=ticket, promise=Promise.RESOLVE).due_at + timedelta(days=1)
    actions.verify(ticket, by=world.desk, at=late)
    assert rates(world)[Promise.RESOLVE] == Rate(1, 1)


def test_merged_tickets_are_left_out(world: World) -> None:
    lead = world.dispatched()
    actions.merge(world.accepted(), by=world.desk, at=world.at, target=lead)
    assert rates(world)[Promise.ACCEPT] == Rate(1, 1)


def test_void_tickets_are_left_out(world: World) -> None:
    ticket = world.dispatched()
    actions.void(ticket, by=world.desk, at=world.at, reason="DUPLICATE", text="重复录入")
    approval = ticket.approvals.get()
    approval = actions.countersign(approval, by=world.head, at=world.at)
    actions.grant(approval, by=world.shift_leader, at=world.at)
    assert rates(world)[Promise.ACCEPT] == Rate(0, 0)


def test_the_period_is_that_of_the_due_dates(world: World) -> None:
    ticket = world.reported()
    due_at = Clock.objects.get(ticket=ticket, promise=Promise.ACCEPT).due_at
    actions.accept(ticket, by=world.desk, at=world.at)
    second = timedelta(seconds=1)
    assert promise_rates(until=due_at)[Promise.ACCEPT] == Rate(0, 0)
    assert promise_rates(since=due_at, until=due_at + second)[Promise.ACCEPT] == Rate(1, 1)
    assert promise_rates(since=due_at + second, until=world.at + FAR)[Promise.ACCEPT] == Rate(0, 0)


def test_assists_are_not_the_leads_promise(world: World) -> None:
    ticket = world.handled()
    actions.enlist(
        ticket, by=world.handler, at=world.at, unit=world.units["office"], question="请到场"
    )
    assert rates(world)[Promise.RESOLVE] == Rate(0, 1)


def test_only_the_given_tickets_are_counted(world: World) -> None:
    here = world.replied()
    world.reported()
    only = Ticket.objects.filter(pk=here.pk)
    assert promise_rates(only, until=world.at + FAR)[Promise.ACCEPT] == Rate(1, 1)


def test_an_answer_given_at_the_desk_keeps_only_the_first_promise(world: World) -> None:
    actions.answer(world.reported(), by=world.desk, at=world.at, answer=ANSWER)
    found = rates(world)
    assert found[Promise.ACCEPT] == Rate(1, 1)
    assert found[Promise.REPLY] == Rate(0, 0)
