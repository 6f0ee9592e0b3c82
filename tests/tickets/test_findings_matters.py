"""Who sees a split ticket, where an amended one lies, whose turn a returned one is."""

from tests.tickets.steps import invalid, sent_back
from tests.world import World
from tickets import actions
from tickets.actions._born import Place
from tickets.models import Ticket
from tickets.proof import turns
from tickets.states import State
from tickets.words import Turn


def test_whoever_splits_a_ticket_is_not_its_reporter(world: World) -> None:
    ticket = world.reported(by=world.grid_worker, origin="PATROL")
    new = actions.split(ticket, by=world.desk, at=world.at, text="另外路灯也坏了")
    assert new.reported_by == world.grid_worker
    world.desk.posts.all().delete()
    assert not Ticket.objects.visible_to(world.again("desk"), world.at).exists()


def test_a_new_address_keeps_the_point_and_its_grid(world: World) -> None:
    ticket = world.reported()
    before = (ticket.lat, ticket.lng, ticket.division_id, ticket.subdistrict_id)
    actions.amend(ticket, by=world.desk, at=world.at, place=Place(address="湖滨路 3 号后门"))
    assert (ticket.lat, ticket.lng, ticket.division_id, ticket.subdistrict_id) == before
    assert ticket.address == "湖滨路 3 号后门"


def test_a_new_point_finds_a_new_grid_and_keeps_the_address(world: World) -> None:
    ticket = world.reported()
    actions.amend(ticket, by=world.desk, at=world.at, place=Place(lat=30.245, lng=120.165))
    assert (ticket.division, ticket.address) == (world.places["second_grid"], "湖滨路 1 号")


def test_a_place_of_nothing_is_refused(world: World) -> None:
    with invalid("address"):
        actions.amend(world.reported(), by=world.desk, at=world.at, place=Place())


def test_the_dispatch_after_a_second_return_is_the_districts_turn(world: World) -> None:
    ticket = sent_back(world, world.handled())
    assert ticket.turn == Turn.DESK
    actions.dispatch(ticket, by=world.desk, at=world.at, unit=world.units["squad"])
    actions.claim(ticket, by=world.handler, at=world.at)
    ticket = sent_back(world, ticket)
    assert (ticket.state, ticket.turn) == (State.ACCEPTED, Turn.DISTRICT)
    assert Ticket.objects.my_turn(world.district_desk, world.at).get() == ticket
    assert not turns.turn(world.at.date()).exists()
