"""A slow network: the page says that it is at work, a second press changes nothing, all arrives."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser import PATIENCE, Counter, OpenPage
from tests.field.phone import Phone, phone_of
from tests.tickets.browsing import open_street, visit
from tests.world import World
from tickets.models import Attachment, Ticket
from tickets.states import State

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 20_000, "uploadThroughput": 20_000}


def slow_down(page: Page) -> None:
    """As on the last bar: 400 ms until anything comes, 20 kB a second."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW)


@contextmanager
def held_up(counter: Counter, path: str) -> Iterator[Event]:
    """The answer to that path has left the server, and does not arrive until it is set free."""
    app, free = counter.app, Event()

    def stuck(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == path:
            assert free.wait(PATIENCE)
        return app(environ, start)

    counter.app = stuck
    try:
        yield free
    finally:
        free.set()
        counter.app = app


def test_a_report_on_a_slow_line_is_sent_once_and_says_where_it_is(
    phone: Phone, counter: Counter
) -> None:
    phone.open("/field/report/")
    phone.report("路面塌陷", with_photo=True)
    slow_down(phone.page)
    with held_up(counter, "/api/v1/tickets/"):
        phone.page.locator("[data-verb=report]").dblclick()
        expect(phone.saved).to_have_text("已保存在手机上，正在发送…")
        phone.expect_unsent(1)
        expect(phone.page.locator("[data-problems]")).to_be_hidden()
    expect(phone.saved).to_contain_text("已发送，编号")
    phone.expect_unsent(0)
    assert Attachment.objects.get().ticket == Ticket.objects.get()


def test_a_page_that_does_not_come_is_shown_as_it_was(
    open_page: OpenPage, counter: Counter, committed_world: World
) -> None:
    phone = phone_of(open_page, "grid_worker", worker=True)
    phone.open("/field/")
    expect(phone.page.locator("body[data-carried=true]")).to_be_attached()
    committed_world.resolved(text="后来的一件")
    with held_up(counter, "/field/tasks/") as free:
        page = phone.open("/field/tasks/")
        expect(page.locator("#copy")).to_contain_text("信号太慢")
        expect(page.locator("main")).not_to_contain_text("后来的一件")
        free.set()
        counter.wait()
    expect(phone.open("/field/tasks/").locator("#tasks")).to_contain_text("后来的一件")


def test_a_desk_on_a_slow_line_accepts_once_and_shows_that_it_is_at_work(
    committed_world: World, page: Page, counter: Counter, settings: Settings, tmp_path: Path
) -> None:
    street = open_street(committed_world, settings, tmp_path)
    ticket = street.reported()
    visit(page, "desk", f"/desk/?tab=new&t={ticket.number}")
    slow_down(page)
    with held_up(counter, f"/t/{ticket.number}/accept/"):
        page.locator("#verb-accept [type=submit]").dblclick()
        expect(page.locator("#verb-accept")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#pane")).to_contain_text("已受理")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.events.filter(verb="accept").count()) == (State.ACCEPTED, 1)
