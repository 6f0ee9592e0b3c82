"""A deep link survives every way of getting in, also where a second factor is set up first."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from common import clock
from common.secrets import unseal
from tests.grids.keys import Phone, named, sign_in, with_phone
from tests.world import MONDAY_NINE

pytestmark = pytest.mark.django_db
DEEP = "/t/330102-20261123-00001/?from=inbox"
ASKED = "?next=/t/330102-20261123-00001/%3Ffrom%3Dinbox"
AT = MONDAY_NINE


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def test_the_page_of_the_login_hands_it_on_to_each_way_in(
    client: Client, settings: Settings
) -> None:
    settings.HUBIN_OIDC_ISSUER, settings.HUBIN_OIDC_CLIENT_ID = "https://id.example.org", "hubin"
    settings.HUBIN_SMS_FILE = "sms.jsonl"
    asked = client.get(DEEP)["Location"]
    assert asked == f"/login/{ASKED}"
    page = client.get(asked).content.decode()
    assert f'href="/login/oidc/{ASKED}"' in page
    assert f'href="/login/phone/{ASKED}"' in page
    assert f'name="next" value="{DEEP}"' in page


def test_it_outlives_the_code_of_the_telephone(client: Client) -> None:
    phone = with_phone(named(), AT)
    sign_in(client, next_page=DEEP)
    assert client.post("/login/code/", {"code": phone.code(AT)})["Location"] == DEEP


def test_it_outlives_setting_the_second_factor_up(client: Client, settings: Any) -> None:
    settings.HUBIN_MFA_REQUIRED = True
    named()
    assert sign_in(client, next_page=DEEP)["Location"] == DEEP
    assert client.get(DEEP)["Location"] == "/security/totp/"
    client.get("/security/totp/")
    phone = Phone(unseal(client.session["factor_secret"]), [])
    page = client.post("/security/totp/", {"code": phone.code(AT)}).content.decode()
    assert f'href="{DEEP}">已保存，继续' in page


def test_a_piece_of_an_open_page_leads_back_to_that_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{DEEP}"}
    assert client.get("/suggest/buildings/", headers=headers)["HX-Redirect"].startswith(
        "/login/?next=%2Ft%2F"
    )
    headers["HX-Current-URL"] = "https://example.org/"
    assert client.get("/suggest/buildings/", headers=headers)["HX-Redirect"] == "/login/"
