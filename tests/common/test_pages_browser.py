"""Frame and components in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from grids.models import Person
from tests.browser import OpenPage, expect_fit, log_in


@pytest.fixture(autouse=True)
def limin(transactional_db: None, settings: Settings) -> Person:
    settings.ROOT_URLCONF = "tests.common.gallery_urls"
    return Person.objects.create_user("limin", name="李敏", is_staff=True)


@pytest.fixture
def desk(page: Page) -> Page:
    log_in(page, "limin")
    page.goto("/")
    return page


def test_login_page_fits_and_is_accessible(open_page: OpenPage) -> None:
    page = open_page(width=390)
    page.goto("/login/")
    expect_fit(page)


def test_staff_page_fits_and_is_accessible(open_page: OpenPage) -> None:
    page = open_page(width=390)
    log_in(page, "limin")
    page.goto("/")
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    expect_fit(page)


def test_refusal_page_fits_and_is_accessible(open_page: OpenPage) -> None:
    page = open_page(width=390)
    page.goto("/gone/")
    expect_fit(page)


def test_errors_take_the_focus_and_lead_to_the_field(desk: Page) -> None:
    desk.get_by_role("button", name="受理").click()
    expect(desk.locator(".error-summary")).to_be_focused()
    desk.get_by_role("link", name="请填写“答复”。").click()
    expect(desk.get_by_label("答复")).to_be_focused()


def test_what_was_typed_stays_after_an_error(desk: Page) -> None:
    desk.get_by_label("答复").fill("已派人前往。")
    desk.get_by_role("button", name="受理").click()
    expect(desk.locator(".error-summary")).to_be_visible()
    expect(desk.get_by_label("答复")).to_have_value("已派人前往。")


def test_map_draws_outlines_and_names_without_tiles(desk: Page) -> None:
    expect(desk.locator("[data-map]")).to_have_attribute("data-shapes", "5")
    expect(desk.get_by_text("第一网格", exact=True)).to_be_visible()
    assert desk.locator("[data-map] path").count() >= 2


def test_names_on_the_map_never_cover_each_other(desk: Page) -> None:
    expect(desk.get_by_text("第一网格", exact=True)).to_be_visible()
    expect(desk.get_by_text("第二网格", exact=True)).not_to_be_visible()
    expect(desk.get_by_text("湖滨街道", exact=True)).to_have_count(0)


def test_click_on_the_map_sets_the_place(desk: Page) -> None:
    box = desk.locator("[data-map][data-ready]")
    box.click(position={"x": 120, "y": 90})
    assert 30.0 < float(desk.locator("#id_lat").input_value()) < 30.5
    expect(desk.locator("[data-map-status]")).to_contain_text("已选位置")


def test_place_can_be_set_without_a_mouse(desk: Page) -> None:
    desk.locator("[data-map][data-ready]").wait_for()
    desk.get_by_role("button", name="用地图中心").press("Enter")
    assert float(desk.locator("#id_lng").input_value()) == pytest.approx(120.1633, abs=0.001)


def test_place_comes_from_the_phone(open_page: OpenPage) -> None:
    phone = open_page(width=390)
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 30.2571, "longitude": 120.1642})
    log_in(phone, "limin")
    phone.goto("/")
    phone.locator("[data-map]").scroll_into_view_if_needed()
    phone.get_by_role("button", name="用我的位置").click()
    expect(phone.locator("#id_lat")).to_have_value("30.257100")


def test_denied_position_says_what_to_do(open_page: OpenPage) -> None:
    phone = open_page(width=390)
    log_in(phone, "limin")
    phone.goto("/")
    phone.locator("[data-map]").scroll_into_view_if_needed()
    phone.get_by_role("button", name="用我的位置").click()
    expect(phone.locator("[data-map-status]")).to_contain_text("在地图上点选")


def test_refusal_of_a_piece_is_shown_on_the_page(desk: Page) -> None:
    desk.get_by_role("button", name="再次签收").click()
    expect(desk.locator("#notice")).to_contain_text("工单已由李敏签收")


def test_failure_of_a_piece_is_told(desk: Page) -> None:
    desk.get_by_role("button", name="出错").click()
    expect(desk.locator("#notice")).to_contain_text("服务器没有正常应答")


def test_person_menu_opens_closes_and_logs_out(desk: Page) -> None:
    menu = desk.locator(".menu summary")
    menu.click()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="退出登录")).to_be_hidden()
    menu.click()
    desk.get_by_role("button", name="退出登录").click()
    expect(desk).to_have_url(re.compile("/login/$"))


def test_language_is_switched_where_one_stands(desk: Page) -> None:
    desk.goto("/report/")
    desk.get_by_role("button", name="English").click()
    expect(desk.get_by_role("link", name="My queue")).to_be_visible()
    expect(desk).to_have_url(re.compile("/report/$"))


def test_english_browser_gets_english(open_page: OpenPage) -> None:
    page = open_page(locale="en-GB")
    page.goto("/login/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_keyboard_skips_to_the_content(desk: Page) -> None:
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="跳到正文")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#content")).to_be_focused()


def test_admin_keeps_the_content_policy(desk: Page) -> None:
    desk.goto("/admin/")
    expect(desk.get_by_role("link", name="湖滨管理")).to_be_visible()
