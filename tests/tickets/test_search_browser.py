"""The search page in a real browser: sizes, accessibility, keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import (
    OpenPage,
    expect_accessible,
    expect_fit,
    expect_no_sideways_scroll,
    log_in,
)
from tests.tickets.browsing import look
from tests.tickets.pages import move_clock
from tests.world import World


@pytest.fixture
def desk(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    """There is something to be found."""
    move_clock(settings, tmp_path, committed_world.at)
    committed_world.replied()
    committed_world.reported(category=committed_world.categories["manhole"])
    committed_world.reported(
        text="十二号楼的电梯停了两天，LED 屏也黑着，垃圾堆在门口没有人管。" * 6
    )
    return committed_world


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("question", ["垃圾 湖滨路", "没有这样的话", "路", ""])
def test_the_search_page_fits_and_is_accessible(
    desk: World, open_page: OpenPage, width: int, question: str
) -> None:
    page = open_page(width=width)
    log_in(page, "desk")
    page.goto(f"/search/?q={question}" if question else "/search/")
    expect(page.get_by_role("searchbox")).to_have_value(question)
    expect_no_sideways_scroll(page)
    expect_accessible(page)


def test_a_slash_goes_to_the_search_box(desk: World, open_page: OpenPage) -> None:
    page = open_page()
    log_in(page, "desk")
    page.goto("/")
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    page.keyboard.press("/")
    page.keyboard.type("垃圾/电梯")
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_have_value("垃圾/电梯")
    expect(page.locator("mark").first).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("找到 1 张工单")


def test_a_number_is_looked_for_with_a_reason(desk: World, open_page: OpenPage) -> None:
    page = open_page(width=390)
    log_in(page, "desk")
    page.goto("/search/")
    page.get_by_text("按电话查找").first.click()
    page.get_by_label("电话", exact=True).fill("13900001234")
    page.get_by_label("查找理由").fill("来电询问进度")
    page.get_by_role("button", name="按电话查找").click()
    expect(page.get_by_role("status")).to_contain_text("这个号码有 3 张")
    expect_accessible(page)


def test_results_come_while_one_types_and_keys_go_through_them(
    desk: World, open_page: OpenPage
) -> None:
    page = open_page()
    log_in(page, "desk")
    page.goto("/search/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    box = page.get_by_role("searchbox")
    box.press_sequentially("垃圾")
    expect(page.get_by_role("status")).to_contain_text("找到")
    assert [url.split("/", 3)[3] for url in asked if "/search/" in url] == ["search/found/"]
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found a.board-link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    box.fill("13900001234")
    expect(page.get_by_role("status")).to_contain_text("这是电话号码")
    page.keyboard.press("Enter")
    expect(page.get_by_label("查找理由")).to_be_focused()
    expect(page.get_by_label("电话", exact=True)).to_have_value("13900001234")
    expect_accessible(page)
    assert "139" not in "".join(asked) + page.url


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_settings_fit_and_are_accessible(desk: World, open_page: OpenPage, dark: bool) -> None:
    page = open_page(dark=dark)
    log_in(page, "desk")
    page.goto("/me/")
    look(page, f"profile-{'dark' if dark else 'light'}")
    expect_fit(page)
