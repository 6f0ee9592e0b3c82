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


@pytest.fixture
def full(world: World) -> World:
    """Tickets in every state."""
    for make in MADE:
        make(world)
    return world


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
def test_pages_show_what_one_condition_finds(full: World, name: str, tab: str) -> None:
    for later in LATER:
        assert walked(name, tab, full, later) == plain(name, tab, full, later)


@pytest.mark.parametrize("name", CAST)
def test_what_is_counted_is_what_is_listed(full: World, name: str) -> None:
    lists = {tab: boards.tickets_of(full.again(name), tab, full.at) for tab in boards.TABS}
    shown = {tab: str(len(plain(name, tab, full, timedelta(0)))) for tab in boards.TABS}
    assert tallies.counts(lists) == shown
    assert tallies.tally(full.again(name), full.at, *boards.TABS) == shown


def test_everybody_together_finds_something_in_every_list(full: World) -> None:
    for tab in boards.TABS:
        assert any(plain(name, tab, full, later) for name in CAST for later in LATER)


def test_where_nobody_is_at_the_desk_the_district_finds_it(full: World) -> None:
    before = walked("district_desk", boards.MINE, full, timedelta(0))
    street = full.again("desk").posts.get().division
    Post.objects.filter(division=street).update(is_active=False)
    found = walked("district_desk", boards.MINE, full, timedelta(0))
    assert len(found) > len(before)
    assert found == plain("district_desk", boards.MINE, full, timedelta(0))
    assert walked("desk", boards.MINE, full, timedelta(0)) == []


def test_where_nobody_is_in_the_unit_the_desk_finds_it(full: World) -> None:
    waiting = full.dispatched()
    before = walked("desk", boards.MINE, full, timedelta(0))
    Post.objects.filter(unit=waiting.unit).update(is_active=False)
    found = walked("desk", boards.MINE, full, timedelta(0))
    assert waiting.pk in set(found) - set(before)
    assert found == plain("desk", boards.MINE, full, timedelta(0))


def test_a_handler_who_left_the_unit_has_no_turn(full: World) -> None:
    mine = full.handled()
    assert mine.pk in walked("handler", boards.MINE, full, timedelta(0))
    full.again("handler").posts.update(is_active=False)
    assert mine.pk not in walked("handler", boards.MINE, full, timedelta(0))


def test_a_filter_narrows_every_way(full: World) -> None:
    rows = boards.tickets_of(full.desk, boards.OPEN, full.at).filter(state="ACCEPTED")
    wanted = set(rows.rows().values_list("pk", flat=True))
    assert wanted
    assert {row.pk for row in boards.page(rows, boards.BY_DUE).rows} == wanted
    others = boards.tickets_of(full.desk, boards.OPEN, full.at).exclude(state="ACCEPTED")
    assert wanted.isdisjoint(row.pk for row in boards.page(others, boards.BY_DUE).rows)


def test_nobody_sees_nothing(full: World) -> None:
    person = full.again("desk")
    person.is_active = False
    for tab in boards.TABS:
        rows = boards.tickets_of(person, tab, full.at)
        assert boards.page(rows, boards.order_of(tab)).rows == []
        assert tallies.counts({tab: rows}) == {tab: "0"}


@pytest.mark.parametrize("name", CAST)
def test_a_walk_finds_what_the_doors_let_through(full: World, name: str) -> None:
    person = full.again(name)
    seen = set(Ticket.objects.visible_to(person, full.at).values_list("pk", flat=True))
    turns = set(Ticket.objects.my_turn(person, full.at).values_list("pk", flat=True))
    listed = {tab: plain(name, tab, full, timedelta(0)) for tab in boards.TABS}
    assert set(listed[boards.OPEN] + listed[boards.ENDED]) == seen
    assert set(listed[boards.MINE]) == turns <= seen
