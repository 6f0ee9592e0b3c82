"""Links in notices in a real browser: on a phone and a screen, in both languages."""

import pytest
from playwright.sync_api import expect

from tests.browser import OpenPage, expect_accessible, expect_no_sideways_scroll
from tests.tickets.test_links import asked, confirmable, path
from tests.walks import fill
from tests.world import World
from tickets.links import Purpose

MADE = {
    Purpose.RATE: lambda world: world.replied(),
    Purpose.INFORM: asked,
    Purpose.CONFIRM: confirmable,
}


@pytest.mark.parametrize("purpose", MADE)
@pytest.mark.parametrize(("width", "locale"), [(390, "zh-CN"), (1440, "en")])
def test_the_pages_fit_and_are_accessible(
    open_page: OpenPage, committed_world: World, purpose: Purpose, width: int, locale: str
) -> None:
    page = open_page(width=width, height=844, locale=locale)
    page.goto(path(purpose, MADE[purpose](committed_world), committed_world))
    expect_no_sideways_scroll(page)
    expect_accessible(page)


def test_one_tap_after_another_and_then_it_is_used(
    open_page: OpenPage, committed_world: World
) -> None:
    page = open_page(width=390, height=844)
    address = path(Purpose.RATE, committed_world.replied(), committed_world)
    page.goto(address)
    page.locator("[data-verb=rate]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect_accessible(page)
    fill(page.locator("#verb-rate"), stars="5", is_solved="yes")
    page.locator("[data-verb=rate]").click()
    expect(page.locator("#receipt")).to_contain_text("谢谢您的评价。")
    expect_accessible(page)
    page.goto(address)
    expect(page.locator("h1")).to_have_text("已经办过了")
    expect_accessible(page)


def test_of_two_forms_the_one_that_was_sent_counts(
    open_page: OpenPage, committed_world: World
) -> None:
    page = open_page(width=390, height=844)
    ticket = confirmable(committed_world)
    page.goto(path(Purpose.CONFIRM, ticket, committed_world))
    page.locator("[data-verb=verify]").click()
    expect(page.locator("#receipt")).to_contain_text("谢谢您的确认")
    ticket.refresh_from_db()
    assert ticket.state == "VERIFIED"
