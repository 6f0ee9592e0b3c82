"""The reporter's pages in a real browser: on a phone and a screen, and without any script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import OpenPage, expect_accessible, expect_fit
from tests.tickets.follow import address
from tests.walks import fill
from tests.world import World
from tickets import actions
from tickets.keys import make_key
from tickets.models import Ticket
from tickets.states import State


@pytest.fixture
def token(committed_world: World) -> str:
    """The key of a ticket that was answered."""
    return make_key(committed_world.replied(), at=committed_world.at)


@pytest.fixture
def plain_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A browser that runs no script."""
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, locale="zh-CN"
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("verb", ["", "rate", "inform", "withdraw"])
def test_the_pages_fit_and_are_accessible(open_page: OpenPage, token: str, verb: str) -> None:
    page = open_page(width=390, height=844)
    page.goto(address(token, verb))
    expect_fit(page)


def test_mistakes_are_told_at_the_top_and_can_be_mended(open_page: OpenPage, token: str) -> None:
    page = open_page(width=390, height=844)
    page.goto(address(token))
    page.locator("[data-verb=rate]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect_accessible(page)
    fill(page.locator("#verb-rate"), stars="5", is_solved="yes")
    page.locator("[data-verb=rate]").click()
    expect(page.locator(".alert-success")).to_have_text("谢谢您的评价。")


def test_no_script_is_needed(plain_page: Page, token: str) -> None:
    plain_page.goto(address(token))
    plain_page.locator('[name="stars"][value="4"]').check()
    plain_page.locator('[name="is_solved"][value="yes"]').check()
    plain_page.locator("[data-verb=rate]").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("已结案")
    assert Ticket.objects.get().state == State.CLOSED


def test_the_key_is_told_to_nobody(open_page: OpenPage, token: str) -> None:
    page = open_page()
    told: list[str] = []
    page.on("request", lambda request: told.append(request.headers.get("referer", "")))
    page.goto(address(token))
    page.locator("a[href$='/inform/']").click()
    page.locator('[name="text"]').fill("门口又多了两袋")
    page.locator("[data-verb=inform]").click()
    expect(page.locator(".alert-success")).to_be_visible()
    assert [referer for referer in told if token in referer] == []


def test_a_merged_report_leads_to_its_lead(open_page: OpenPage, committed_world: World) -> None:
    world = committed_world
    lead = world.handled()
    ticket, token = world.reported_with_key()
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    page = open_page(width=390)
    page.goto(address(token))
    expect(page.get_by_text(f"已并入同样的诉求 {lead.number}")).to_be_visible()
    expect_accessible(page)
