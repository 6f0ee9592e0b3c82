"""督办 in a real browser, on a phone and a screen, in both languages."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.tickets.browsing import check, check_in_english, open_street, visit
from tests.tickets.test_supervisions import PAGE, supervised
from tests.world import World
from tickets import actions


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    return open_street(committed_world, settings, tmp_path)


@pytest.fixture
def busy(street: World) -> World:
    """One that waits, one late, one answered."""
    supervised(street, days=3)
    supervised(street, street.dispatched(category=street.categories["manhole"]), days=1)
    answered = supervised(street)
    actions.answer_supervision(answered, by=street.handler, at=street.at, text="已清完")
    return street


def test_the_list_fits_and_is_accessible(busy: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "leader", PAGE)
    expect(page.locator(".supervisions .board-row")).to_have_count(3)
    check(page, "supervisions")
    check_in_english(page, "supervisions")
    expect(page.locator(".supervisions .board-row")).to_have_count(3)


def test_an_empty_list_fits_and_is_accessible(street: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "leader", "/")
    page.get_by_role("link", name="督办").click()
    expect(page.get_by_text("没有未销号的督办")).to_be_visible()
    check(page, "supervisions-empty")
