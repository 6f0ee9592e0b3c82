"""Where one is logged in: shown and ended; and the language that one brings along."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from common import clock
from grids.login import devices
from grids.models import LoginSession, Person
from tests.grids.keys import is_in, named, sign_in
from tests.tickets.pages import statements, text_of
from tests.world import MONDAY_NINE

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
PAGE = "/me/"
AT = MONDAY_NINE


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    devices._seen.clear()


@pytest.fixture
def limin(db: None) -> Person:
    return named()


@pytest.fixture
def desk(limin: Person, client: Client) -> Client:
    """Logged in at the desk."""
    sign_in(client)
    return client


@pytest.fixture
def phone(limin: Person) -> Client:
    """The same person, on a telephone."""
    client = Client(headers={"User-Agent": PHONE})
    sign_in(client)
    return client


def ends(client: Client) -> list[str]:
    return re.findall(r'action="(/me/sessions/\d+/end/)"', text_of(client.get(PAGE)))


def test_each_login_is_shown_and_ones_own_is_marked(desk: Client, phone: Client) -> None:
    page = text_of(phone.get(PAGE))
    assert page.count("Chrome · Android") == 1
    assert re.search(r"Chrome · Android</strong>.*?就是这里", page, re.S)
    assert page.count("未知设备") == 2  # its name, and on its button
    assert (len(ends(phone)), len(ends(desk))) == (1, 1)


def test_a_login_that_was_ended_is_out_at_its_next_request(desk: Client, phone: Client) -> None:
    assert phone.get("/api/v1/me/").status_code == 200
    assert desk.post(ends(desk)[0])["Location"] == PAGE
    assert phone.get("/api/v1/me/").status_code == 401
    assert phone.get(PAGE)["Location"] == f"/login/?next={PAGE}"
    assert desk.get(PAGE).status_code == 200
    assert ends(desk) == []


def test_all_others_end_and_this_one_goes_on(desk: Client, phone: Client, limin: Person) -> None:
    unlisted = Client()
    unlisted.force_login(limin)
    desk.post("/me/sessions/end/")
    assert [one.get(PAGE).status_code for one in (desk, phone, unlisted)] == [200, 302, 302]
    assert LoginSession.objects.filter(ended_at=None).count() == 1
    assert "登录于" in text_of(desk.get(PAGE))
    assert "结束了别处的登录" in text_of(desk.get("/security/"))


def test_nobody_ends_the_login_of_another(desk: Client) -> None:
    other = Client()
    sign_in(other, named("wangfang").username)
    theirs = LoginSession.objects.get(person__username="wangfang")
    assert desk.post(f"/me/sessions/{theirs.pk}/end/").status_code == 404
    assert is_in(other)


def test_whoever_logged_out_is_shown_no_more(desk: Client, phone: Client) -> None:
    phone.post("/logout/")
    assert ends(desk) == []


def test_when_it_was_used_last_is_written_every_ten_minutes(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minutes, told in ((5, 0), (11, 11), (15, 11)):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: AT + timedelta(minutes=minutes))
        desk.get(PAGE)
        assert LoginSession.objects.get().seen_at == AT + timedelta(minutes=told)


def test_logins_of_long_ago_are_forgotten(desk: Client) -> None:
    LoginSession.objects.update(seen_at=AT - timedelta(days=31))
    sign_in(Client())
    assert LoginSession.objects.count() == 1


def test_a_browser_left_by_somebody_who_is_gone_lets_others_in(
    limin: Person, settings: Settings
) -> None:
    settings.AXES_DISABLE_ACCESS_LOG = True  # which gives each login a session by the way
    gone = named("wangfang")
    browsers = [Client(), Client()]
    for browser in browsers:
        sign_in(browser, gone.username)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    for browser in browsers:
        sign_in(browser)
    keys = limin.login_sessions.values_list("session_key", flat=True)
    assert set(keys) == {browser.session.session_key for browser in browsers}


def test_the_page_costs_the_same_with_many_logins(desk: Client, limin: Person) -> None:
    before = statements(desk, PAGE)
    for _nth in range(3):
        sign_in(Client())
    assert statements(desk, PAGE) == before


@pytest.mark.parametrize(
    ("agent", "name"),
    [("MicroMessenger/8.0 iPhone", "WeChat · iPhone"), ("curl/8", "未知设备"), ("", "未知设备")],
)
def test_a_device_is_named_as_far_as_it_tells(agent: str, name: str) -> None:
    assert devices.name_of(agent) == name


def speaks(client: Client, page: str = "/login/") -> str:
    found = re.search(r'<html lang="([\w-]+)"', text_of(client.get(page)))
    assert found
    return found[1]


def test_the_language_of_the_person_wins_at_login(limin: Person) -> None:
    Person.objects.update(language="en")
    elsewhere = Client(headers={"Accept-Language": "zh-CN"})
    assert speaks(elsewhere) == "zh-hans"
    sign_in(elsewhere)
    assert speaks(elsewhere, PAGE) == "en"
    elsewhere.post("/logout/")
    assert speaks(elsewhere) == "en"  # the cookie stays


@pytest.mark.parametrize("given", ["en", "zh-hans"])
def test_switching_the_language_is_kept_for_the_person(
    desk: Client, limin: Person, given: str
) -> None:
    desk.post("/language/", {"language": given})
    limin.refresh_from_db()
    assert limin.language == given


def test_no_other_language_is_kept(desk: Client, limin: Person) -> None:
    desk.post("/language/", {"language": "fr"})
    limin.refresh_from_db()
    assert limin.language == ""


def test_habits_are_kept(desk: Client, limin: Person) -> None:
    given: dict[str, Any] = {"language": "en"}
    assert desk.post(PAGE, given)["Location"] == PAGE
    limin.refresh_from_db()
    assert (limin.language, limin.single_keys) == ("en", False)
    assert "Your settings" in text_of(desk.get(PAGE))
    assert desk.post(PAGE, {"language": "fr"}).status_code == 422
