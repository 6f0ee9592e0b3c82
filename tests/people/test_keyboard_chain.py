"""有报必接 · 有接必处 · 有处必果 · 有果必复, and nobody touches a mouse."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.field.phone import phone_of
from tests.files import photo
from tests.people.keyboard import Keyboard
from tests.tickets.browsing import visit
from tests.tickets.follow import address
from tests.tickets.pages import move_clock
from tests.world import ANSWER, World
from tickets.keys import make_key
from tickets.models import Ticket
from tickets.states import State


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    move_clock(settings, tmp_path, committed_world.at)
    return committed_world


def told_by_phone(open_page: OpenPage) -> Ticket:
    """The desk writes down what a resident says."""
    page = visit(open_page(), "desk", "/report/")
    keys = Keyboard(page)
    keys.write(page.get_by_label("情况说明"), "楼下堆了三袋垃圾")
    keys.choose(page.locator("[name=category]"), "litter")
    keys.write(page.get_by_label("诉求人姓名"), "赵见诚")
    keys.write(page.get_by_label("联系电话"), "13900001234")
    keys.write(page.get_by_label("楼栋"), "公寓")
    expect(page.get_by_role("option", name="湖滨公寓")).to_be_visible()
    for key in ("ArrowDown", "Enter"):
        page.keyboard.press(key)
    keys.press(page.get_by_role("button", name="上报"))
    expect(page.locator("#follow-link")).to_be_visible()
    return Ticket.objects.get()


def dispatched(open_page: OpenPage) -> None:
    """The desk."""
    page = visit(open_page(), "desk", "/desk/")
    page.keyboard.press("n")
    expect(page.locator("#verb-accept")).to_be_visible()
    for key in ("a", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#pane")).to_contain_text("已受理")
    for key in ("d", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#pane")).to_contain_text("已派单")


def resolved(open_page: OpenPage, ticket: Ticket) -> None:
    """The handler of the unit."""
    page = visit(open_page(), "handler", "/unit/")
    keys = Keyboard(page)
    keys.press(page.locator(f"a[href*='{ticket.number}']").first)
    page.wait_for_url(f"**/t/{ticket.number}/**")
    keys.press(page.locator("[data-verb=claim]"))
    expect(page.locator(".alert-success")).to_contain_text("已签收")
    form = page.locator("#verb-resolve")
    keys.choose(form.locator("[name=result]"), "DONE")
    keys.write(form.locator("[name=note]"), "三袋垃圾已清运")
    keys.write(form.locator("[name=proposed_answer]"), ANSWER)
    keys.hand_in(form.locator("[name=after_photos]"), photo(shade=9))
    expect(form.locator(".chosen li")).to_have_count(1)
    keys.press(page.locator("[data-verb=resolve]"))
    expect(page.locator(".alert-success")).to_be_visible()


def verified(open_page: OpenPage, ticket: Ticket) -> None:
    """The grid worker, there again."""
    phone = phone_of(open_page, "grid_worker")
    page, keys = phone.open("/field/tasks/"), Keyboard(phone.page)
    keys.press(page.locator(f"#tasks a[href*='{ticket.number}']").first)
    page.wait_for_url(f"**/field/t/{ticket.number}/")
    expect(page.locator("body[data-ready]")).to_be_attached()
    keys.press(page.locator("[data-verb=verify]"))
    phone.expect_unsent(0)


def replied(open_page: OpenPage, ticket: Ticket) -> None:
    page = visit(open_page(), "desk", "/desk/?tab=reply")
    page.keyboard.press("n")
    expect(page.locator("#verb-reply")).to_be_visible()
    for key in ("r", "Control+Enter"):
        page.keyboard.press(key)
    expect(page.locator("#pane")).to_contain_text("已答复")


def rated(open_page: OpenPage, token: str) -> None:
    page = open_page(width=390)
    page.goto(address(token))
    keys = Keyboard(page)
    keys.press(page.locator("[name=stars]").first, "Space")
    keys.press(page.locator("[name=is_solved]").first, "Space")
    keys.press(page.locator("[data-verb=rate]"))
    expect(page.locator(".alert-success")).to_be_visible()


def test_the_whole_chain_by_keyboard(street: World, open_page: OpenPage) -> None:
    ticket = told_by_phone(open_page)
    dispatched(open_page)
    resolved(open_page, ticket)
    verified(open_page, ticket)
    replied(open_page, ticket)
    rated(open_page, make_key(ticket, at=street.at))
    ticket.refresh_from_db()
    assert ticket.state == State.CLOSED


def test_a_walker_reports_by_keyboard(street: World, open_page: OpenPage) -> None:
    phone = phone_of(open_page, "grid_worker")
    page, keys = phone.open("/field/report/"), Keyboard(phone.page)
    keys.hand_in(page.locator("#id_camera"), photo())
    expect(page.locator("[data-shots-of=near_photos] li")).to_have_count(1)
    keys.press(page.get_by_role("button", name="用我的位置").first)
    expect(page.locator("#place-said")).to_contain_text("误差 12 米")
    keys.write(page.get_by_label("情况说明"), "楼下堆了三袋垃圾")
    keys.press(page.locator("[data-verb=report]"))
    expect(phone.saved).to_contain_text("已发送")
    phone.expect_unsent(0)
    assert Ticket.objects.get().state == State.REPORTED
