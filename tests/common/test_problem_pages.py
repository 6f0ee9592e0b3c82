"""Pages of what goes wrong: a whole sentence, what to do, in the frame one is in."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as house
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings

from common import clock
from grids.models import Person
from tests.browser import expect_fit
from tests.world import MONDAY_NINE

pytestmark = pytest.mark.django_db
TOO_MUCH = "字" * house.DATA_UPLOAD_MAX_MEMORY_SIZE
STATUSES = {
    "/forbidden/": (403, "请联系系统管理员调整岗位", "ask your administrator"),
    "/nowhere/": (404, "请检查地址", "Check the address"),
    "/impossible/": (409, "不能再次签收", "不能再次签收"),
    "/hurried/": (429, "可以再试的时间", "You can try again at"),
    "/broken/": (500, "请稍后再试", "Try again later"),
}


@pytest.fixture(autouse=True)
def gallery(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.common.gallery_urls"
    monkeypatch.setattr(clock, "now", lambda: MONDAY_NINE)


@pytest.fixture
def inside(client: Client) -> Client:
    client.force_login(Person.objects.create_user("limin", name="李敏"))
    client.raise_request_exception = False
    return client


def test_each_says_what_to_do_in_both_languages(client: Client) -> None:
    client.raise_request_exception = False
    for address, (status, chinese, english) in STATUSES.items():
        told = client.get(address)
        abroad = client.get(address, headers={"Accept-Language": "en"})
        assert (told.status_code, abroad.status_code) == (status, status)
        assert chinese in told.content.decode()
        assert english in abroad.content.decode()
        assert 'class="mainnav"' not in told.content.decode()


@pytest.mark.parametrize("address", sorted(set(STATUSES) - {"/broken/"}))
def test_whoever_is_logged_in_keeps_the_navigation(inside: Client, address: str) -> None:
    assert 'class="mainnav"' in inside.get(address).content.decode()


def test_a_failure_of_ours_names_the_moment_for_who_looks_into_it(inside: Client) -> None:
    page = inside.get("/broken/").content.decode()
    assert "联系时请告诉他们出错的时间" in page
    assert "11-23 09:00" in page


def test_too_often_says_from_when_on_it_may_be_tried_again(inside: Client) -> None:
    moment = clock.local(MONDAY_NINE + timedelta(minutes=12)).strftime("%m-%d %H:%M")
    assert moment in inside.get("/hurried/").content.decode()
    assert moment in inside.get("/hurried/", headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize("is_strict", [True, False], ids=["at the gate", "in the view"])
def test_more_than_is_ever_read_is_a_sentence(is_strict: bool) -> None:
    client = Client(enforce_csrf_checks=is_strict)
    client.get("/login/")
    answer = client.post("/language/", {"next": TOO_MUCH})
    assert answer.status_code == 413
    assert "提交的内容太大，没有保存" in answer.content.decode()


def test_too_many_fields_are_too_much_as_well(inside: Client) -> None:
    answer = inside.post("/language/", {f"f{number}": "" for number in range(1100)})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("told", "way"),
    [
        ("http://testserver/report/?a=1", 'href="/report/?a=1"'),
        ("http://testserver/login/?next=/", ""),
        ("https://example.org/report/", ""),
        ("http://testserver/impossible/", ""),
        ("http://testserver//example.org/report/", ""),
    ],
)
def test_the_way_back_is_a_page_of_this_house(inside: Client, told: str, way: str) -> None:
    page = inside.get("/impossible/", headers={"Referer": told}).content.decode()
    assert ("返回刚才那一页" in page) is bool(way)
    assert way in page


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_too_large_is_told_in_a_browser(page: Page, settings: Any) -> None:
    settings.ROOT_URLCONF = "hubin.urls"
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    page.goto("/login/")
    page.locator("[name=username]").fill("字" * 60)
    page.locator("[name=password]").fill("lake-water-2026")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("内容太大")
    expect_fit(page)
    page.get_by_role("link", name="回到首页").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
