"""Every page, on a telephone in the light and on a screen in the dark; in a full run all four."""

from itertools import chain
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from tests.browser import IS_FULL, OpenPage, at_each_size, expect_accessible, expect_fit, log_in
from tests.people.pages import NO_PAGES, NOBODY, OPENED_BY, SIGHTS
from tests.promises.doors import House, chain_doors
from tests.tickets.pages import move_clock
from tests.world import World


def test_every_door_is_a_page_somebody_opens_or_known_to_be_none() -> None:
    told = [sight.name for sight in SIGHTS] + list(chain.from_iterable(NO_PAGES.values()))
    assert sorted(told) == sorted({door.name for door in chain_doors()})


@pytest.fixture
def house(committed_world: World, settings: Settings, tmp_path: Path) -> House:
    move_clock(settings, tmp_path, committed_world.at)
    return House.furnish(committed_world)


def looks_right(page: Page) -> None:
    """In the light and in the dark; a page that knows no dark stays as it is."""
    page.emulate_media(color_scheme="light")
    expect_fit(page)
    page.emulate_media(color_scheme="dark")
    for width in at_each_size(page):
        if IS_FULL or width > 390:
            expect_accessible(page)


@pytest.mark.parametrize("who", OPENED_BY)
def test_pages_open_fit_and_are_accessible(house: House, open_page: OpenPage, who: str) -> None:
    page = open_page(width=390)
    if who != NOBODY:
        log_in(page, who)
    for door in chain_doors():
        if door.name in OPENED_BY[who]:
            answer = page.goto(house.address(door))
            assert (answer and answer.status) == 200, door.name
            looks_right(page)
