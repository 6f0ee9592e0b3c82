"""The one login door."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from common import clock
from grids.models import Person

PASSWORD = "lake-water-2026"
pytestmark = pytest.mark.django_db


@pytest.fixture
def limin() -> Person:
    return Person.objects.create_user("limin", password=PASSWORD, name="李敏")


def sign_in(client: Client, password: str, *, next_page: str = "/healthz") -> tuple[int, str]:
    words = {"username": "limin", "password": password, "next": next_page}
    answer = client.post("/login/", words)
    return answer.status_code, answer.headers.get("Location", answer.content.decode())


def lock(client: Client, settings: Settings) -> None:
    for _try in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "guess")


def test_right_password_opens_the_page_asked_for(client: Client, limin: Person) -> None:
    assert sign_in(client, PASSWORD) == (302, "/healthz")


def test_login_never_leads_to_another_site(client: Client, limin: Person) -> None:
    assert sign_in(client, PASSWORD, next_page="https://example.org/") == (302, "/home/")


def test_wrong_password_is_told_in_a_sentence(client: Client, limin: Person) -> None:
    assert "登录名或密码不对" in sign_in(client, "lake-water-2025")[1]


def test_unknown_name_is_told_the_same(client: Client) -> None:
    assert "登录名或密码不对" in sign_in(client, PASSWORD)[1]


def test_missing_password_names_the_field(client: Client, limin: Person) -> None:
    assert 'href="#id_password">请填写密码。' in sign_in(client, "")[1]


def test_switched_off_person_cannot_enter(client: Client, limin: Person) -> None:
    Person.objects.update(is_active=False)
    assert "登录名或密码不对" in sign_in(client, PASSWORD)[1]
    assert "_auth_user_id" not in client.session


def test_repeated_failures_lock_the_name(client: Client, limin: Person, settings: Settings) -> None:
    lock(client, settings)
    status, page = sign_in(client, PASSWORD)
    assert status == 429
    assert "暂时锁定" in page


def test_the_lock_opens_when_the_page_says(
    client: Client, limin: Person, settings: Settings
) -> None:
    lock(client, settings)
    assert "一刻钟后再试" in sign_in(client, PASSWORD)[1]
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)):
        assert sign_in(client, PASSWORD) == (302, "/healthz")


def test_who_is_in_needs_no_login_page(client: Client, limin: Person) -> None:
    client.force_login(limin)
    answer = client.get("/login/?next=/healthz")
    assert (answer.status_code, answer["Location"]) == (302, "/healthz")


def test_logout_is_a_post(client: Client, limin: Person) -> None:
    client.force_login(limin)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert "_auth_user_id" not in client.session


def test_admin_uses_the_same_door(client: Client) -> None:
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/login/?next=/admin/"


def test_admin_tells_who_may_not_enter(client: Client, limin: Person) -> None:
    client.force_login(limin)
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "您的岗位不能打开这一页" in answer.content.decode()
