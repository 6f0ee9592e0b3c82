"""What tests of pages in a browser share: passwords at the world's hour, sizes, pictures."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from tests.browser import expect_accessible, expect_no_sideways_scroll, log_in
from tests.tickets.pages import move_clock
from tests.world import World

PASSWORD = "lake-water-2026"
SIZES = pytest.mark.parametrize("width", [390, 1440])
SHOTS = os.environ.get("HUBIN_SHOTS", "")
"""A folder, to look at the pages with one's own eyes."""


def open_street(world: World, settings: Settings, folder: Path, *names: str) -> World:
    """The world, at its hour, with a password for those who log in."""
    move_clock(settings, folder, world.at)
    for name in names:
        person = world.people[name]
        person.set_password(PASSWORD)
        person.save()
    return world


def visit(page: Page, who: str, where: str) -> Page:
    log_in(page, who, PASSWORD)
    page.goto(where)
    return page


def look(page: Page, name: str) -> None:
    """A picture where one is wanted; no sideways scrolling."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    expect_no_sideways_scroll(page)


def check(page: Page, name: str) -> None:
    """The same, and accessible."""
    look(page, name)
    expect_accessible(page)
