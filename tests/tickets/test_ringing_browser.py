"""The bell in a real browser: it comes by itself, sounds after a click, stops when acknowledged."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.tickets.browsing import check, check_in_english, open_street, visit
from tests.tickets.test_ringing import urgent
from tests.world import World

TONES = """(() => {
  window.tones = 0;
  const kind = AudioContext.prototype, make = kind.createOscillator;
  kind.createOscillator = function () { window.tones += 1; return make.call(this); };
})()"""


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    return open_street(committed_world, settings, tmp_path)


def waiting(page: Page) -> Page:
    """At the queue, with a clock that can be moved."""
    page.clock.install()
    page.add_init_script(TONES)
    visit(page, "desk", "/")
    expect(page.locator("[data-rings]")).to_have_attribute("data-rings", "0")
    return page


def poll(page: Page) -> None:
    page.clock.run_for(16_000)  # also what is set up on the way


def test_what_rings_fits_and_is_accessible(street: World, open_page: OpenPage) -> None:
    urgent(street)
    street.dispatched(category=street.categories["manhole"])
    page = visit(open_page(width=390), "desk", "/")
    expect(page.locator(".is-ringing li")).to_have_count(2)
    rings = page.locator(".is-ringing").bounding_box()
    assert rings
    assert rings["height"] < 200, "they leave no room for the work"
    check(page, "ringing")
    check_in_english(page, "ringing")
    expect(page.locator(".is-ringing li")).to_have_count(2)


def test_it_comes_by_itself_and_stops_when_acknowledged(street: World, page: Page) -> None:
    waiting(page)
    ticket = urgent(street)
    poll(page)
    expect(page.locator(".is-ringing")).to_contain_text(ticket.number)
    expect(page).to_have_title("(1) 我的待办 · 湖滨")
    page.get_by_role("button", name="知悉").click()
    page.wait_for_url(f"**/t/{ticket.number}/")
    expect(page.locator("[data-rings]")).to_have_attribute("data-rings", "0")


def test_it_sounds_only_once_the_bell_is_switched_on(street: World, page: Page) -> None:
    waiting(page)
    urgent(street)
    poll(page)
    expect(page.locator(".is-ringing")).to_be_visible()
    assert page.evaluate("window.tones") == 0
    bell = page.locator("[data-ring-sound]")
    expect(bell).to_have_attribute("aria-pressed", "false")
    bell.click()
    expect(bell).to_have_attribute("aria-pressed", "true")
    page.clock.fast_forward(5_000)
    page.wait_for_function("window.tones >= 2")


def test_who_was_logged_out_is_told(street: World, page: Page) -> None:
    waiting(page)
    page.context.clear_cookies()
    poll(page)
    expect(page.get_by_text("登录已结束")).to_be_visible()
