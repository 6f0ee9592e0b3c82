"""现在超期 and 反复发生: with whom it lies, and where it comes back."""

from datetime import timedelta
from typing import Any

import pytest

from grids.models import Building
from tests.figures.counting import page
from tests.tickets.pages import move_clock, text_of
from tests.world import World
from tickets.actions._born import Place
from tickets.figures import late, repeat
from tickets.figures.scope import DAY
from tickets.models import FigureRule, Ticket

METRE = 1 / 111_320


def late_ones(world: World) -> World:
    """Two with the squad, one at the desk."""
    world.handled()
    world.dispatched()
    world.reported()
    return world


@pytest.fixture
def later(scene: World, settings: Any, tmp_path: Any) -> World:
    move_clock(settings, tmp_path, scene.at + 20 * DAY)
    return scene


LATE = pytest.mark.scene(make=late_ones)


@LATE
def test_what_is_overdue_lies_with_somebody(later: World) -> None:
    at = later.at + 20 * DAY
    found = late.holders(later.again("leader"), at)
    assert [(one.name, one.count) for one in found] == [("squad", 2), ("street受理台", 1)]
    for one in found:
        assert late.held(later.again("leader"), at, one.key).count() == one.count


@LATE
def test_a_holder_leads_to_the_tickets(later: World) -> None:
    squad = later.units["squad"].pk
    told = text_of(page(later, "leader", "/figures/late/", **{"with": f"u-{squad}"}))
    assert told.count('class="board-link"') == 2


@LATE
def test_nothing_of_another_street_is_shown(later: World) -> None:
    assert late.holders(later.again("far_desk"), later.at + 20 * DAY) == []


def test_in_time_is_not_late(nine: World) -> None:
    nine.handled()
    assert "现在没有超期的工单" in text_of(page(nine, "leader", "/figures/late/"))


@pytest.mark.parametrize("key", ["x-1", "u-", "u-x", "u-99999999999999999999"])
def test_a_holder_that_is_none_is_a_sentence(nine: World, key: str) -> None:
    assert page(nine, "leader", "/figures/late/", **{"with": key}).status_code == 422


def at_metres(world: World, *metres: float, lng: float = 120.155, **given: Any) -> None:
    """Reports along a line to the north."""
    for north in metres:
        place = Place(lat=30.245 + north * METRE, lng=lng, address="湖滨路")
        world.reported(place=place, **given)


def found(world: World, who: str = "leader", after: timedelta = DAY) -> list[int]:
    return [place.count for place in repeat.places(world.again(who), world.at + after)]


def test_three_times_within_fifty_metres_is_again_and_again(world: World) -> None:
    at_metres(world, 0, 30, 45)
    assert found(world) == [3]


def test_also_across_the_border_of_a_cell(world: World) -> None:
    starts = range(0, 60, 9)
    for nth, start in enumerate(starts):
        at_metres(world, start, start + 24, start + 48, lng=120.151 + nth * 0.001)
    assert found(world) == [3] * len(starts)


@pytest.mark.parametrize("metres", [(0, 30), (0, 60, 120), (0, 0, 80)])
def test_fewer_or_farther_apart_is_not(world: World, metres: tuple[float, ...]) -> None:
    at_metres(world, *metres)
    assert found(world) == []


def test_another_category_is_another_matter(world: World) -> None:
    at_metres(world, 0, 10)
    at_metres(world, 20, category=world.categories["advice"])
    assert found(world) == []


def test_one_building_is_one_place_however_large(world: World) -> None:
    at_metres(world, 0, 100, 200)
    Ticket.objects.update(building=Building.objects.get())
    assert found(world) == [3]


@pytest.mark.parametrize(("code", "value"), [("repeat_times", 0), ("repeat_days", 999_999)])
def test_no_rule_however_odd_breaks_the_page(world: World, code: str, value: int) -> None:
    at_metres(world, 0, 10, 20, 500)
    FigureRule.objects.update_or_create(code=code, defaults={"value": value})
    assert found(world) == [3]


def test_older_than_three_months_is_forgotten(world: World) -> None:
    at_metres(world, 0, 10, 20)
    assert found(world, after=91 * DAY) == []


def test_sensitive_matters_have_no_place(world: World) -> None:
    at_metres(world, 0, 10, 20, category=world.categories["alone"])
    assert found(world, "inspector") == []


def test_other_streets_places_are_not_shown(world: World) -> None:
    at_metres(world, 0, 10, 20)
    assert found(world, "far_desk") == []
    assert found(world, "district_leader") == [3]


def test_many_on_one_spot_take_no_time(world: World) -> None:
    spots = [(pk, 1, None, 30.2, 120.1) for pk in range(4000)]
    spots += [(10_000 + pk, 1, None, 30.3 + pk * 0.01, 120.1) for pk in range(900)]
    assert [len(one) for one in repeat._grouped(spots)] == [4000]
