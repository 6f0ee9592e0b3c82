"""Text messages for notices: the approved template and its parameters, never the text."""

from typing import Any

import pytest

from notices.channels.messages import NotSent, Way
from notices.channels.ways import way
from tests.notices.channels.sending import AT, MESSAGE, failure, hurry, later
from tests.notices.sms import NUMBER, gateway
from tests.servers.plain import Reply
from tests.servers.sms import TEMPLATE, Sent, SmsServer

__all__ = ["gateway"]
PARAMS = {"number": "20261123-00001", "days": "14"}


@pytest.fixture(autouse=True)
def templates(settings: Any) -> None:
    settings.HUBIN_SMS_TEMPLATES = {"warn": TEMPLATE}


def client() -> Way:
    found = way("SMS")
    assert found is not None
    return found


def fails(**changed: Any) -> NotSent:
    return failure(client(), **{"to": NUMBER, "params": PARAMS, **changed})


def test_it_is_off_without_a_gateway_or_a_template(gateway: SmsServer, settings: Any) -> None:
    assert way("SMS") is not None
    settings.HUBIN_SMS_TEMPLATES = {}
    assert way("SMS") is None
    settings.HUBIN_SMS_TEMPLATES, settings.HUBIN_SMS_URL = {"warn": TEMPLATE}, ""
    assert way("SMS") is None


def test_the_parameters_go_and_the_text_stays(gateway: SmsServer) -> None:
    message = type(MESSAGE)("标题", "正文", to="+86 139-0000-1234", dedupe_key="d" * 64,
                            template="warn", params=PARAMS)  # fmt: skip
    client().send(message, at=AT)
    assert gateway.sent == [Sent(f"+86{NUMBER}", list(PARAMS.values()), "d" * 64)]
    assert "正文".encode() not in gateway.asked[0].body


def test_what_has_no_template_is_not_sent(gateway: SmsServer) -> None:
    told = fails(template="remind")
    assert later(told) == ("no_template", True, None)
    assert "HUBIN_SMS_TEMPLATES" in told.sentence
    assert gateway.asked == []


@pytest.mark.parametrize("number", ["", "0571-87654321", "1390000123", "１３９００００１２３４x"])
def test_what_is_no_mobile_is_the_numbers_own_trouble(gateway: SmsServer, number: str) -> None:
    told = fails(to=number)
    assert (told.code, told.is_final, told.is_addressees) == ("bad_number", True, True)
    assert gateway.asked == []


@pytest.mark.parametrize(
    ("code", "is_final", "is_numbers"),
    [("FailedOperation.PhoneNumberInBlacklist", True, True),
     ("LimitExceeded.PhoneNumberThirtySecondLimit", False, True),
     ("FailedOperation.InsufficientBalanceInSmsPackage", True, False),
     ("InternalError.Timeout", False, False)],
)  # fmt: skip
def test_codes_in_http_200_are_told_apart(
    gateway: SmsServer, code: str, is_final: bool, is_numbers: bool
) -> None:
    gateway.mood.status = code
    told = fails()
    assert (told.code, told.is_final, told.is_addressees) == (code, is_final, is_numbers)


def test_a_wrong_key_is_final(gateway: SmsServer, settings: Any) -> None:
    settings.HUBIN_SMS_KEY = "wrong"
    assert later(fails()) == ("AuthFailure.SignatureFailure", True, None)


@pytest.mark.parametrize(
    ("mood", "code"),
    [(Reply(reset=True), "connection"), (Reply(silent=True), "timeout"),
     (Reply(200, drip=True, headers={"Content-Length": "9999"}), "timeout"),
     (Reply(200, b"<html>", {"Content-Type": "text/html"}), "garbage"),
     (Reply(503), "status 503")],
)  # fmt: skip
def test_trouble_on_the_way_asks_for_later(
    gateway: SmsServer, settings: Any, mood: Reply, code: str
) -> None:
    hurry(settings, code)
    gateway.mood.reply = mood
    assert later(fails()) == (code, False, None)
