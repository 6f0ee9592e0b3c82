"""The staff's pages in a real browser: sizes, accessibility, keyboard, suggestions, map."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Page, expect
from pytest_django import Settings

from tests.browser import OpenPage, expect_fit, log_in
from tests.files import photo
from tests.tickets.pages import move_clock
from tests.tickets.stages import helped
from tests.world import World
from tickets import actions
from tickets.models import Ticket
from tickets.states import State

OFFERED = ".combo-list [role=option]"


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    """The world, at its hour."""
    move_clock(settings, tmp_path, committed_world.at)
    return committed_world


def visit(page: Page, who: str, address: str) -> Page:
    log_in(page, who)
    page.goto(address)
    return page


def test_the_queue_fits_and_is_accessible(street: World, open_page: OpenPage) -> None:
    helped(street)
    street.reported(category=street.categories["manhole"])
    page = visit(open_page(width=390), "desk", "/?tab=open&urgency=URGENT")
    page.get_by_text("筛选", exact=True).click()
    expect(page.get_by_label("状态")).to_be_visible()
    expect_fit(page)


def test_a_ticket_fits_and_is_accessible(street: World, open_page: OpenPage) -> None:
    ticket = actions.extend(
        helped(street), by=street.handler, at=street.at, days=2, reason="MATERIAL", text="等灯杆"
    )
    page = visit(open_page(width=390), "desk", f"/t/{ticket.number}/")
    for summary in page.locator("details.verb > summary").all():
        summary.click()
    page.locator("[data-map]").scroll_into_view_if_needed()
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    expect_fit(page)


def test_a_refused_form_is_accessible(street: World, open_page: OpenPage) -> None:
    ticket = street.handled()
    page = visit(open_page(width=390), "handler", f"/t/{ticket.number}/")
    page.locator("[data-verb=resolve]").click()
    expect(page.locator("#verb-resolve .error-summary")).to_be_visible()
    expect_fit(page)


def test_the_bullet_of_a_long_error_stands_at_its_first_line(
    street: World, open_page: OpenPage
) -> None:
    page = visit(open_page(width=390), "desk", "/report/")
    page.locator("[data-verb=report]").click()
    link = page.locator(".error-summary a").first
    # an inline-block is one line of its item, and its bullet stands at the last of its own
    expect(link).to_have_css("display", "block")


@pytest.mark.parametrize("who", ["desk", "grid_worker"])
def test_the_report_fits_and_is_accessible(street: World, open_page: OpenPage, who: str) -> None:
    page = visit(open_page(width=390), who, reverse("report"))
    page.get_by_label("类别").select_option("0604")
    expect(page.get_by_role("link", name="119 火警")).to_be_visible()
    expect_fit(page)


def test_approvals_fit_and_are_accessible(street: World, open_page: OpenPage) -> None:
    actions.decline(
        street.reported(), by=street.desk, at=street.at, reason="BEYOND", answer="请拨打 12345。"
    )
    expect_fit(visit(open_page(width=390), "shift_leader", reverse("approvals")))


def test_the_number_of_a_request_stays_inside_its_card(street: World, open_page: OpenPage) -> None:
    ticket = street.handled()
    actions.extend(ticket, by=street.handler, at=street.at, days=2, reason="MATERIAL", text="等料")
    page = visit(open_page(width=390), "shift_leader", reverse("approvals"))
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": page.url}])
    page.reload()
    number = page.locator(".request .card-title .num").bounding_box()
    inside = page.locator(".request .card-body > p").first.bounding_box()
    assert number is not None
    assert inside is not None
    assert number["x"] + number["width"] <= inside["x"] + inside["width"]
    assert number["height"] < 30


def test_the_queue_works_with_keys_alone(street: World, page: Page) -> None:
    ticket = street.dispatched()
    visit(page, "handler", "/")
    page.locator("[data-tab=ended]").focus()
    page.keyboard.press("Tab")  # the filters
    page.keyboard.press("Tab")  # the first row
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/t/{ticket.number}/")
    page.locator("[data-verb=claim]").press("Enter")
    expect(page.locator(".alert-success")).to_contain_text("已签收")


def test_the_answer_is_approved_with_one_key(street: World, page: Page) -> None:
    ticket = street.verified()
    visit(page, "desk", f"/t/{ticket.number}/")
    page.locator("#verb-reply textarea").press("Control+Enter")
    expect(page.locator(".alert-success")).to_contain_text("已答复")
    ticket.refresh_from_db()
    assert ticket.state == State.REPLIED


def test_a_unit_is_found_by_its_sound(street: World, page: Page) -> None:
    unit = street.units["fire"]
    unit.name, unit.pinyin = "消防救援大队", "xiaofangjiuyuandadui xfjydd"
    unit.save()
    ticket = street.accepted()
    visit(page, "desk", f"/t/{ticket.number}/")
    box = page.locator("#verb-dispatch [name=unit]")
    box.press_sequentially("xfj")
    expect(page.locator(OFFERED)).to_have_text(["XF 消防救援大队"])
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("XF 消防救援大队")
    page.locator("[data-verb=dispatch]").click()
    expect(page.locator("#facts")).to_contain_text("消防救援大队")


def test_the_unit_a_report_is_about_is_asked_only_then(street: World, page: Page) -> None:
    ticket = street.reported()
    visit(page, "desk", f"/t/{ticket.number}/")
    form = page.locator("#verb-accept")
    expect(form.get_by_label("被反映单位")).to_be_hidden()
    form.locator("[name=category]").select_option("1007")
    expect(form.get_by_label("被反映单位")).to_be_visible()


def test_escape_closes_the_suggestions(street: World, page: Page) -> None:
    ticket = street.accepted()
    visit(page, "desk", f"/t/{ticket.number}/")
    box = page.locator("#verb-dispatch [name=unit]")
    box.press_sequentially("CG")
    expect(page.locator(OFFERED).first).to_be_visible()
    box.press("Escape")
    expect(page.locator(OFFERED).first).to_be_hidden()
    expect(box).to_have_value("CG")


def test_a_building_is_suggested_while_typing(street: World, page: Page) -> None:
    visit(page, "desk", reverse("report"))
    page.get_by_label("楼栋").press_sequentially("公寓")
    page.get_by_role("option", name="湖滨公寓").click()
    expect(page.get_by_label("楼栋")).to_have_value("B1 湖滨公寓 1 幢")


def test_a_report_with_a_click_on_the_map(street: World, page: Page) -> None:
    visit(page, "desk", reverse("report"))
    page.get_by_label("情况说明").fill("楼道灯坏了")
    page.get_by_label("诉求人姓名").fill("赵见诚")
    page.locator("[data-map][data-shapes]").click(position={"x": 200, "y": 160})
    page.get_by_role("button", name="上报").click()
    expect(page.locator("#follow-link")).to_be_visible()
    assert Ticket.objects.get().lat == pytest.approx(30.24, abs=0.1)


def test_a_form_left_behind_tells_what_changed(street: World, page: Page) -> None:
    ticket = street.dispatched()
    visit(page, "desk", f"/t/{ticket.number}/")
    page.locator("[data-open=note]").click()
    page.locator("#verb-note textarea").fill("请带梯子")
    actions.claim(ticket, by=street.handler, at=street.at)
    page.locator("[data-verb=note]").click()
    expect(page.locator("#refused")).to_contain_text("签收 → 处置中")
    page.get_by_role("button", name="仍要备注").click()
    expect(page.locator("#record")).to_contain_text("请带梯子")


def test_a_position_comes_from_the_phone(street: World, open_page: OpenPage) -> None:
    ticket = street.handled()
    phone = open_page(width=390)
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 30.2451, "longitude": 120.1552})
    visit(phone, "handler", f"/t/{ticket.number}/#verb-arrive")
    phone.locator("#verb-arrive").get_by_role("button", name="用我的位置").click()
    expect(phone.locator("#verb-arrive [name=position]")).to_have_value("30.245100, 120.155200")
    shot = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=photo())
    phone.locator("#verb-arrive [name=before_photos]").set_input_files([shot])
    phone.locator("[data-verb=arrive]").click()
    expect(phone.locator("#record")).to_contain_text("到场")
