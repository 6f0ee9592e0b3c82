"""A round with a telephone: by position, by code, without a signal, with a finding."""

import io
import re

import segno
from playwright.sync_api import expect

from tests.browser import expect_fit, log_in, network_away
from tests.field.phone import Phone
from tests.tickets.test_patrols import place, visited
from tests.world import World
from tickets.models import CheckIn, Ticket


def code_of(text: str) -> dict[str, object]:
    """A photo of a plate."""
    drawn = io.BytesIO()
    segno.make(text).save(drawn, kind="png", scale=6)
    return {"name": "plate.png", "mimeType": "image/png", "buffer": drawn.getvalue()}


def test_a_finding_made_offline_names_its_report(phone: Phone, committed_world: World) -> None:
    place(committed_world)
    phone.open("/field/patrol/")
    phone.press("发现问题")
    expect(phone.page).to_have_url(re.compile("/field/report/#"))
    phone.open(phone.page.url)
    expect(phone.page.locator("#visit")).to_contain_text("点 P1")
    expect(phone.page.locator("#place-grid")).to_have_text("在 grid")
    with network_away(phone.page):
        phone.page.get_by_label("情况说明").fill("楼道堆物")
        phone.send()
        phone.expect_unsent(2)
    expect(phone.queue()).to_have_count(2)
    phone.expect_unsent(0)
    visit = CheckIn.objects.get()
    assert (visit.ticket, visit.way, visit.is_far) == (Ticket.objects.get(), "SPOT", False)


def test_a_round_by_code_and_by_position(phone: Phone, committed_world: World) -> None:
    near, far = place(committed_world), place(committed_world, "P2", lat=30.247)
    page = phone.open("/field/patrol/")
    expect_fit(page)
    plate = f"https://hubin.example/field/at/{far.plate}/"
    page.locator("#scan-open").click()
    page.locator("#scan-photo").set_input_files(code_of(plate))  # type: ignore[arg-type]
    expect(page.locator("#scan")).not_to_be_visible()
    page.locator("#visit-P2 [data-verb]").click()
    expect(phone.saved).to_have_text("打卡已记录。")
    with network_away(page):
        page.locator("#visit-P1 [data-verb]").dblclick()
        expect(page.locator("#rounds > li", has_text="点 P1")).to_contain_text("等待发送")
    expect(phone.queue().get_by_text("已发送", exact=True)).to_have_count(2)
    # a code says where one was, a photo of it does not: the position goes along
    assert list(CheckIn.objects.order_by("pk").values_list("point", "way", "is_far")) == [
        (far.pk, "QR", True), (near.pk, "SPOT", False),
    ]  # fmt: skip


def test_a_plate_that_was_renewed_is_recorded_by_hand(phone: Phone, committed_world: World) -> None:
    point = place(committed_world)
    phone.open(f"/field/at/{point.plate}/")
    point.mark = "0" * 32
    point.save()
    phone.page.locator("#visit-P1 [data-verb]").click()
    expect(phone.saved).to_contain_text("码牌不对")
    rows = phone.queue()
    phone.press("改为手工登记")
    expect(rows).to_contain_text("已发送")
    assert CheckIn.objects.get().way == "HAND"


def test_whoever_looks_after_them_sees_the_rounds(phone: Phone, committed_world: World) -> None:
    visited(committed_world, place(committed_world))
    log_in(phone.page, "leader")
    phone.page.goto("/patrol/")
    expect(phone.page.locator("tbody tr")).to_contain_text("去过")
    expect_fit(phone.page)
