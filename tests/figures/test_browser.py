"""数据 in a real browser, on a phone and a screen, in both languages."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.figures.counting import LATER
from tests.figures.test_behind import busy
from tests.tickets.browsing import check, check_in_english, visit
from tests.tickets.pages import move_clock
from tests.world import World
from tickets import actions
from tickets.figures import months

MONTH = "/figures/?since=2026-11-16&until=2026-12-20"


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    """A month on, when promises were broken."""
    busy(committed_world)
    move_clock(settings, tmp_path, committed_world.at + LATER)
    return committed_world


def test_the_page_fits_is_accessible_and_draws_its_chart(
    street: World, open_page: OpenPage
) -> None:
    page = visit(open_page(width=390), "district_leader", MONTH)
    assert page.evaluate("'echarts' in window") is False
    chart = page.locator("[data-chart-of]")
    chart.scroll_into_view_if_needed()
    expect(chart).to_have_attribute("data-ready", "true")
    chart.hover()  # the tooltip must not break the content policy
    page.locator("h1").hover()
    check(page, "figures")
    check_in_english(page, "figures")


def test_from_a_break_to_its_ticket(street: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "district_leader", MONTH)
    broken = page.locator(".breaks li a").first
    told = int(broken.locator("strong").inner_text())
    broken.click()
    expect(page.locator(".behind .board-row")).to_have_count(told)
    check(page, "figures-behind")
    page.locator(".board-link").first.click()
    expect(page).to_have_url(re.compile("/t/"))


def test_reports_and_cards_fit_and_are_accessible(street: World, open_page: OpenPage) -> None:
    months.freeze(date(2026, 11, 1), at=street.at + LATER)
    actions.rate(street.replied(), by=street.shift_leader, at=street.at, stars=1, is_solved=False)
    page = open_page(width=390, dark=True)
    visit(page, "district_leader", "/figures/report/?on=2026-11-20")
    expect(page.locator(".kept")).to_be_visible()
    check(page, "figures-report")
    page.goto(page.url.replace("report/?on=2026-11-20", "cards/?since=2026-11-16"))
    expect(page.locator("#by-unit tbody tr").first).to_be_visible()
    check(page, "figures-cards")


def test_late_and_repeated_fit_and_are_accessible(street: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "district_leader", "/figures/late/")
    expect(page.locator(".holders li").first).to_be_visible()
    check(page, "figures-late")
    page.get_by_role("link", name="反复发生").click()
    expect(page.locator(".places > li").first).to_be_visible()
    check(page, "figures-repeat")


def test_the_map_clusters_and_shows_heat(street: World, open_page: OpenPage) -> None:
    street.reported(text="楼道里堆满了东西，" * 300)  # cut in the list, and no wider than it
    page = visit(open_page(width=390), "district_leader", "/figures/map/")
    shown = page.locator("#tickets-map")
    expect(shown).to_have_attribute("data-points", re.compile(r"[1-9]\d*"))
    expect(page.locator(".cluster").first).to_be_visible()
    heat = page.get_by_role("button", name="热力")
    heat.focus()
    page.keyboard.press("Enter")
    expect(heat).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".cluster")).to_have_count(0)
    expect(page.locator(".leaflet-heatmap-layer")).to_be_attached()
    check(page, "figures-map")


def test_the_wall_fits_and_goes_on_by_itself(street: World, open_page: OpenPage) -> None:
    page = open_page(width=390)
    page.clock.install()
    visit(page, "district_leader", "/figures/wall/")
    expect(page.locator(".wall-now strong").nth(1)).not_to_have_text("0")
    with page.expect_response("**/figures/wall/part/"):
        page.clock.run_for(61_000)
    expect(page.locator(".wall")).to_have_count(1)
    check(page, "figures-wall")
