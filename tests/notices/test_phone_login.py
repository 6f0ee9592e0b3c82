"""Logging in by telephone: who has the number has the account, and nobody learns more."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from common import clock
from common.errors import Gone, Invalid, NotYours, TooMany
from common.models import Attempts
from grids.login import phone, tries
from grids.models import Person, PhoneCode, PhoneNumber, Post, PostKind
from notices import codes
from tests.grids.keys import is_in
from tests.notices.sms import AT, NUMBER, gateway
from tests.races import race
from tests.servers.sms import SmsServer
from tests.world import World

__all__ = ["gateway"]
pytestmark = pytest.mark.django_db
HERE = "192.0.2.1"


def asked(number: str = NUMBER, **more: Any) -> PhoneCode:
    given: dict[str, Any] = {"address": HERE, "at": AT}
    return phone.ask(number, **given | more)


def entered(row: PhoneCode, code: str | None = None, **more: Any) -> Person:
    given: dict[str, Any] = {"address": HERE, "at": AT}
    return phone.check(row.pk, code or row.code or "", **given | more)


def wrong(row: PhoneCode) -> str:
    return "000000" if row.code != "000000" else "000001"


def test_the_first_time_an_account_is_made(db: None) -> None:
    person = entered(asked())
    known = PhoneNumber.objects.get()
    assert (known.person, known.number, known.confirmed_at) == (person, NUMBER, AT)
    assert not person.has_usable_password()
    assert NUMBER not in person.username + person.name


@pytest.mark.parametrize("typed", ["139 0000 1234", "+86 139-0000-1234", "008613900001234",
                                   "１３９００００１２３４"])  # fmt: skip
def test_the_number_is_the_same_however_it_is_typed(db: None, typed: str) -> None:
    person = entered(asked())
    again = asked(typed, at=AT + timedelta(minutes=2))
    assert entered(again, at=AT + timedelta(minutes=2)) == person


def test_the_code_may_be_typed_in_full_width_digits(db: None) -> None:
    row = asked()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in row.code or "")
    assert entered(row, wide).username


@pytest.mark.parametrize("number", ["", "123", "0571-87000000", "1390000123x", "12345678901",
                                    "139000012345", "١٣٩٠٠٠٠١٢٣٤"])  # fmt: skip
def test_what_is_no_mobile_number_is_refused(db: None, number: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(number)
    assert refused.value.field == "phone"
    assert not Attempts.objects.exists()


def test_neither_number_nor_code_is_kept_in_clear(db: None) -> None:
    row = asked()
    kept = str(PhoneCode.objects.extra(select={"a": "number", "b": "code"}).values("a", "b").get())
    assert NUMBER not in kept
    assert f"'{row.code}'" not in kept
    entered(row)
    assert list(PhoneCode.objects.values_list("number", "code")) == [(None, None)]


def test_a_code_opens_once(db: None) -> None:
    row = asked()
    code = row.code
    entered(row)
    with pytest.raises(Gone):
        entered(row, code)


def test_a_code_is_good_for_five_minutes(db: None) -> None:
    row = asked()
    with pytest.raises(Gone, match="失效"):
        entered(row, at=AT + timedelta(minutes=5))


def test_a_wrong_code_makes_nobody(db: None) -> None:
    row = asked()
    with pytest.raises(Invalid, match="验证码不对"):
        entered(row, wrong(row))
    assert not PhoneNumber.objects.exists()


def test_five_tries_are_all(db: None) -> None:
    row = asked()
    for _try in range(5):
        with pytest.raises(Invalid):
            entered(row, wrong(row))
    with pytest.raises(Gone):
        entered(row)


def test_one_code_a_minute_for_a_number(db: None) -> None:
    asked()
    with pytest.raises(TooMany, match="请 1 分钟后再试"):
        asked(address="192.0.2.2")
    assert asked("13900005678")
    assert asked(at=AT + timedelta(minutes=1))


def test_five_codes_a_day_for_a_number(db: None) -> None:
    for turn in range(5):
        asked(at=AT + timedelta(minutes=turn))
    with pytest.raises(TooMany, match="1435 分钟"):
        asked(at=AT + timedelta(minutes=5))
    assert asked(at=AT + timedelta(days=1))


def test_twenty_codes_an_hour_for_an_address(db: None) -> None:
    for turn in range(20):
        asked(f"139000012{turn:02}")
    with pytest.raises(TooMany, match="60 分钟"):
        asked("13900005678")
    assert asked("13900005678", address="192.0.2.2")


def test_twenty_wrong_codes_an_hour_for_an_address(db: None) -> None:
    for turn in range(20):
        row = asked(f"139000012{turn:02}", address=f"192.0.2.{turn + 9}")
        with pytest.raises(Invalid):
            entered(row, wrong(row))
    row = asked("13900005678", address="192.0.2.2")
    with pytest.raises(TooMany):
        entered(row)


def of_number(person: Person) -> None:
    PhoneNumber.objects.create(
        person=person, number=NUMBER, number_hash=phone.lookup_hash(NUMBER), confirmed_at=AT
    )


def test_a_telephone_does_not_open_a_staff_account(world: World) -> None:
    of_number(world.desk)
    with pytest.raises(NotYours, match="登录名和密码"):
        entered(asked())


def test_nor_that_of_former_staff(world: World) -> None:
    of_number(world.desk)
    Post.objects.filter(person=world.desk).update(is_active=False)
    with pytest.raises(NotYours):
        entered(asked())


@pytest.mark.parametrize("kind", [PostKind.HOST, PostKind.COURIER])
def test_hosts_and_couriers_get_in_by_telephone(world: World, kind: str) -> None:
    Person.objects.filter(pk=world.resident.pk).update(password="!")
    Post.objects.create(person=world.resident, kind=kind, division=world.places["grid"])
    of_number(world.resident)
    assert entered(asked()) == world.resident


def test_a_switched_off_account_stays_shut(world: World) -> None:
    of_number(world.resident)
    Person.objects.filter(pk=world.resident.pk).update(is_active=False)
    with pytest.raises(NotYours, match="停用"):
        entered(asked())


@pytest.mark.django_db(transaction=True)
def test_asking_twice_at_once_gives_one_code() -> None:
    found = race(*[asked] * 2)
    assert sorted(type(one).__name__ for one in found) == ["PhoneCode", "TooMany"]
    assert PhoneCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_days_allowance_holds_side_by_side() -> None:
    found = race(*[lambda: tries.count(phone.A_DAY, NUMBER, at=AT)] * 8)
    assert sorted(type(one).__name__ for one in found) == ["NoneType"] * 5 + ["TooMany"] * 3


@pytest.mark.django_db(transaction=True)
def test_guesses_side_by_side_are_counted() -> None:
    row = asked()
    found = race(*[lambda: entered(row, wrong(row))] * 8)
    assert sorted(type(one).__name__ for one in found) == ["Gone"] * 3 + ["Invalid"] * 5


@pytest.mark.django_db(transaction=True)
def test_one_code_shown_twice_at_once_opens_once() -> None:
    row = asked()
    found = race(*[lambda: entered(row)] * 2)
    assert sorted(type(one).__name__ for one in found) == ["Gone", "Person"]


@pytest.mark.django_db(transaction=True)
def test_two_codes_of_one_number_at_once_make_one_account() -> None:
    rows = [asked(), asked(at=AT + timedelta(minutes=1))]
    at = AT + timedelta(minutes=2)
    found = race(*[lambda row=row: entered(row, at=at) for row in rows])
    assert found[0] == found[1]
    assert Person.objects.count() == 1


def ask_on_page(client: Client, number: str = NUMBER, **more: Any) -> Any:
    return client.post("/login/phone/", {"phone": number} | more)


def last_code(gateway: SmsServer) -> str:
    codes.sweep(at=clock.now())
    return gateway.sent[-1].parameters[0]


def test_by_number_and_code_into_the_house(client: Client, gateway: SmsServer) -> None:
    assert ask_on_page(client, next="/inbox/")["Location"] == "/login/phone/code/"
    assert not is_in(client)
    answer = client.post("/login/phone/code/", {"code": last_code(gateway)})
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert client.get("/inbox/").status_code == 200


def test_it_never_leads_to_another_site(client: Client, gateway: SmsServer) -> None:
    ask_on_page(client, next="https://example.org/")
    assert client.post("/login/phone/code/", {"code": last_code(gateway)})["Location"] == "/home/"


def test_the_answer_is_the_same_whether_the_number_is_known(
    gateway: SmsServer, world: World
) -> None:
    of_number(world.desk)
    known, unknown = Client(), Client()
    answers = [ask_on_page(known), ask_on_page(unknown, "13900005678")]
    pages = [one.get("/login/phone/code/").content for one in (known, unknown)]
    assert len({(one.status_code, one["Location"], one.content) for one in answers}) == 1
    strip = [page.split(b"csrfmiddlewaretoken")[0] for page in pages]
    assert strip[0] == strip[1]
    assert codes.sweep(at=clock.now()) == 2


def test_only_the_browser_that_asked_may_show_the_code(client: Client, gateway: SmsServer) -> None:
    ask_on_page(client)
    code = last_code(gateway)
    assert Client().post("/login/phone/code/", {"code": code})["Location"] == "/login/phone/"


def test_a_wrong_code_is_told_at_its_field(client: Client, gateway: SmsServer) -> None:
    ask_on_page(client)
    answer = client.post("/login/phone/code/", {"code": "12345"})
    assert answer.status_code == 422
    assert 'href="#id_code">验证码不对' in answer.content.decode()


def test_too_often_is_told_in_a_sentence(client: Client, gateway: SmsServer) -> None:
    ask_on_page(client)
    answer = ask_on_page(client)
    assert answer.status_code == 429
    assert "请 1 分钟后再试" in answer.content.decode()


def test_a_resident_is_not_asked_for_a_second_factor(
    client: Client, gateway: SmsServer, settings: Any
) -> None:
    settings.HUBIN_MFA_REQUIRED = True
    ask_on_page(client)
    client.post("/login/phone/code/", {"code": last_code(gateway)})
    assert client.get("/").status_code == 200
    Person.objects.update(is_staff=True)
    assert client.get("/")["Location"] == "/security/totp/"


def test_without_text_messages_the_page_says_so(client: Client, db: None) -> None:
    assert "/login/phone/" not in client.get("/login/").content.decode()
    assert "没有接入短信" in client.get("/login/phone/").content.decode()
    assert ask_on_page(client).status_code == 503
    assert not PhoneCode.objects.exists()


def test_in_the_demo_the_page_says_where_the_code_is(
    client: Client, db: None, settings: Any, tmp_path: Path
) -> None:
    settings.HUBIN_SMS_FILE = str(tmp_path / "sms.jsonl")
    assert "/login/phone/" in client.get("/login/").content.decode()
    ask_on_page(client)
    assert settings.HUBIN_SMS_FILE in client.get("/login/phone/code/").content.decode()


def test_a_page_never_waits_for_the_gateway(client: Client, gateway: SmsServer) -> None:
    ask_on_page(client)
    assert gateway.asked == []
