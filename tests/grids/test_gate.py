"""Where a second factor is demanded, a password alone leads to the page that sets it up."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from common import clock
from common.secrets import unseal
from grids.login import entering
from grids.models import Person, Scope
from grids.tokens import make_token
from tests.grids.keys import NEXT, PASSWORD, Phone, is_in, named, sign_in, with_phone
from tests.promises.doors import House, doors
from tests.world import World

pytestmark = pytest.mark.django_db
OPEN = frozenset({
    "login", "login_code", "oidc", "oidc_callback", "logout", "admin/login/", "admin:login",
    "set_language", "set_theme", "tour", "healthz", "healthz_sweeps", "readyz", "metrics",
    "security_totp", "follow", "follow_verb", "follow_attachment", "login_phone",
    "login_phone_code", "link", "sms_reply", "field_session", "field_manifest", "field_worker",
    "field_offline",
})  # fmt: skip
"""What needs no login at all, and what sets the second factor up."""


@pytest.fixture
def limin(db: None, settings: Any) -> Person:
    settings.HUBIN_MFA_REQUIRED = True
    return named()


@pytest.fixture
def inside(client: Client, limin: Person) -> Client:
    """In by password alone."""
    assert sign_in(client)["Location"] == "/home/"
    assert is_in(client)
    return client


def test_every_other_door_leads_to_the_set_up(world: World, settings: Any) -> None:
    house = House.furnish(world)
    settings.HUBIN_MFA_REQUIRED = True
    shut = [door for door in doors() if not door.is_api and door.name not in OPEN]
    admin = house.visitor("admin")
    led = {
        (door.name, method): getattr(admin, method)(house.address(door))
        for door in shut
        for method in ("get", "post")
    }
    elsewhere = {key for key, answer in led.items() if answer.get("Location") != "/security/totp/"}
    assert elsewhere == set()
    assert {answer.status_code for answer in led.values()} == {302}


def test_the_session_opens_no_api(inside: Client) -> None:
    answer = inside.get("/api/v1/me/")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "要求两步验证" in answer.json()["detail"]


def test_a_program_with_a_token_goes_on(world: World, settings: Any) -> None:
    settings.HUBIN_MFA_REQUIRED = True
    text = make_token(world.desk, "对接", list(Scope.values), at=clock.now())[1]
    answer = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 200


def test_the_set_up_says_why_and_then_everything_is_open(inside: Client, limin: Person) -> None:
    page = inside.get("/security/totp/").content.decode()
    assert "本系统要求工作人员使用两步验证" in page
    phone = Phone(unseal(inside.session["factor_secret"]), [])
    inside.post("/security/totp/", {"code": phone.code(clock.now())})
    assert inside.get("/security/").status_code == 200
    assert inside.get("/api/v1/me/").status_code == 200


def test_who_is_held_may_leave(inside: Client) -> None:
    assert inside.post("/logout/")["Location"] == "/login/"
    assert not is_in(inside)


def test_a_piece_of_a_page_moves_the_whole_page(inside: Client) -> None:
    answer = inside.get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/security/totp/")


def test_with_the_second_factor_shown_everything_is_open(client: Client, limin: Person) -> None:
    at = clock.now()
    phone = with_phone(limin, at - NEXT)
    sign_in(client)
    client.post("/login/code/", {"code": phone.code(at)})
    assert client.get("/security/").status_code == 200


def test_a_login_without_the_factor_is_asked_to_come_again(client: Client, limin: Person) -> None:
    with_phone(limin, clock.now())
    client.force_login(limin, backend=entering.BACKEND)
    assert client.get("/inbox/")["Location"] == "/login/?next=%2Finbox%2F"
    assert not is_in(client)


def test_where_it_is_not_demanded_a_password_is_enough(
    inside: Client, settings: Any, limin: Person
) -> None:
    settings.HUBIN_MFA_REQUIRED = False
    assert inside.get("/security/").status_code == 200


def test_production_demands_it_unless_told_otherwise() -> None:
    asked = "import django.conf as c; print(c.settings.HUBIN_MFA_REQUIRED)"
    around = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hubin.settings.production", "HUBIN_SECRET_KEY": "x",
        "HUBIN_SALT_KEY": "x", "HUBIN_LOOKUP_KEY": "x", "HUBIN_ALLOWED_HOSTS": "x",
    }  # fmt: skip
    said = subprocess.run([sys.executable, "-c", asked], env=around, capture_output=True, text=True)
    assert said.stdout.strip() == "True", said.stderr


def test_the_password_is_what_was_shown(inside: Client) -> None:
    assert inside.session["login_factor"] == entering.PASSWORD
    assert PASSWORD not in str(dict(inside.session))
