"""The unit's page in a real browser: at both sizes, claiming many while the list renews itself."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.tickets.browsing import check, open_street, visit
from tests.tickets.stages import suspended
from tests.world import World
from tickets.models import Ticket
from tickets.states import State


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    return open_street(committed_world, settings, tmp_path)


def test_many_are_claimed_and_ticks_outlive_the_poll(street: World, page: Page) -> None:
    tickets = [street.dispatched(text=f"第 {nth} 件") for nth in range(2)]
    page.clock.install()
    visit(page, "handler", "/unit/?tab=new")
    page.locator("input[name=row]").first.check()
    tickets.append(street.dispatched())
    page.clock.run_for(11_000)
    expect(page.locator(".board-row")).to_have_count(3)
    expect(page.locator("input[name=row]:checked")).to_have_count(1)
    page.get_by_role("button", name="勾选全部").click()
    page.get_by_role("button", name="签收勾选的").click()
    expect(page.locator("#bulk-done")).to_contain_text("已签收 3 张，共 3 张")
    expect(page.locator('[data-counter="new"] strong')).to_have_text("0")
    assert set(Ticket.objects.values_list("state", flat=True)) == {State.HANDLING}


def test_it_fits_is_accessible_and_keeps_a_list(street: World, open_page: OpenPage) -> None:
    street.handled(category=street.categories["manhole"])
    street.dispatched(), street.resolved(), suspended(street)
    page = visit(open_page(dark=True), "head", "/unit/?tab=todo&urgency=URGENT")
    page.get_by_label("标签名称").fill("紧急的")
    page.get_by_role("button", name="存为标签").click()
    expect(page.locator("[data-saved][aria-current]")).to_contain_text("紧急的 1")
    check(page, "unit")
    page.goto("/unit/suspended/")
    check(page, "suspended")
