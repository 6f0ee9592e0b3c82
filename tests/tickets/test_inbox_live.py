"""News on an open page: the badge and the list, at the cost of a question now and then."""

import pytest
from django.test import Client as Browser
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.tickets.browsing import open_street, visit
from tests.tickets.pages import entered, statements
from tests.tickets.test_inbox_page import INBOX, dispatched
from tests.world import World
from tickets import sweeps

COUNT = "/inbox/count/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def street(
    committed_world: World, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> World:
    """An open page asks every second."""
    settings.HUBIN_INBOX_SECONDS = 1
    return open_street(committed_world, settings, tmp_path_factory.mktemp("street"))


@pytest.mark.parametrize(("known", "status"), [("2", 204), ("0", 200), ("", 200), ("999+", 200)])
def test_the_badge_is_sent_where_it_changed(world: World, known: str, status: int) -> None:
    dispatched(world, 2)
    answer = entered(world.clerk).get(COUNT, {"known": known}, headers=HTMX)
    assert answer.status_code == status
    if status == 200:
        assert '<span class="nav-count">2</span>' in answer.content.decode()
        assert f'hx-get="{COUNT}?known=2"' in answer.content.decode()


def test_whose_login_ended_is_not_thrown_out_of_what_they_type(db: None) -> None:
    answer = Browser().get(COUNT, {"known": "2"}, headers=HTMX)
    assert (answer.status_code, "HX-Redirect" in answer) == (204, False)


def test_a_question_costs_the_same_however_much_there_is(world: World) -> None:
    client = entered(world.clerk)
    dispatched(world)
    few = statements(client, COUNT)
    dispatched(world, 12)
    assert statements(client, COUNT) == few <= 4


def live_url(client: Browser) -> str:
    page = client.get(INBOX)
    return str(page.context["live_url"])


def test_the_list_is_sent_where_it_changed(world: World) -> None:
    client = entered(world.clerk)
    dispatched(world)
    address = live_url(client)
    assert client.get(address, headers=HTMX).status_code == 204
    dispatched(world)
    assert client.get(address, headers=HTMX).status_code == 200


def test_what_was_read_elsewhere_is_news_to_the_list(world: World) -> None:
    client = entered(world.clerk)
    dispatched(world)
    address = live_url(client)
    client.post("/inbox/read/", {"upto": "99999999"})
    assert client.get(address, headers=HTMX).status_code == 200


def test_an_address_that_was_kept_shows_the_page(world: World) -> None:
    client = entered(world.clerk)
    assert client.get(live_url(client)).status_code == 200


def test_news_comes_to_an_open_page_by_itself(street: World, open_page: OpenPage) -> None:
    page = visit(open_page(), "clerk", INBOX)
    expect(page.get_by_text("没有消息")).to_be_visible()
    street.dispatched()
    sweeps.run("announce", at=street.at)
    expect(page.locator(".board-row.is-unread")).to_have_count(1)
    expect(page.locator("#inbox-count")).to_have_text("1")
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator(".board-row.is-unread")).to_have_count(0)
    expect(page.locator("#inbox-count")).to_have_text("")
