"""A real chromium for tests, which fails the test when the page misbehaves.

`page` is one visitor, `open_page()` makes more of them, each with cookies of its own. At the
end nothing may have failed to load, no script may have thrown, no content policy been broken
and no other host been asked.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TELL_OF_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`))"""
AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js"))
RUN_AXE = """async (tags) =>
    (await axe.run({runOnly: tags, resultTypes: ["violations"]})).violations"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BACKEND = "django.contrib.auth.backends.ModelBackend"
OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("HUBIN_REQUIRE_BROWSER") == "1":
            pytest.fail("HUBIN_REQUIRE_BROWSER=1, but no chromium is installed.")
        pytest.skip("no chromium on this machine")
    # playwright keeps an event loop running in this thread, which Django takes for async code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """A new visitor: `open_page(width=390, locale="en")`."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def visitor(width: int = 1440, height: int = 900, locale: str = "zh-CN") -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale=locale, timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height}, reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        context.add_init_script(TELL_OF_VIOLATIONS)
        opened = context.new_page()
        listen(opened, urlsplit(live_server.url).netloc, complaints)
        return opened

    yield visitor
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


def log_in(page: Page, username: str) -> None:
    """With a session of that person; what the login page does has tests of its own."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=username), backend=BACKEND)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": "/"}])


def expect_accessible(page: Page) -> None:
    """WCAG 2.2 A and AA as far as a machine can tell, by axe-core."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RUN_AXE, WCAG)
    told = [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]
    assert told == []


def expect_no_sideways_scroll(page: Page) -> None:
    """Nothing sticks out of the screen."""
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown


def listen(page: Page, host: str, complaints: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def asked(url: str) -> None:
        if urlsplit(url).scheme in {"http", "https", "ws", "wss"} and urlsplit(url).netloc != host:
            complaints.append(f"another host was asked: {url}")

    def failed(request: Request) -> None:
        # going on before everything has come is what people do, and no failure
        if request.failure != "net::ERR_ABORTED":
            complaints.append(f"{request.url}: {request.failure}")

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on("requestfailed", failed)
    page.on("request", lambda request: asked(request.url))
