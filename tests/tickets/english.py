"""Reading the product in English: whatever Chinese is left on a page must be data."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.apps import apps
from django.test import Client

from grids.models import Person
from tests.tickets.pages import entered, text_of
from tickets.models import Reporter

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
TABLES = ("auth", "axes", "common", "grids", "notices", "tickets")
SWITCH = "中文"  # the name of the other language


def english(person: Person | None = None) -> Client:
    """A browser that wants English, with the person logged in."""
    client = entered(person) if person else Client()
    client.cookies["django_language"] = "en"
    return client


def data() -> set[str]:
    """What somebody wrote: every text of the database."""
    found = {SWITCH}
    for table in TABLES:
        for model in apps.get_app_config(table).get_models():
            for row in model._default_manager.values_list():
                found |= set(_texts(list(row)))
    for reporter in Reporter.objects.all():
        found |= {reporter.masked_name, reporter.name or ""}
    return {text for text in found if CHINESE.search(text)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (value, value.replace("\n", "\r\n"), *value.splitlines())
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))


def left(answer: Any, *typed: Any) -> list[str]:
    """Chinese on the page that nobody wrote, each with what stands around it."""
    return next(iter(left_on({"": answer}, *typed).values()), [])


def left_on(pages: dict[str, Any], *typed: Any) -> dict[str, list[str]]:
    """The same of several pages, by address; those in English are left out."""
    wrote = {text for text in _texts(list(typed)) if CHINESE.search(text)}
    known = sorted(data() | wrote, key=len, reverse=True)
    found = {address: list(_left(answer, known)) for address, answer in pages.items()}
    return {address: words for address, words in found.items() if words}


def _left(answer: Any, known: list[str]) -> Iterator[str]:
    if "html" not in answer.headers.get("Content-Type", ""):
        return
    page = unescape(text_of(answer))
    for text in known:
        page = page.replace(text, "")
    for hit in CHINESE.finditer(page):
        yield page[max(0, hit.start() - 40) : hit.end() + 20]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs).get("href") or "")


def walk(client: Client, *starts: str) -> dict[str, Any]:
    """Every page to be reached by links; of a path but the list of tickets only the first one."""
    waiting, opened = list(starts), dict[str, Any]()
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        path = address if path == "/" else path
        if path in opened:
            continue
        answer = client.get(address, follow=True)
        opened[path] = answer
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        links = _Links()
        links.feed(text_of(answer))
        waiting += [urljoin(address, link) for link in links.found if link[:1] in "/?"]
    return opened
