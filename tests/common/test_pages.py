"""Headers, languages and health of every page."""

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from common import pages
from grids.models import Person

pytestmark = pytest.mark.django_db

CLOSED_PORT = "redis://127.0.0.1:1/0"


@pytest.fixture
def limin(db: None) -> Person:
    return Person.objects.create_user("limin", password="lake-water-2026", name="李敏")


@pytest.fixture
def gallery(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.common.gallery_urls"


def test_login_page_is_never_stored(client: Client) -> None:
    assert "no-store" in client.get("/login/")["Cache-Control"]


@pytest.mark.usefixtures("gallery")
def test_pages_of_a_person_are_never_stored(client: Client, limin: Person) -> None:
    client.force_login(limin)
    assert client.get("/")["Cache-Control"] == "no-store"


def test_pages_forbid_inline_script_and_foreign_hosts(client: Client) -> None:
    policy = client.get("/login/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_pages_cannot_be_framed(client: Client) -> None:
    assert client.get("/login/")["X-Frame-Options"] == "DENY"


@pytest.mark.usefixtures("gallery")
@pytest.mark.django_db
def test_strangers_are_sent_to_the_login_page(client: Client) -> None:
    answer = client.get("/report/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/report/")


@pytest.mark.usefixtures("gallery")
@pytest.mark.django_db
def test_lost_login_under_htmx_moves_the_whole_page(client: Client) -> None:
    answer = client.get("/report/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/login/")


def test_language_is_switched_by_post_and_stays(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/login/"})
    assert "<h1>Log in</h1>" in client.get("/login/").content.decode()


def test_language_is_not_switched_by_get(client: Client) -> None:
    client.get("/language/?language=en&next=/login/")
    assert "<h1>登录</h1>" in client.get("/login/").content.decode()


def test_language_switch_never_leaves_the_site(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://example.org/"})
    assert answer["Location"] == "/"


@pytest.mark.usefixtures("gallery")
def test_frame_names_the_person_and_marks_where_one_is(client: Client, limin: Person) -> None:
    client.force_login(limin)
    page = client.get("/report/").content.decode()
    assert "李敏" in page
    assert '<a class="nav-item" href="/report/" aria-current="page">' in page


@pytest.mark.usefixtures("gallery")
def test_administration_is_offered_to_those_who_may_enter(client: Client, limin: Person) -> None:
    client.force_login(limin)
    assert 'href="/admin/"' not in client.get("/").content.decode()
    Person.objects.filter(pk=limin.pk).update(is_staff=True)
    assert 'href="/admin/"' in client.get("/").content.decode()


def test_alive_without_asking_anything(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_when_the_database_answers(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["database"] == "ok"


@pytest.mark.django_db
def test_ready_without_the_broker_but_says_so(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = CLOSED_PORT
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["broker"] == "unreachable"


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer["Retry-After"]) == (503, pages.RETRY_AFTER)
    assert answer.json()["database"] == "migrations pending"


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_the_database(client: Client) -> None:
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    try:
        answer = client.get("/readyz")
    finally:
        connection.settings_dict["PORT"] = port
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")
