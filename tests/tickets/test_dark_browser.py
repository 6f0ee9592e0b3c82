"""In the dark: what every page has is looked at in tests/people; here is what is opened first."""

from pathlib import Path

from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.tickets.browsing import check, open_street, visit
from tests.tickets.follow import address
from tests.tickets.stages import contested, helped, urgent
from tests.world import World
from tickets import actions
from tickets.keys import make_key


def test_all_that_can_be_done_is_readable_in_the_dark(
    committed_world: World, open_page: OpenPage, settings: Settings, tmp_path: Path
) -> None:
    world = open_street(committed_world, settings, tmp_path)
    ticket = actions.extend(
        helped(world), by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等灯杆"
    )
    contested(world)
    urgent(world)
    page = visit(open_page(dark=True), "shift_leader", f"/t/{ticket.number}/")
    for summary in page.locator("details.verb > summary").all():
        summary.click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    check(page, "dark-ticket")


def test_a_reporter_reads_in_the_dark_too(
    committed_world: World, open_page: OpenPage, settings: Settings, tmp_path: Path
) -> None:
    world = open_street(committed_world, settings, tmp_path)
    token = make_key(world.replied(), at=world.at)
    page = open_page(width=390, dark=True)
    for name, verb in (("follow", ""), ("rate", "rate"), ("attach", "attach")):
        page.goto(address(token, verb))
        check(page, f"dark-public-{name}")
    page.goto("/login/")
    check(page, "dark-login")


def test_it_follows_the_device_while_it_is_open(
    committed_world: World, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto("/login/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_choice_stands_in_the_menu(
    committed_world: World, open_page: OpenPage, settings: Settings, tmp_path: Path
) -> None:
    open_street(committed_world, settings, tmp_path)
    page = visit(open_page(), "desk", "/inbox/")
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="深色").click()
    page.wait_for_url("**/inbox/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
