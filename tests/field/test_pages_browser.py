"""Pages of the field as they are held in a hand: they fit, can be read, and know where they are."""

from playwright.sync_api import expect

from tests.browser import expect_fit
from tests.field.phone import Phone
from tests.world import World
from tickets.actions._born import Place


def test_every_page_fits_and_is_accessible(phone: Phone, committed_world: World) -> None:
    ticket = committed_world.resolved()
    for page in ("", "mine/", "queue/", f"t/{ticket.number}/"):
        expect_fit(phone.open(f"/field/{page}"))


def test_a_report_names_its_place_and_says_how_exact_it_is(phone: Phone) -> None:
    phone.open("/field/report/")
    phone.report("楼下垃圾", with_photo=True)
    expect(phone.page.locator("#place-grid")).to_have_text("在 grid")
    expect(phone.page.locator(".shot")).to_have_count(1)
    expect_fit(phone.page)


def test_what_is_nearest_comes_first(phone: Phone, committed_world: World) -> None:
    committed_world.resolved(text="远处的", place=Place(lat=30.2465, lng=120.1565))
    committed_world.resolved(text="眼前的")
    rows = phone.open("/field/tasks/").locator("#tasks > li")
    expect(rows.first).to_contain_text("眼前的")
    expect(rows.first).to_contain_text("0 米")
    expect(phone.page.locator("#sorted")).to_contain_text("由近到远")
    expect_fit(phone.page)
