"""The inbox in a real browser, on a phone and a screen."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from notices.models import Notice
from tests.browser import OpenPage
from tests.tickets.browsing import check, open_street, visit
from tests.tickets.concerned import (
    answered_helper,
    assigned,
    demanded,
    extended,
    refused,
    reworked,
)
from tests.world import World
from tickets import sweeps

INBOX = "/inbox/"


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    """Who is told of things can log in."""
    return open_street(committed_world, settings, tmp_path)


@pytest.fixture
def busy(street: World) -> World:
    """Many a thing to tell; the first of them was read."""
    for happen in (reworked, assigned, refused, extended, answered_helper, demanded):
        happen(street)
    sweeps.run("announce", at=street.at)
    oldest = Notice.objects.filter(person=street.handler).earliest("pk")
    Notice.objects.filter(pk=oldest.pk).update(read_at=street.at, at=street.at - timedelta(days=1))
    return street


def test_the_inbox_fits_and_is_accessible(busy: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "handler", INBOX)
    expect(page.locator(".board-row.is-unread").first).to_be_visible()
    check(page, "inbox")


def test_an_empty_inbox_fits_and_is_accessible(street: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "resident", INBOX)
    expect(page.get_by_text("没有消息")).to_be_visible()
    check(page, "inbox-empty")


def test_one_is_marked_and_the_badge_goes_down(busy: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "handler", INBOX)
    badge = page.locator("a[href='/inbox/'] .nav-count")
    before = int(badge.inner_text())
    page.locator(".board-row.is-unread button").first.click()
    expect(badge).to_have_text(str(before - 1))
    check(page, "inbox-one")


def test_all_are_marked_and_a_ticket_is_opened(busy: World, open_page: OpenPage) -> None:
    page = visit(open_page(), "handler", INBOX)
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator(".board-row.is-unread")).to_have_count(0)
    page.locator(".board-link").first.click()
    page.wait_for_url("**/t/**")
