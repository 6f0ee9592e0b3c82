"""What tests of stand-ins share."""

from datetime import date, timedelta
from typing import Any

from common import clock
from grids.models import Person, StandIn
from tests.world import World


def day(world: World, more: int = 0) -> date:
    """That many days after the world's."""
    return clock.local(world.at).date() + timedelta(days=more)


def away(world: World, absent: Person, stand_in: Person, **given: Any) -> StandIn:
    """Away on the world's day and two more."""
    values = {"since": day(world), "until": day(world, 2), "made_at": world.at} | given
    return StandIn.objects.create(person=absent, stand_in=stand_in, **values)
