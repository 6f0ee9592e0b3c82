"""Fixtures of the field."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from tests.browser import BROWSERS, FLAGS, Counter, OpenPage
from tests.field.phone import SPOT, Phone, phone_of
from tests.world import World

Begin = Callable[[], BrowserContext]


@pytest.fixture
def begin(
    browser: Browser, live_server: LiveServer, counter: Counter, tmp_path: Path
) -> Iterator[Begin]:
    """A browser of its own, which keeps what it keeps in a folder."""
    begun: list[BrowserContext] = []
    # the one with a window: only that one is installed into, and says who it is
    path = next(filter(None, map(shutil.which, reversed(BROWSERS))))

    def new() -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            tmp_path, executable_path=path, args=FLAGS, geolocation=SPOT,
            base_url=live_server.url, locale="zh-CN", viewport={"width": 390, "height": 844},
            permissions=["geolocation"],
        )  # fmt: skip
        begun.append(context)
        return context

    yield new
    begun[-1].close()
    counter.wait()


@pytest.fixture
def phone(open_page: OpenPage, committed_world: World) -> Phone:
    """The grid worker's telephone, logged in."""
    return phone_of(open_page, "grid_worker")
