"""What tests of figures share: a scope of some days around the world's, and its numbers."""

from datetime import timedelta
from typing import Any

from tests.tickets.pages import entered
from tests.world import World
from tickets.figures import counting
from tickets.figures.counting import Counted
from tickets.figures.facts import Measure
from tickets.figures.scope import Scope
from tickets.rates import Rate

DAY = timedelta(days=1)
LATER = 30 * DAY
"""By then everything of the world's day is due."""


def scope(world: World, who: str = "district_leader", **given: Any) -> Scope:
    """From the world's Monday to a month later, looked at then."""
    at = given.pop("at", world.at + LATER)
    day = world.at.date()
    values = {"first": day, "last": day + LATER} | given
    return Scope(world.again(who), at, **values)


def counted(world: World, who: str = "district_leader", **given: Any) -> Counted:
    return counting.count(scope(world, who, **given))


def rate(world: World, measure: Measure, **given: Any) -> Rate:
    """One number over all."""
    return counted(world, **given).now.get(measure, Rate(0, 0))


def page(world: World, who: str, where: str = "/figures/", **asked: Any) -> Any:
    return entered(world.again(who)).get(where, asked)
