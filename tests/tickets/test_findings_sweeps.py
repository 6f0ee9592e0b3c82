"""Five failures of a ticket are an incident of its sweep; it is over when the ticket gets on."""

import pytest

from grids.models import Unit
from notices.models import Incident
from tests.world import World
from tickets import actions, sweeps
from tickets.models import Ticket


@pytest.fixture
def stuck(world: World, monkeypatch: pytest.MonkeyPatch) -> Ticket:
    """A ticket on which every sweep stumbles until the patch is undone."""

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("no unit")

    ticket = world.accepted()
    monkeypatch.setattr(actions, "route", broken)
    return ticket


def sweep(world: World, times: int) -> None:
    for _turn in range(times):
        sweeps.run("route", at=world.at)


def incident(ticket: Ticket) -> Incident:
    return Incident.objects.get(kind="sweep:route", subject=ticket.number)


@pytest.mark.parametrize(("times", "is_raised"), [(1, False), (4, False), (5, True), (6, True)])
def test_the_fifth_failure_is_an_incident(
    world: World, stuck: Ticket, times: int, is_raised: bool
) -> None:
    sweep(world, times)
    assert incident(stuck).count == times
    assert (incident(stuck).raised_at is not None) == is_raised


@pytest.mark.parametrize("times", [1, 5])
def test_a_later_success_ends_it(
    world: World, stuck: Ticket, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    sweep(world, times)
    monkeypatch.undo()
    assert sweeps.run("route", at=world.at) == 1
    ended = Incident.objects.values_list("ended_at", flat=True)
    assert list(ended) == ([world.at] if times == 5 else [])


def test_what_no_retry_can_cure_is_one_at_once(world: World) -> None:
    ticket = world.accepted(category=world.categories["alone"])
    Unit.objects.filter(kind__in=["SUBDISTRICT_OFFICE", "CENTRE"]).update(is_active=False)
    sweep(world, 1)
    assert incident(ticket).raised_at == world.at
