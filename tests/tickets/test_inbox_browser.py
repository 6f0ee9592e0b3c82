"""The inbox in a real browser, on a phone and a screen."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from notices.models import Notice
from tests.browser import OpenPage, expect_accessible, expect_no_sideways_scroll, log_in
from tests.tickets.concerned import (
    answered_helper,
    assigned,
    demanded,
    extended,
    refused,
    reworked,
)
from tests.tickets.pages import move_clock
from tests.world import World
from tickets import sweeps

PASSWORD = "lake-water-2026"
SIZES = pytest.mark.parametrize("width", [390, 1440])
SHOTS = os.environ.get("HUBIN_SHOTS", "")
"""A folder, to look at the pages with one's own eyes."""


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    """The world, at its hour, with a password for those who log in here."""
    move_clock(settings, tmp_path, committed_world.at)
    for name in ("handler", "resident"):
        person = committed_world.people[name]
        person.set_password(PASSWORD)
        person.save()
    return committed_world


@pytest.fixture
def busy(street: World) -> World:
    """Many a thing to tell; the first of them was read."""
    for happen in (reworked, assigned, refused, extended, answered_helper, demanded):
        happen(street)
    sweeps.run("announce", at=street.at)
    oldest = Notice.objects.filter(person=street.handler).earliest("pk")
    Notice.objects.filter(pk=oldest.pk).update(read_at=street.at, at=street.at - timedelta(days=1))
    return street


def visit(page: Page, who: str, where: str = "/inbox/") -> Page:
    log_in(page, who, PASSWORD)
    page.goto(where)
    return page


def check(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    expect_no_sideways_scroll(page)
    expect_accessible(page)


@SIZES
def test_the_inbox_fits_and_is_accessible(busy: World, open_page: OpenPage, width: int) -> None:
    page = visit(open_page(width=width), "handler")
    expect(page.locator(".board-row.is-unread").first).to_be_visible()
    check(page, f"inbox-{width}")


@SIZES
def test_an_empty_inbox_fits_and_is_accessible(
    street: World, open_page: OpenPage, width: int
) -> None:
    page = visit(open_page(width=width), "resident")
    expect(page.get_by_text("没有消息")).to_be_visible()
    check(page, f"inbox-empty-{width}")


@SIZES
def test_one_is_marked_and_the_badge_goes_down(
    busy: World, open_page: OpenPage, width: int
) -> None:
    page = visit(open_page(width=width), "handler")
    badge = page.locator("a[href='/inbox/'] .nav-count")
    before = int(badge.inner_text())
    page.locator(".board-row.is-unread button").first.click()
    expect(badge).to_have_text(str(before - 1))
    check(page, f"inbox-one-{width}")


def test_all_are_marked_and_a_ticket_is_opened(busy: World, open_page: OpenPage) -> None:
    page = visit(open_page(), "handler")
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator(".board-row.is-unread")).to_have_count(0)
    page.locator(".board-link").first.click()
    page.wait_for_url("**/t/**")
