"""What tests of pages in a browser share: the world's hour, sizes, pictures."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser import at_each_size, expect_fit, expect_no_sideways_scroll, log_in
from tests.tickets.pages import move_clock
from tests.world import World

SHOTS = os.environ.get("HUBIN_SHOTS", "")
"""A folder, to look at the pages with one's own eyes."""


def open_street(world: World, settings: Settings, folder: Path) -> World:
    """The world, at its hour."""
    move_clock(settings, folder, world.at)
    return world


def visit(page: Page, who: str, where: str) -> Page:
    log_in(page, who)
    page.goto(where)
    return page


def look(page: Page, name: str) -> None:
    """On a phone and on a desk's screen: a picture where one is wanted; no sideways scrolling."""
    for width in at_each_size(page):
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        expect_no_sideways_scroll(page)


def check(page: Page, name: str) -> None:
    """The same, and accessible."""
    look(page, name)
    expect_fit(page)


def check_in_english(page: Page, name: str) -> None:
    """The same page once more, in the other language."""
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    check(page, f"{name}-en")
