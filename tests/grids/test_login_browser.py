"""Getting in, as people see it: on a telephone and on a desk, in Chinese and in English."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from common import clock
from grids.login import factors
from grids.models import Person
from notices import codes
from tests.browser import OpenPage, expect_accessible, expect_no_sideways_scroll
from tests.grids.keys import PASSWORD, Phone, named

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sms(settings: Any, tmp_path: Path) -> Path:
    """The demo's file of text messages."""
    settings.HUBIN_SMS_FILE = str(tmp_path / "sms.jsonl")
    return tmp_path / "sms.jsonl"


def look(page: Page, name: str) -> None:
    """Everything in its place; with HUBIN_PICTURES a picture besides."""
    expect_accessible(page)
    expect_no_sideways_scroll(page)
    folder = os.environ.get("HUBIN_PICTURES")
    if folder:
        width = (page.viewport_size or {"width": 0})["width"]
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def secret_of(page: Page) -> str:
    """The key under the QR code, as one would type it."""
    return (page.locator("code.secret").text_content() or "").replace(" ", "")


def enter(page: Page) -> None:
    """Name and password, in whatever language."""
    page.goto("/login/")
    page.locator("#id_username").fill("limin")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form button.btn-primary").click()
    page.wait_for_url(lambda url: not url.endswith("/login/"))


def test_setting_up_the_second_factor(open_page: OpenPage) -> None:
    named()
    page = open_page(width=390)
    enter(page)
    page.goto("/security/")
    look(page, "security-off")
    page.get_by_role("link", name="启用两步验证").click()
    look(page, "totp")
    phone = Phone(secret_of(page), [])
    page.get_by_role("textbox").fill(phone.code(clock.now()))
    page.get_by_role("button", name="启用两步验证").click()
    expect(page.locator(".codes li")).to_have_count(10)
    look(page, "codes")
    page.goto("/security/")
    look(page, "security-on")


def test_showing_a_code_after_the_password(open_page: OpenPage, sms: Path, settings: Any) -> None:
    settings.HUBIN_OIDC_ISSUER, settings.HUBIN_OIDC_CLIENT_ID = "https://id.example", "x"
    person = named()
    given = recovery(person)
    page = open_page(locale="en")
    page.goto("/login/")
    look(page, "login")
    enter(page)
    expect(page.locator("#id_code")).to_be_focused()
    look(page, "code")
    page.locator("#id_code").fill(given)
    page.locator("form button.btn-primary").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def recovery(person: Person) -> str:
    """The second factor is on; one recovery code."""
    secret = factors.new_secret()
    at = clock.now()
    return factors.activate(person, secret, Phone(secret, []).code(at), at=at)[0]


def test_a_resident_gets_in_by_telephone(open_page: OpenPage, sms: Path) -> None:
    page = open_page(width=390)
    page.goto("/login/phone/")
    look(page, "phone")
    page.locator("#id_phone").fill("13900001234")
    page.locator("form button.btn-primary").click()
    expect(page.locator("#id_code")).to_be_visible()
    look(page, "phone-code")
    codes.sweep(at=clock.now())
    code = json.loads(sms.read_text(encoding="utf-8"))["parameters"][0]
    page.locator("#id_code").fill(code)
    page.locator("form button.btn-primary").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    look(page, "resident")
