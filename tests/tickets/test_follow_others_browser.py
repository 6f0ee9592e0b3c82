"""关注 and 被反映 in a real browser: on a phone and a screen."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser import OpenPage, expect_fit, log_in
from tests.tickets.follow import address
from tests.tickets.pages import move_clock
from tests.world import World


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    """The world, at its hour."""
    move_clock(settings, tmp_path, committed_world.at)
    return committed_world


def at_the_desk(page: Page, number: str, verb: str) -> Page:
    """The ticket's page with the form of that verb open."""
    log_in(page, "desk")
    page.goto(f"/t/{number}/#do-{verb}")
    page.locator("[data-map]").scroll_into_view_if_needed()
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    return page


def test_the_desk_adds_a_follower(street: World, open_page: OpenPage) -> None:
    ticket = street.reported()
    page = at_the_desk(open_page(width=390), ticket.number, "follow")
    form = page.locator("#verb-follow")
    form.get_by_label("姓名").fill("钱知非")
    form.get_by_label("联系电话").fill("13900005678")
    expect_fit(page)
    form.get_by_role("button", name="关注").click()
    expect(page.get_by_role("heading", name="已登记关注")).to_be_visible()
    expect_fit(page)
    page.locator("#follow-link").click()
    expect(page.get_by_role("heading", name="已收到，等待受理")).to_be_visible()


def test_a_neighbour_takes_a_link_of_their_own(street: World, open_page: OpenPage) -> None:
    _ticket, token = street.reported_with_key()
    page = open_page(width=390, height=844)
    page.goto(address(token))
    page.get_by_role("link", name="我也遇到（邻居登记）").click()
    page.get_by_label("联系电话").fill("13900005678")
    expect_fit(page)
    page.get_by_role("button", name="登记，领取自己的链接").click()
    expect(page.get_by_role("img", name="查询链接的二维码")).to_be_visible()
    expect_fit(page)
    page.get_by_role("link", name="打开自己的链接").click()
    expect(page.get_by_text("您关注的诉求")).to_be_visible()


def test_the_person_concerned_is_picked_from_suggestions(
    street: World, open_page: OpenPage
) -> None:
    ticket = street.reported()
    page = at_the_desk(open_page(width=390), ticket.number, "amend")
    field = page.locator("#verb-amend").get_by_label("被反映人员")
    field.press_sequentially("JD-003")
    page.get_by_role("option", name=f"{street.office_head.pk} {street.office_head}").click()
    expect_fit(page)
    page.locator("#verb-amend").get_by_role("button", name="更正").click()
    expect(page.locator("#facts")).to_contain_text(str(street.office_head))


def test_accepting_asks_whom_it_is_about_where_the_category_says_so(
    street: World, open_page: OpenPage
) -> None:
    ticket = street.reported()
    page = at_the_desk(open_page(width=390), ticket.number, "accept")
    form = page.locator("#verb-accept")
    expect(form.get_by_label("被反映人员")).to_be_hidden()
    form.get_by_label("类别").select_option("1007")
    expect(form.get_by_label("被反映人员")).to_be_visible()
    expect_fit(page)
