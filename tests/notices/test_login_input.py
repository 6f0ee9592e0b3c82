"""Whatever is typed into the doors of getting in, the answer is a sentence and never an error."""

from typing import Any

import pytest
from django.test import Client

from common import clock
from tests.grids.keys import named, sign_in, with_phone
from tests.notices.sms import gateway

__all__ = ["gateway"]
pytestmark = pytest.mark.django_db
NASTY = [
    "", " ", "\x00", "a\x00b", "x" * 5000, "１２３４５６", "²²²²²²", "-" * 20, "𝟙𝟚𝟛𝟜𝟝𝟞",
    "٠٠٠٠٠٠", "' OR 1=1 --", "<script>", "%00", "0" * 8, "１２３４ ５６７８", "+86" * 6,
]  # fmt: skip


@pytest.mark.parametrize("typed", NASTY)
def test_numbers_and_codes_by_text_message(client: Client, gateway: Any, typed: str) -> None:
    asked = client.post("/login/phone/", {"phone": typed})
    client.post("/login/phone/", {"phone": "13900001234"})
    shown = client.post("/login/phone/code/", {"code": typed})
    assert (asked.status_code, shown.status_code) == (422, 422)


@pytest.mark.parametrize("typed", NASTY)
def test_codes_of_the_second_factor(client: Client, db: None, typed: str) -> None:
    with_phone(named(), clock.now())
    sign_in(client)
    assert client.post("/login/code/", {"code": typed}).status_code == 422


@pytest.mark.parametrize("typed", NASTY)
def test_codes_of_the_settings(client: Client, db: None, typed: str) -> None:
    named()
    sign_in(client)
    assert client.post("/security/totp/", {"code": typed}).status_code == 422


@pytest.mark.parametrize("typed", NASTY)
def test_where_to_go_afterwards(client: Client, gateway: Any, typed: str) -> None:
    answer = client.post("/login/phone/", {"phone": "13900001234", "next": typed})
    assert answer.status_code == 302
    assert client.session["phone_code"]["goes_to"] in ("/home/", typed)
