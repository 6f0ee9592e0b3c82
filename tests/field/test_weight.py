"""What a telephone has to fetch, weighed as it leaves the server; and that it may be an app."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import Counter, OpenPage, log_in
from tests.field.conftest import Begin
from tests.field.phone import Phone, phone_of
from tests.world import World

FIRST, NEXT = 250_000, 30_000
OLD = """async () => {
    for (const name of await caches.keys()) {
        if (name.startsWith("hubin-pages")) await caches.delete(name);
    }
}"""
Answers = list[tuple[str, int]]


@contextmanager
def weighed(counter: Counter) -> Iterator[Answers]:
    """Every answer of the server with its bytes, gzipped, as WhiteNoise sends files."""
    app, answers = counter.app, Answers()

    def scales(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = b"".join(app(environ, start))
        is_packed = body.startswith(b"\x1f\x8b") or body.startswith(b"\x89PNG")
        answers.append((environ["PATH_INFO"], len(body if is_packed else gzip.compress(body))))
        return [body]

    counter.app = scales
    try:
        yield answers
    finally:
        counter.app = app


def visit(phone: Phone, address: str) -> None:
    phone.open(address)
    expect(phone.page.locator("body[data-carried=true]")).to_be_attached()
    phone.page.wait_for_load_state("networkidle")


@pytest.mark.usefixtures("committed_world")
def test_pages_are_light_the_first_time_and_lighter_the_next(
    open_page: OpenPage, counter: Counter
) -> None:
    phone = phone_of(open_page, "grid_worker", worker=True)
    with weighed(counter) as first:
        visit(phone, "/field/report/")
    with weighed(counter) as after:
        phone.page.evaluate(OLD)  # as if it were long ago: all pages are fetched anew
        visit(phone, "/field/report/")
    assert {"/field/sw.js", "/field/tasks/", "/field/kit.json"} <= {path for path, _size in first}
    assert 0 < sum(size for _path, size in first) <= FIRST
    assert 0 < sum(size for _path, size in after) <= NEXT


def test_it_can_be_kept_as_an_app(begin: Begin, committed_world: World) -> None:
    phone = Phone(begin().pages[0])
    log_in(phone.page, phone.who)
    phone.open("/field/")
    devtools = phone.page.context.new_cdp_session(phone.page)
    told = devtools.send("Page.getAppManifest")
    assert (told["errors"], json.loads(told["data"])["start_url"]) == ([], "/field/")
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
