"""A real chromium for tests, which fails the test when the page misbehaves.

`page` is one visitor, `open_page()` makes more of them, each with cookies of its own. At the
end nothing may have failed to load, no script may have thrown, no content policy been broken
and no other host been asked.
"""

import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
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
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
TELL_OF_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`))"""
AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js"))
RUN_AXE = """async (tags) =>
    (await axe.run({runOnly: tags, resultTypes: ["violations"]})).violations"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
IS_FULL = os.environ.get("HUBIN_TEST_FULL") == "1"
BACKEND = "django.contrib.auth.backends.ModelBackend"
OpenPage = Callable[..., Page]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first is the same engine without what surrounds a window: a third less to do."""
PATIENCE = 30  # seconds
NO_FAILURES = {"net::ERR_ABORTED", "net::ERR_INTERNET_DISCONNECTED"}
"""The second comes only where a test took the network away, and may be told of late."""
AWAY: set[BrowserContext] = set()
"""Visitors without a network at this moment: what they ask for fails, and rightly so."""
SEEN: list[Page] = []
"""What the test has open, for the one who reads why it failed."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        report.sections += [("browser", words_of(page)) for page in SEEN]
    return report


def words_of(page: Page) -> str:
    """Where a page stands and the beginning of what it says."""
    try:
        return f"{page.url}\n{page.locator('body').inner_text(timeout=1000)[:1000]}"
    except Error as error:
        return f"{page.url}\n{error}"


def chromium() -> str | None:
    """Where there is one on this machine."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("HUBIN_REQUIRE_BROWSER") == "1":
            pytest.fail("HUBIN_REQUIRE_BROWSER=1, but no chromium is installed.")
        pytest.skip("no chromium on this machine")
    # playwright keeps an event loop running in this thread, which Django takes for async code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE * 1000)
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


class Counter:
    """How many requests the server works on: who closed a page does not take them back."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.at_work = 0
        self.changed = Condition()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self._count(1)
        try:
            return self.app(environ, start)
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        with self.changed:
            self.at_work += more
            self.changed.notify_all()

    def wait(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: not self.at_work, timeout=PATIENCE)


@pytest.fixture(scope="session")
def counter(live_server: LiveServer) -> Counter:
    server = live_server.thread.httpd
    app = server.get_app()
    assert app
    counted = Counter(app)
    server.set_app(counted)
    return counted


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, counter: Counter) -> Iterator[OpenPage]:
    """A new visitor: `open_page(width=390, locale="en")`."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def visitor(
        width: int = 1440,
        height: int = 900,
        locale: str = "zh-CN",
        *,
        dark: bool = False,
        worker: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale=locale, timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height}, reduced_motion="reduce",
            color_scheme="dark" if dark else "light",
            # forty files are fetched by the field's; few tests are about it
            service_workers="allow" if worker else "block",
        )  # fmt: skip
        contexts.append(context)
        context.add_init_script(TELL_OF_VIOLATIONS)
        opened = context.new_page()
        SEEN.append(opened)
        listen(opened, urlsplit(live_server.url).netloc, complaints)
        return opened

    yield visitor
    SEEN.clear()
    for context in contexts:
        context.close()
    counter.wait()
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


@contextmanager
def network_away(page: Page) -> Iterator[None]:
    """In a lift, in a cellar: nothing reaches the server, and nothing that fails is a complaint."""
    AWAY.add(page.context)
    page.context.set_offline(True)
    try:
        yield
    finally:
        page.context.cookies()  # what failed has been told of by then
        page.context.set_offline(False)
        AWAY.discard(page.context)


def expect_accessible(page: Page) -> None:
    """WCAG 2.2 A and AA as far as a machine can tell, by axe-core."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RUN_AXE, WCAG)
    told = [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]
    assert told == []


def at_each_size(page: Page) -> Iterator[int]:
    """As wide as a phone and as a desk's screen, then as before."""
    before = page.viewport_size
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        yield width
    if before:
        page.set_viewport_size(before)


def expect_fit(page: Page) -> None:
    """On a phone and on a desk's screen: nothing sticks out, and it is accessible.

    The latter on a phone in the light and on a screen in the dark; in a full run on both in both.
    """
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    for width in at_each_size(page):
        expect_no_sideways_scroll(page)
        if IS_FULL or width == (1440 if is_dark else 390):
            expect_accessible(page)


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
        if request.failure not in NO_FAILURES and page.context not in AWAY:
            complaints.append(f"{request.url}: {request.failure}")

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on("requestfailed", failed)
    page.on("request", lambda request: asked(request.url))
