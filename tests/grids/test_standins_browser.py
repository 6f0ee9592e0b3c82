"""代班 in a real browser, on a phone and a screen."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.grids.standins import away, day
from tests.tickets.browsing import check, open_street, visit
from tests.world import World

PAGE = "/me/standins/"


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    return open_street(committed_world, settings, tmp_path)


def test_an_empty_page_fits_and_arranges(street: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "handler", PAGE)
    expect(page.get_by_text("没有代班安排")).to_be_visible()
    check(page, "standins-empty")
    page.get_by_label("代班人").select_option(label=street.other_handler.name)
    page.get_by_label("止日").fill(str(day(street, 4)))
    page.get_by_role("button", name="安排代班").click()
    expect(page.get_by_text("代班中")).to_be_visible()


def test_a_full_page_fits_and_is_accessible(street: World, open_page: OpenPage) -> None:
    away(street, street.head, street.handler, reason="外出培训")
    away(street, street.clerk, street.other_handler, since=day(street, 1), reason="年休假")
    away(street, street.other_handler, street.handler, ended_at=street.at)
    page = visit(open_page(width=390), "head", PAGE)
    check(page, "standins")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Stand-ins", exact=True)).to_be_visible()
    check(page, "standins-en")
