"""The way back from a ticket: to the list it was opened from, as it was filtered."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser import expect_fit
from tests.tickets.browsing import look, open_street, visit
from tests.world import World


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    return open_street(committed_world, settings, tmp_path)


def test_a_ticket_leads_back_to_its_list_and_tells_its_moment(street: World, page: Page) -> None:
    number = street.reported().number
    visit(page, "desk", f"/t/{number}/")
    above = page.get_by_role("navigation", name="当前位置").get_by_role("link")
    expect(above).to_have_attribute("href", "/")
    page.goto("/search/?q=垃圾")
    page.locator(f"a[href='/t/{number}/']").click()
    expect(above).to_have_text("查找")
    light = page.locator(".page-head .light")
    light.focus()
    shown = light.evaluate("(one) => getComputedStyle(one, '::after').content")
    assert shown == f'"{light.get_attribute("data-moment")}"'
    look(page, "trail")
    expect_fit(page)
    above.click()
    page.wait_for_url("**/search/?q=*")
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/login/")
    page.wait_for_function("!sessionStorage.getItem('hubin-trail')")
