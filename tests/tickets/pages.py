"""What tests of the pages share: the cast logged in, at a known hour, and filled forms."""

from collections.abc import Callable
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from common import clock
from grids.models import Person
from tests.world import World

Enter = Callable[[Person], Client]


def move_clock(settings: Settings, folder: Path, moment: datetime) -> None:
    """Sets the clock of this process to `moment`, through the file that moves it."""
    settings.HUBIN_CLOCK_FILE = ""
    offset = (moment - clock.now()).total_seconds()
    path = folder / "clock"
    path.write_text(f"{offset}", encoding="ascii")
    settings.HUBIN_CLOCK_FILE = str(path)


@pytest.fixture
def nine(world: World, settings: Settings, tmp_path: Path) -> World:
    """The world, with the clock at its hour."""
    move_clock(settings, tmp_path, world.at)
    return world


def entered(person: Person) -> Client:
    """A browser in which the person is logged in."""
    client = Client()
    client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    """The page as it came."""
    return str(answer.content.decode())


def statements(client: Client, address: str, **asked: Any) -> int:
    """How many statements a page costs once its process is warm.

    The look at the stamps of the law, once a second and not with every page, is left out.
    """
    client.get(address, asked)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address, asked).status_code == 200
    return sum("common_lawstamp" not in row["sql"] for row in counted)


class _Forms(HTMLParser):
    """Every form with an id, and the fields in it as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.actions: dict[str, str] = {}
        self._here: dict[str, str] | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._here = self.forms.setdefault(given.get("id", ""), {})
            self.actions[given.get("id", "")] = given.get("action", "")
        if self._here is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            is_off = given.get("type") in {"radio", "checkbox"} and "checked" not in given
            self._here.setdefault(name, "")
            self._here[name] = self._here[name] if is_off else given.get("value", "")
        if tag in {"select", "textarea"}:
            self._here.setdefault(name, "")
            self._select, self._area = (name, "") if tag == "select" else ("", name)
        if tag == "option" and self._select and "selected" in given:
            self._here[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._here is not None and self._area:
            self._here[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._here = None
        if tag == "textarea" and self._here is not None:
            self._here[self._area] = self._here[self._area].lstrip("\r\n")
            self._area = ""
        if tag == "select":
            self._select = ""


def forms_in(answer: Any) -> dict[str, dict[str, str]]:
    """Forms of a page by id: what a browser would send if nothing were changed."""
    parser = _Forms()
    parser.feed(text_of(answer))
    return parser.forms


def do(client: Client, number: str, verb: str, **fields: Any) -> Any:
    """One verb through its form on the ticket's page, as a person does it."""
    form = forms_in(client.get(f"/t/{number}/"))[f"verb-{verb}"]
    return client.post(f"/t/{number}/{verb}/", form | fields)
