"""Light, dark, or as the device has it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.theme import COOKIE
from tests.tickets.pages import entered
from tests.world import World

pytestmark = pytest.mark.django_db


def chosen(client: Client, theme: str, back: str = "/") -> Any:
    return client.post(reverse("set_theme"), {"theme": theme, "next": back})


def test_a_page_is_as_the_device_has_it_unless_somebody_chose(world: World) -> None:
    page = entered(world.desk).get("/").text
    assert "js/theme.js" in page
    assert 'data-bs-theme="' not in page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_was_chosen_is_on_the_page_before_any_script(world: World, theme: str) -> None:
    client = entered(world.desk)
    assert chosen(client, theme, "/inbox/")["Location"] == "/inbox/"
    page = client.get("/").text
    assert f'data-bs-theme="{theme}"' in page
    assert "js/theme.js" not in page
    assert f'value="{theme}" aria-pressed="true"' in page


def test_the_device_may_be_followed_again(world: World) -> None:
    client = entered(world.desk)
    chosen(client, "dark")
    chosen(client, "auto")
    assert "js/theme.js" in client.get("/").text


def test_what_there_is_not_is_refused_and_nothing_is_kept(client: Client) -> None:
    answer = chosen(client, "pink")
    assert answer.status_code == 422
    assert "浅色、深色或随系统" in answer.text
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "javascript:1", ""])
def test_it_leads_nowhere_else(client: Client, back: str) -> None:
    assert chosen(client, "dark", back)["Location"] == "/"


def test_a_cookie_of_somebody_elses_making_is_none(client: Client) -> None:
    client.cookies[COOKIE] = "<script>"
    page = client.get("/login/").text
    assert "<script>" not in page
    assert "js/theme.js" in page
