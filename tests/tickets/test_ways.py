"""Lists go way by way: they show what one condition for all of it finds, in the same order."""

from datetime import timedelta

import pytest

from grids.models import Post
from tests.tickets import stages
from tests.world import World
from tickets import boards, tallies
from tickets.models import Ticket

CAST = (
    "grid_worker", "desk", "shift_leader", "leader", "inspector", "handler", "head", "resident",
    "clerk", "auditor", "district_desk",
)  # fmt: skip
MADE = (
    World.reported, World.accepted, World.dispatched, World.handled, World.resolved,
    World.verified, World.replied, stages.asked, stages.contested, stages.declined, stages.helped,
    stages.merged, stages.supervised, stages.suspended, stages.urgent,
)  # fmt: skip
LATER = (timedelta(0), timedelta(hours=30), timedelta(days=9))


def full(world: World) -> World:
    """Tickets in every state."""
    for make in MADE:
        make(world)
    return world


pytestmark = pytest.mark.scene(make=full)


def plain(name: str, tab: str, world: World, later: timedelta) -> list[int]:
    """By one condition, all at once."""
    rows = boards.tickets_of(world.again(name), tab, world.at + later)
    return list(rows.rows().values_list("pk", flat=True))


def walked(name: str, tab: str, world: World, later: timedelta) -> list[int]:
    """Page by page, three rows each."""
    found: list[int] = []
    after, order = "", boards.order_of(tab)
    while True:
        rows = boards.tickets_of(world.again(name), tab, world.at + later)
        page = boards.page(rows, order, after=after, size=3, dressed=boards.listed)
        found += [row.pk for row in page.rows]
        after = page.next
        if not after:
            return found


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize("tab", boards.TABS)
def test_pages_show_what_one_condition_finds(scene: World, name: str, tab: str) -> None:
    for later in LATER:
        assert walked(name, tab, scene, later) == plain(name, tab, scene, later)


@pytest.mark.parametrize("name", CAST)
def test_what_is_counted_is_what_is_listed(scene: World, name: str) -> None:
    lists = {tab: boards.tickets_of(scene.again(name), tab, scene.at) for tab in boards.TABS}
    shown = {tab: str(len(plain(name, tab, scene, timedelta(0)))) for tab in boards.TABS}
    assert tallies.counts(lists) == shown
    assert tallies.tally(scene.again(name), scene.at, *boards.TABS) == shown


def test_everybody_together_finds_something_in_every_list(scene: World) -> None:
    for tab in boards.TABS:
        assert any(plain(name, tab, scene, later) for name in CAST for later in LATER)


def test_where_nobody_is_at_the_desk_the_district_finds_it(scene: World) -> None:
    before = walked("district_desk", boards.MINE, scene, timedelta(0))
    street = scene.again("desk").posts.get().division
    Post.objects.filter(division=street).update(is_active=False)
    found = walked("district_desk", boards.MINE, scene, timedelta(0))
    assert len(found) > len(before)
    assert found == plain("district_desk", boards.MINE, scene, timedelta(0))
    assert walked("desk", boards.MINE, scene, timedelta(0)) == []


def test_where_nobody_is_in_the_unit_the_desk_finds_it(scene: World) -> None:
    waiting = scene.dispatched()
    before = walked("desk", boards.MINE, scene, timedelta(0))
    Post.objects.filter(unit=waiting.unit).update(is_active=False)
    found = walked("desk", boards.MINE, scene, timedelta(0))
    assert waiting.pk in set(found) - set(before)
    assert found == plain("desk", boards.MINE, scene, timedelta(0))


def test_a_handler_who_left_the_unit_has_no_turn(scene: World) -> None:
    mine = scene.handled()
    assert mine.pk in walked("handler", boards.MINE, scene, timedelta(0))
    scene.again("handler").posts.update(is_active=False)
    assert mine.pk not in walked("handler", boards.MINE, scene, timedelta(0))


def test_a_filter_narrows_every_way(scene: World) -> None:
    rows = boards.tickets_of(scene.desk, boards.OPEN, scene.at).filter(state="ACCEPTED")
    wanted = set(rows.rows().values_list("pk", flat=True))
    assert wanted
    assert {row.pk for row in boards.page(rows, boards.BY_DUE).rows} == wanted
    others = boards.tickets_of(scene.desk, boards.OPEN, scene.at).exclude(state="ACCEPTED")
    assert wanted.isdisjoint(row.pk for row in boards.page(others, boards.BY_DUE).rows)


def test_nobody_sees_nothing(scene: World) -> None:
    person = scene.again("desk")
    person.is_active = False
    for tab in boards.TABS:
        rows = boards.tickets_of(person, tab, scene.at)
        assert boards.page(rows, boards.order_of(tab)).rows == []
        assert tallies.counts({tab: rows}) == {tab: "0"}


@pytest.mark.parametrize("name", CAST)
def test_a_walk_finds_what_the_doors_let_through(scene: World, name: str) -> None:
    person = scene.again(name)
    seen = set(Ticket.objects.visible_to(person, scene.at).values_list("pk", flat=True))
    turns = set(Ticket.objects.my_turn(person, scene.at).values_list("pk", flat=True))
    listed = {tab: plain(name, tab, scene, timedelta(0)) for tab in boards.TABS}
    assert set(listed[boards.OPEN] + listed[boards.ENDED]) == seen
    assert set(listed[boards.MINE]) == turns <= seen
