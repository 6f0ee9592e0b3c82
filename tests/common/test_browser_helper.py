"""The browser of the tests notices what it promises to notice."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser import TELL_OF_VIOLATIONS, listen


@pytest.fixture
def complaints(browser: Browser, live_server: LiveServer, settings: Settings) -> list[str]:
    """What is said of a page that does everything wrong."""
    settings.ROOT_URLCONF = "tests.common.gallery_urls"
    told: list[str] = []
    with browser.new_context(base_url=live_server.url) as context:
        context.add_init_script(TELL_OF_VIOLATIONS)
        page = context.new_page()
        listen(page, urlsplit(live_server.url).netloc, told)
        page.goto("/naughty/")
    return told


@pytest.mark.parametrize(
    "wrong", ["style-src-attr", "style-src-elem", "script error: lake", "another host was asked"]
)
def test_wrong_doing_is_noticed(complaints: list[str], wrong: str) -> None:
    assert any(wrong in complaint for complaint in complaints), complaints
