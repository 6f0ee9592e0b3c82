"""What comes late to a page (maps, charts, photos, lists) moves nothing that is read already."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser import OpenPage, log_in
from tests.figures.counting import LATER
from tests.people.pages import OPENED_BY
from tests.promises.doors import House, chain_doors
from tests.tickets.pages import move_clock
from tests.world import World

WATCH = """window.moved = [];
new PerformanceObserver((list) => window.moved.push(...list.getEntries()))
    .observe({type: "layout-shift", buffered: true})"""
MOVED = """() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(() =>
    told(window.moved.filter((one) => !one.hadRecentInput)
        .reduce((sum, one) => sum + one.value, 0)))))"""
MOST = 0.1
"""What counts as good; measured: benchmarks/README.md."""
LATE = {
    "figures_map": ("[data-map]", "[data-points]"), "figures": ("[data-chart-of]", "[data-ready]"),
    "ticket": ("[data-map]", ".leaflet-container"), "report": ("[data-map]", ".leaflet-container"),
}  # fmt: skip
"""What comes late to these pages, and how one sees that it has come."""


@pytest.fixture
def house(committed_world: World, settings: Settings, tmp_path: Path) -> House:
    move_clock(settings, tmp_path, committed_world.at + LATER)
    return House.furnish(committed_world)


def moved(page: Page, address: str, box: str, mark: str) -> float:
    """The sum of all layout shifts that nobody caused, with everything seen once."""
    page.goto(address)
    page.locator(box).first.scroll_into_view_if_needed()
    expect(page.locator(f"{box}{mark}").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    return float(page.evaluate(MOVED))


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_when_parts_come_late(house: House, open_page: OpenPage, width: int) -> None:
    doors = {door.name: door for door in chain_doors()}
    found = {}
    for who, names in OPENED_BY.items():
        for name in LATE.keys() & set(names):
            page = open_page(width=width)
            page.add_init_script(WATCH)
            log_in(page, who)
            found[name] = moved(page, house.address(doors[name]), *LATE[name])
    assert found.keys() == LATE.keys()
    assert {name: told for name, told in found.items() if told >= MOST} == {}
