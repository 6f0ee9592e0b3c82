"""Who sees a split ticket; where an amended one lies."""

from tests.world import World
from tickets import actions
from tickets.models import Ticket


def test_whoever_splits_a_ticket_is_not_its_reporter(world: World) -> None:
    ticket = world.reported(by=world.grid_worker, origin="PATROL")
    new = actions.split(ticket, by=world.desk, at=world.at, text="另外路灯也坏了")
    assert new.reported_by == world.grid_worker
    world.desk.posts.all().delete()
    assert not Ticket.objects.visible_to(world.again("desk")).exists()
