"""A second factor: right once, for a short while, and not for guessing."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from common.errors import Impossible, Invalid, TooMany
from grids.login import entering, factors
from grids.models import AccessEvent, Person
from tests.grids.keys import NEXT, Phone, named, with_phone
from tests.races import race
from tests.world import MONDAY_NINE

pytestmark = pytest.mark.django_db
AT = MONDAY_NINE


@pytest.fixture
def limin(db: None) -> Person:
    return named()


@pytest.fixture
def phone(limin: Person) -> Phone:
    return with_phone(limin, AT)


def kinds(person: Person) -> list[str]:
    return list(person.access_events.values_list("kind", flat=True))


# RFC 6238, appendix B: the secret is "12345678901234567890", the last six digits of eight
@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")]
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = AT.fromtimestamp(seconds, tz=AT.tzinfo)
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert factors.step_of(secret, code, at=at) == seconds // 30


def test_the_code_shown_now_is_right(limin: Person, phone: Phone) -> None:
    assert factors.check(limin, phone.code(AT), at=AT) == factors.APP


@pytest.mark.parametrize("typed", [" 121212 ", "121 212", "121-212", "１２１２１２"])
def test_it_may_be_typed_as_people_type(typed: str) -> None:
    assert factors.plain(typed) == "121212"


@pytest.mark.parametrize("steps", [-1, 1])
def test_a_clock_may_be_off_by_one_step(limin: Person, phone: Phone, steps: int) -> None:
    at = AT + 10 * NEXT
    assert factors.check(limin, phone.code(at + steps * NEXT), at=at)


@pytest.mark.parametrize("steps", [-2, 2])
def test_but_not_by_two(limin: Person, phone: Phone, steps: int) -> None:
    at = AT + 10 * NEXT
    with pytest.raises(Invalid, match="验证码不对"):
        factors.check(limin, phone.code(at + steps * NEXT), at=at)


def test_a_code_opens_once(limin: Person, phone: Phone) -> None:
    factors.check(limin, phone.code(AT), at=AT)
    with pytest.raises(Invalid):
        factors.check(limin, phone.code(AT), at=AT)


def test_neither_does_an_older_one_after_it(limin: Person, phone: Phone) -> None:
    factors.check(limin, phone.code(AT + NEXT), at=AT + NEXT)
    with pytest.raises(Invalid):
        factors.check(limin, phone.code(AT), at=AT + NEXT)


def test_the_code_that_activated_does_not_open(limin: Person) -> None:
    secret = factors.new_secret()
    code = Phone(secret, []).code(AT)
    factors.activate(limin, secret, code, at=AT)
    with pytest.raises(Invalid):
        factors.check(limin, code, at=AT)


def test_a_recovery_code_opens_once_and_is_noted(limin: Person, phone: Phone) -> None:
    assert factors.check(limin, phone.codes[3], at=AT) == factors.RECOVERY
    assert factors.codes_left(limin) == 9
    assert kinds(limin)[0] == "CODE_USED"
    with pytest.raises(Invalid):
        factors.check(limin, phone.codes[3], at=AT)


def test_the_secret_is_not_kept_in_clear(limin: Person, phone: Phone) -> None:
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert phone.secret not in kept
    assert not [code for code in phone.codes if code in kept]


def guess(person: Person, phone: Phone, times: int, at: Any = AT) -> None:
    for _try in range(times):
        with pytest.raises(Invalid):
            factors.check(person, phone.wrong(at), at=at)


def test_five_wrong_codes_lock_even_the_right_one(limin: Person, phone: Phone) -> None:
    guess(limin, phone, 5)
    with pytest.raises(TooMany, match="请 15 分钟后"):
        factors.check(limin, phone.code(AT), at=AT)
    assert kinds(limin)[0] == "LOCKED"


def test_the_lock_opens_after_a_quarter_of_an_hour(limin: Person, phone: Phone) -> None:
    guess(limin, phone, 5)
    later = AT + timedelta(minutes=15)
    assert factors.check(limin, phone.code(later), at=later)


def test_a_right_code_begins_the_count_anew(limin: Person, phone: Phone) -> None:
    guess(limin, phone, 4)
    factors.check(limin, phone.code(AT), at=AT)
    guess(limin, phone, 5)


def test_activating_twice_is_refused(limin: Person, phone: Phone) -> None:
    with pytest.raises(Impossible, match="已经启用"):
        factors.activate(limin, phone.secret, phone.code(AT), at=AT)
    assert factors.codes_left(limin) == 10


def test_new_recovery_codes_end_the_old_ones(limin: Person, phone: Phone) -> None:
    fresh = factors.renew_codes(limin, phone.code(AT), at=AT)
    assert not set(fresh) & set(phone.codes)
    with pytest.raises(Invalid):
        factors.check(limin, phone.codes[0], at=AT)


def test_switching_off_demands_a_code(limin: Person, phone: Phone) -> None:
    with pytest.raises(Invalid):
        factors.deactivate(limin, phone.wrong(AT), at=AT)
    factors.deactivate(limin, phone.code(AT), at=AT)
    assert not factors.is_on(limin)
    assert kinds(limin)[0] == "FACTOR_OFF"


def test_where_it_is_demanded_it_is_not_switched_off(
    limin: Person, phone: Phone, settings: Any
) -> None:
    settings.HUBIN_MFA_REQUIRED = True
    with pytest.raises(Impossible, match="不能停用"):
        factors.deactivate(limin, phone.code(AT), at=AT)


def test_the_command_resets_and_notes_who_did_it(limin: Person, phone: Phone) -> None:
    call_command("reset_mfa", "limin", by="王主任", stdout=StringIO())
    event = AccessEvent.objects.first()
    assert event is not None
    assert (event.kind, event.by, event.person) == ("FACTOR_RESET", "王主任", limin)
    assert not Authenticator.objects.exists()


def test_the_command_ends_the_logins_of_this_person_only(
    limin: Person, phone: Phone, client: Client
) -> None:
    other = Client()
    client.force_login(limin, backend=entering.BACKEND)
    other.force_login(named("wangfang"), backend=entering.BACKEND)
    said = StringIO()
    call_command("reset_mfa", "limin", by="王主任", stdout=said)
    assert "登录都已结束" in said.getvalue()
    assert client.get("/security/").status_code == 302
    assert other.get("/security/").status_code == 200


def test_resetting_opens_a_lock(limin: Person, phone: Phone) -> None:
    guess(limin, phone, 5)
    factors.reset(limin, by="王主任", at=AT)
    assert with_phone(limin, AT).codes


def test_what_cannot_be_reset_is_told(limin: Person) -> None:
    with pytest.raises(CommandError, match="不用重置"):
        call_command("reset_mfa", "limin")
    with pytest.raises(CommandError, match="没有这个登录名"):
        call_command("reset_mfa", "nobody")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_show_one_code_at_once_one_gets_in() -> None:
    person = named()
    phone = with_phone(person, AT)
    code = phone.code(AT)
    found = race(*[lambda: factors.check(person, code, at=AT)] * 2)
    assert sorted(map(str, map(type, found))) == sorted(map(str, (str, Invalid)))


@pytest.mark.django_db(transaction=True)
def test_guesses_side_by_side_are_counted() -> None:
    person = named()
    phone = with_phone(person, AT)
    found = race(*[lambda: factors.check(person, phone.wrong(AT), at=AT)] * 8)
    assert sorted(type(one).__name__ for one in found) == ["Invalid"] * 5 + ["TooMany"] * 3
