"""The pages of the second factor: between the password and the house, and one's own settings."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from common import clock
from common.errors import Invalid
from common.secrets import unseal
from grids.login import entering, factors
from grids.models import Person
from tests.grids.keys import NEXT, PASSWORD, Phone, is_in, named, sign_in, with_phone
from tests.world import MONDAY_NINE

pytestmark = pytest.mark.django_db
AT = MONDAY_NINE


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The edges' clock stands on the world's Monday, to the second."""
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def limin(db: None) -> Person:
    return named()


@pytest.fixture
def phone(limin: Person) -> Phone:
    return with_phone(limin, AT)


def later(monkeypatch: pytest.MonkeyPatch, **much: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(**much))


def test_the_password_alone_does_not_open(client: Client, phone: Phone) -> None:
    assert sign_in(client)["Location"] == "/login/code/"
    assert not is_in(client)
    assert client.get("/")["Location"] == "/login/?next=/"
    assert client.get("/api/v1/me/").status_code == 401


def test_the_code_opens_the_page_asked_for(client: Client, phone: Phone) -> None:
    sign_in(client, next_page="/inbox/")
    assert client.get("/login/code/").status_code == 200
    answer = client.post("/login/code/", {"code": phone.code(AT)})
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert is_in(client)


def test_it_never_leads_to_another_site(client: Client, phone: Phone) -> None:
    sign_in(client, next_page="https://example.org/")
    assert client.post("/login/code/", {"code": phone.code(AT)})["Location"] == "/home/"


def test_a_wrong_code_is_told_at_its_field(client: Client, phone: Phone) -> None:
    sign_in(client)
    answer = client.post("/login/code/", {"code": phone.wrong(AT)})
    assert answer.status_code == 422
    assert 'href="#id_code">验证码不对' in answer.content.decode()
    assert not is_in(client)


def test_a_recovery_code_opens(client: Client, phone: Phone) -> None:
    sign_in(client)
    client.post("/login/code/", {"code": f"{phone.codes[0][:4]} {phone.codes[0][4:]}"})
    assert is_in(client)


def test_who_guesses_begins_at_the_password(client: Client, phone: Phone) -> None:
    sign_in(client)
    for _try in range(5):
        client.post("/login/code/", {"code": phone.wrong(AT)})
    locked = client.post("/login/code/", {"code": phone.code(AT)})
    assert locked.status_code == 429
    assert "次数过多" in locked.content.decode()
    assert client.get("/login/code/")["Location"] == "/login/"


def test_a_code_without_a_password_opens_nothing(client: Client, phone: Phone) -> None:
    assert client.post("/login/code/", {"code": phone.code(AT)})["Location"] == "/login/"


def test_after_ten_minutes_the_password_is_asked_again(
    client: Client, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)
    later(monkeypatch, minutes=11)
    code = phone.code(AT + timedelta(minutes=11))
    assert client.post("/login/code/", {"code": code})["Location"] == "/login/"


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!"}], ids=str)
def test_who_changed_in_between_begins_anew(
    client: Client, phone: Phone, change: dict[str, Any]
) -> None:
    sign_in(client)
    Person.objects.update(**change)
    assert client.post("/login/code/", {"code": phone.code(AT)})["Location"] == "/login/"


def test_the_administration_is_no_way_round(client: Client, limin: Person, phone: Phone) -> None:
    Person.objects.update(is_staff=True, is_superuser=True)
    words = {"username": "limin", "password": PASSWORD, "next": "/admin/"}
    assert client.post("/admin/login/", words).status_code == 405
    client.post("/login/", words)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    answer = client.post("/login/code/", {"code": phone.code(AT)})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def begun(client: Client) -> Phone:
    """Logged in by password, the secret on the page scanned."""
    sign_in(client)
    page = client.get("/security/totp/").content.decode()
    assert '<img class="qr" src="data:image/svg+xml;' in page
    return Phone(unseal(client.session["factor_secret"]), [])


def test_setting_up_shows_the_recovery_codes_once(client: Client, limin: Person) -> None:
    phone = begun(client)
    page = client.post("/security/totp/", {"code": phone.code(AT)}).content.decode()
    codes = [found.replace(" ", "") for found in re.findall(r"<code>([\d ]+)</code>", page)]
    assert len(set(codes)) == 10
    assert "factor_secret" not in client.session
    assert codes[0][:4] not in client.get("/security/").content.decode()
    assert factors.check(limin, codes[0], at=AT) == factors.RECOVERY


def test_setting_up_ends_the_logins_elsewhere_only(client: Client, limin: Person) -> None:
    elsewhere, other = Client(), Client()
    sign_in(elsewhere)
    other.force_login(named("wangfang"), backend=entering.BACKEND)
    phone = begun(client)
    assert "其他设备和浏览器上的登录会结束" in client.get("/security/totp/").content.decode()
    page = client.post("/security/totp/", {"code": phone.code(AT)}).content.decode()
    assert "其他设备和浏览器上的登录已经结束" in page
    assert [one.get("/security/").status_code for one in (client, elsewhere, other)] == [
        200, 302, 200,
    ]  # fmt: skip


def test_what_did_not_succeed_ends_no_login(client: Client, limin: Person) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    client.post("/security/totp/", {"code": begun(client).wrong(AT)})
    assert elsewhere.get("/security/").status_code == 200


def test_a_typing_error_asks_for_no_new_scan(client: Client, limin: Person) -> None:
    phone = begun(client)
    answer = client.post("/security/totp/", {"code": phone.wrong(AT)})
    assert (answer.status_code, factors.is_on(limin)) == (422, False)
    assert client.post("/security/totp/", {"code": phone.code(AT)}).status_code == 200
    assert factors.is_on(limin)


def test_a_login_of_long_ago_demands_the_password(
    client: Client, limin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = begun(client)
    later(monkeypatch, minutes=16)
    words = {"code": phone.code(AT + timedelta(minutes=16)), "password": "wrong"}
    assert "密码不对" in client.post("/security/totp/", words).content.decode()
    assert not factors.is_on(limin)
    client.post("/security/totp/", words | {"password": PASSWORD})
    assert factors.is_on(limin)


def entered(client: Client, phone: Phone) -> Client:
    sign_in(client)
    client.post("/login/code/", {"code": phone.code(AT)})
    return client


def test_new_recovery_codes_are_shown_once(client: Client, limin: Person, phone: Phone) -> None:
    entered(client, phone)
    wrong = client.post("/security/codes/", {"code": phone.wrong(AT)})
    assert 'href="#codes_code">验证码不对' in wrong.content.decode()
    page = client.post("/security/codes/", {"code": phone.code(AT + NEXT)}).content.decode()
    assert len(re.findall(r"<code>[\d ]+</code>", page)) == 10


def test_switching_off_on_the_page(client: Client, limin: Person, phone: Phone) -> None:
    entered(client, phone)
    assert client.post("/security/off/", {"code": phone.wrong(AT)}).status_code == 422
    assert (
        client.post("/security/off/", {"code": phone.code(AT + NEXT)})["Location"] == "/security/"
    )
    assert not factors.is_on(limin)


def test_moving_to_another_telephone_ends_the_old_one_only_then(
    client: Client, limin: Person, phone: Phone, settings: Any
) -> None:
    settings.HUBIN_MFA_REQUIRED = True
    entered(client, phone)
    assert client.get("/security/totp/")["Location"] == "/security/"
    answer = client.post("/security/move/", {"code": phone.codes[0]})
    assert answer["Location"] == "/security/totp/"
    assert client.get("/security/totp/").status_code == 200
    fresh = Phone(unseal(client.session["factor_secret"]), [])
    assert factors.check(limin, phone.codes[1], at=AT)
    client.post("/security/totp/", {"code": fresh.code(AT)})
    assert limin.access_events.first().kind == "FACTOR_MOVED"  # type: ignore[union-attr]
    assert factors.check(limin, fresh.code(AT + NEXT), at=AT) == factors.APP
    with pytest.raises(Invalid):
        factors.check(limin, phone.codes[2], at=AT)


def test_moving_demands_a_code(client: Client, phone: Phone) -> None:
    entered(client, phone)
    answer = client.post("/security/move/", {"code": phone.wrong(AT)})
    assert 'href="#move_code">验证码不对' in answer.content.decode()
    assert client.get("/security/totp/")["Location"] == "/security/"


@pytest.mark.parametrize("door", ["codes", "move", "off"])
def test_what_is_not_on_is_neither_renewed_nor_switched_off(
    client: Client, limin: Person, door: str
) -> None:
    sign_in(client)
    answer = client.post(f"/security/{door}/", {"code": "000000"})
    assert answer.status_code == 409
    assert "还没有启用" in answer.content.decode()


def test_the_page_tells_what_happened(client: Client, limin: Person, phone: Phone) -> None:
    page = entered(client, phone).get("/security/").content.decode()
    assert "启用两步验证" in page
    assert "还有 10 个恢复码" in page


def test_the_templates_of_these_pages_ask_no_other_host() -> None:
    pages = Path("templates/grids").glob("*.html")
    assert not [page.name for page in pages if "://" in page.read_text(encoding="utf-8")]
