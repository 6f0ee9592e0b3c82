"""What the worker of the field carries is all that its pages stand on."""

import json
import re
import struct
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.tickets.pages import entered, text_of
from tests.world import World
from tickets.views.field import shell

FILES = re.compile(r'(?:src|href|data-[\w-]+)="(/static/[^"#]+)')
HASHED = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
ICONS = re.compile("icon-")  # what a telephone's desktop shows, and no page


def test_every_file_of_the_pages_is_carried(nine: World) -> None:
    client, ticket = entered(nine.grid_worker), nine.resolved()
    pages = [reverse("field_offline"), reverse("field_ticket", args=[ticket.number])]
    pages += [reverse(name) for name in shell.PAGES]
    found = {path for page in pages for path in FILES.findall(text_of(client.get(page)))}
    carried = {static(name) for name in shell.FILES}
    assert {path for path in found if not ICONS.search(path)} <= carried
    assert all(finders.find(name) for name in shell.FILES)


@pytest.mark.parametrize(("name", "doors"), [("login", 2), ("login_phone", 1)])
def test_where_one_logs_in_the_last_ones_copies_go(
    nine: World, settings: Settings, tmp_path: Path, name: str, doors: int
) -> None:
    settings.HUBIN_SMS_FILE = str(tmp_path / "sms.jsonl")
    settings.HUBIN_OIDC_ISSUER, settings.HUBIN_OIDC_CLIENT_ID = "https://id.example", "x"
    page = text_of(Client().get(reverse(name)))
    assert (static("js/field/forget.js") in page, page.count(" data-enter")) == (True, doors)


def test_the_administrations_logout_leaves_no_copies(nine: World) -> None:
    nine.admin.is_staff = nine.admin.is_superuser = True
    nine.admin.save()
    page = text_of(entered(nine.admin).get(reverse("admin:index")))
    assert static("js/field/forget.js") in page
    assert 'id="logout-form"' in page


@pytest.mark.parametrize("name", ["field_worker", "field_offline"])
def test_what_stays_after_a_logout_is_nobodys(nine: World, name: str) -> None:
    own, strangers = (client.get(reverse(name)) for client in (entered(nine.grid_worker), Client()))
    assert text_of(own) == text_of(strangers)
    assert "Hubin-Person" not in own.headers


def test_a_worker_that_has_not_changed_costs_nothing() -> None:
    answer = Client().get(reverse("field_worker"))
    again = Client().get(reverse("field_worker"), headers={"if-none-match": answer["ETag"]})
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript", "no-cache")
    assert (again.status_code, again.content) == (304, b"")


def test_icons_are_as_large_as_the_manifest_says() -> None:
    for icon in Client().get(reverse("field_manifest")).json()["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        width, height = struct.unpack(">II", Path(str(path)).read_bytes()[16:24])
        assert icon["sizes"] == f"{width}x{height}"


def test_it_stands_where_files_have_hashed_names(settings: Settings, tmp_path: Path) -> None:
    paths = {name: f"hashed/{name}" for name in shell.FILES}
    listed = {"version": "1.1", "hash": "", "paths": paths}
    (tmp_path / "staticfiles.json").write_text(json.dumps(listed), encoding="utf-8")
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": HASHED}}
    page = text_of(Client().get(reverse("field_worker")))
    assert '"/static/hashed/css/field.css"' in page
    assert 'const STATIC = "/static/";' in page
