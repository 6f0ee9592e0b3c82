"""The desk in a real browser: the list and its pane, by keys alone, at both sizes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.tickets.browsing import check, check_in_english, open_street, visit
from tests.tickets.desk import moved
from tests.world import World
from tickets import actions
from tickets.models import Reporter, Ticket
from tickets.states import State

PANE = "#pane [data-number]"
LATIN = "verylongwordwithoutanyblank" * 20


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    return open_street(committed_world, settings, tmp_path)


def waiting(page: Page, where: str = "/desk/") -> Page:
    """At the desk, with a clock that can be moved."""
    page.clock.install()
    return visit(page, "desk", where)


def poll(page: Page) -> None:
    page.clock.run_for(11_000)


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def shown(page: Page, ticket: Ticket) -> None:
    expect(page.locator(PANE)).to_have_attribute("data-number", ticket.number)


def test_it_fits_and_is_accessible(street: World, open_page: OpenPage) -> None:
    who = Reporter.build(name="欧" * 60, phone="13900001234")
    ticket = street.reported(text="很长的一段话，" * 400 + LATIN, reporter=who)
    for steps in (1, 2):
        street.reported(place=moved(street, steps))
    page = visit(open_page(), "desk", f"/desk/?tab=new&t={ticket.number}")
    expect(page.locator("#similar li")).to_have_count(2)
    page.locator("#where").scroll_into_view_if_needed()
    expect(page.locator("#where")).to_have_attribute("data-ready", "true")
    page.locator(".pane-record > summary").click()
    check(page, "desk")
    check_in_english(page, "desk")


def test_a_row_opens_beside_the_list_and_back_returns(street: World, page: Page) -> None:
    first, second = street.reported(), street.reported(text="井盖松动")
    visit(page, "desk", "/desk/")
    page.locator(f"#row-{second.number}").click()
    shown(page, second)
    expect(page.locator("[data-row][aria-current]")).to_have_attribute("data-row", second.number)
    page.locator(f"#row-{first.number}").click()
    shown(page, first)
    page.go_back()
    shown(page, second)


def test_new_ones_come_by_themselves_and_the_choice_stays(street: World, page: Page) -> None:
    ticket = street.reported()
    waiting(page, f"/desk/?tab=new&t={ticket.number}")
    page.locator(f"#row-{ticket.number}").focus()
    street.reported()
    poll(page)
    expect(page.locator("#desk-news")).to_have_text("新来 1 件")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator(f"#row-{ticket.number}")).to_have_attribute("aria-current", "true")
    expect(page.locator(f"#row-{ticket.number}")).to_be_focused()


def test_a_morning_is_cleared_without_the_mouse(street: World, page: Page) -> None:
    tickets = [street.reported(text=f"第 {nth} 件") for nth in range(3)]
    visit(page, "desk", "/desk/")
    keys(page, "n")
    for ticket in tickets:
        shown(page, ticket)
        keys(page, "a", "Enter")
        expect(page.locator("#verb-dispatch")).to_be_visible()
        expect(page.locator("#pane")).to_contain_text("已受理")
        keys(page, "d", "Enter")
        expect(page.locator("#pane")).to_contain_text("已派单")
    expect(page.locator("#pane")).to_contain_text("这一栏办完了")
    assert set(Ticket.objects.values_list("state", flat=True)) == {State.DISPATCHED}


def test_an_answer_is_approved_with_one_key(street: World, page: Page) -> None:
    ticket = street.verified()
    visit(page, "desk", f"/desk/?tab=reply&t={ticket.number}")
    keys(page, "r", "Control+Enter")
    expect(page.locator("#pane")).to_contain_text("已答复")
    ticket.refresh_from_db()
    assert ticket.state == State.REPLIED


def test_the_nearest_is_merged_by_one_key_and_a_confirmation(street: World, page: Page) -> None:
    old, ticket = street.dispatched(), street.reported(place=moved(street, 1))
    visit(page, "desk", f"/desk/?tab=new&t={ticket.number}")
    keys(page, "m")
    expect(page.locator("#verb-merge [name=target]")).to_have_value(old.number)
    keys(page, "Enter")
    expect(page.locator("#pane")).to_contain_text("已并单")
    ticket.refresh_from_db()
    assert ticket.merged_into == old


def test_a_colleague_who_was_faster_is_told_of_and_the_text_stays(
    street: World, page: Page
) -> None:
    ticket = street.verified()
    visit(page, "desk", f"/desk/?tab=reply&t={ticket.number}")
    keys(page, "r")
    page.keyboard.type("补充一句。")
    other = street.categories["manhole"]
    actions.amend(ticket, by=street.other_desk, at=street.at, category=other, text="是井盖")
    keys(page, "Control+Enter")
    expect(page.locator("#refused")).to_contain_text("有了变化")
    expect(page.locator("#verb-reply textarea")).to_have_value(re.compile("补充一句。"))


def test_many_are_accepted_by_keys_and_ticks_outlive_the_poll(street: World, page: Page) -> None:
    tickets = [street.reported() for _nth in range(3)]
    waiting(page)
    keys(page, "j", "+", "j", "+")
    street.reported()
    poll(page)
    expect(page.locator("[data-row]")).to_have_count(4)
    expect(page.locator("input[type=checkbox]:checked")).to_have_count(2)
    keys(page, "A")
    expect(page.locator("#bulk-done")).to_contain_text("已受理 2 张，共 2 张")
    expect(page.locator("[data-row]")).to_have_count(2)
    check(page, "desk-bulk")
    for ticket in tickets:
        ticket.refresh_from_db()
    assert [one.state for one in tickets] == [State.ACCEPTED, State.ACCEPTED, State.REPORTED]


def test_the_list_is_walked_by_keys(street: World, page: Page) -> None:
    first, second = street.reported(), street.reported()
    visit(page, "desk", "/desk/")
    keys(page, "j")
    expect(page.locator(f"#row-{first.number}")).to_be_focused()
    keys(page, "j", "o")
    shown(page, second)
    keys(page, "k")
    expect(page.locator(f"#row-{first.number}")).to_be_focused()
    keys(page, "2")
    expect(page).to_have_url("/desk/?tab=dispatch")


def test_keys_do_nothing_while_one_writes(street: World, page: Page) -> None:
    ticket = street.verified()
    street.verified()
    visit(page, "desk", f"/desk/?tab=reply&t={ticket.number}")
    box = page.locator("#verb-reply textarea")
    box.fill("")
    box.press_sequentially("n1jx?")
    expect(box).to_have_value("n1jx?")
    shown(page, ticket)
    keys(page, "Escape", "Control+n", "Alt+n")
    shown(page, ticket)
    expect(box).not_to_be_focused()


COMPOSING = """(given) => document.body.dispatchEvent(
    new KeyboardEvent("keydown", {key: "n", bubbles: true, ...given}))"""


def test_keys_do_nothing_while_an_input_method_composes(street: World, page: Page) -> None:
    street.reported()
    visit(page, "desk", "/desk/")
    for given in ({"isComposing": True}, {"keyCode": 229}):
        page.evaluate(COMPOSING, given)
    expect(page.locator(PANE)).to_have_count(0)
    page.evaluate(COMPOSING, {})
    expect(page.locator(PANE)).to_have_count(1)


def test_the_sheet_tells_what_is_there_and_nothing_else(street: World, page: Page) -> None:
    ticket = street.reported()
    visit(page, "desk", "/desk/")
    keys(page, "?")
    sheet = page.locator("#key-sheet")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("待受理")
    expect(sheet).not_to_contain_text("不予受理")
    check(page, "desk-keys")
    keys(page, "Escape")
    page.goto(f"/desk/?tab=new&t={ticket.number}")
    keys(page, "?")
    expect(sheet).to_contain_text("不予受理")
    expect(sheet).not_to_contain_text("并入最近的一张")


def test_single_keys_can_be_switched_off(street: World, page: Page) -> None:
    street.reported()
    visit(page, "desk", "/desk/")
    page.get_by_role("button", name="键盘操作").click()
    page.get_by_role("button", name="关闭单键操作").click()
    expect(page.locator("body")).to_have_attribute("data-single-keys", "off")
    keys(page, "n", "?", "/")
    expect(page.locator(PANE)).to_have_count(0)
    expect(page.locator("#key-sheet")).to_be_hidden()
    expect(page).to_have_url("/desk/")
    page.get_by_role("button", name="键盘操作").click()
    page.get_by_role("button", name="打开单键操作").click()
    expect(page.locator("body")).not_to_have_attribute("data-single-keys", "off")
