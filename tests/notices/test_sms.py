"""Text messages: what is sent is signed, what comes back is read and not only its status."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from notices.channels.messages import NotSent
from notices.channels.sms import FileSms, GatewaySms, channel, signature
from tests.notices.sms import AT, NUMBER, gateway
from tests.servers.plain import Reply
from tests.servers.sms import TEMPLATE, Sent, SmsServer, told

__all__ = ["gateway"]


def send(number: str = NUMBER, template: str = TEMPLATE, parameters: Any = ("123456", "5")) -> None:
    found = channel()
    assert found is not None
    found.send(number, template, list(parameters), ref="code-1", at=AT)


def failure(**given: Any) -> tuple[str, bool]:
    with pytest.raises(NotSent) as failed:
        send(**given)
    return failed.value.code, failed.value.is_final


def test_what_is_sent_arrives(gateway: SmsServer) -> None:
    send()
    assert gateway.sent == [Sent(f"+86{NUMBER}", ["123456", "5"], "code-1")]


@pytest.mark.parametrize(
    ("name", "code"),
    [("HUBIN_SMS_KEY", "AuthFailure.SignatureFailure"),
     ("HUBIN_SMS_KEY_ID", "AuthFailure.SecretIdNotFound"),
     ("HUBIN_SMS_APP", "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
     ("HUBIN_SMS_SIGN", "FailedOperation.TemplateIncorrectOrUnapproved")],
)  # fmt: skip
def test_a_wrong_setting_is_final_though_the_status_is_200(
    gateway: SmsServer, settings: Any, name: str, code: str
) -> None:
    setattr(settings, name, "wrong")
    assert failure() == (code, True)
    assert gateway.sent == []


def test_no_free_text_gets_through(gateway: SmsServer) -> None:
    assert failure(template="您好") == ("FailedOperation.TemplateIncorrectOrUnapproved", True)


def test_a_number_that_is_none_is_the_numbers_own_trouble(gateway: SmsServer) -> None:
    with pytest.raises(NotSent) as failed:
        send(number="123")
    assert (failed.value.is_final, failed.value.is_addressees) == (True, True)


def test_a_flow_limit_asks_for_later(gateway: SmsServer) -> None:
    send()
    assert failure() == ("LimitExceeded.PhoneNumberThirtySecondLimit", False)


@pytest.mark.parametrize(
    ("code", "is_final"),
    [("InternalError.Timeout", False), ("RequestLimitExceeded", False),
     ("LimitExceeded.PhoneNumberDailyLimit", True), ("FailedOperation.InsufficientBalance", True)],
)  # fmt: skip
def test_codes_of_the_request_are_told_apart(gateway: SmsServer, code: str, is_final: bool) -> None:
    gateway.mood.error = code
    assert failure() == (code, is_final)


TROUBLES = {
    "status 500": Reply(500, b"{}"),
    "status 302": Reply(302, headers={"Location": "/"}),
    "garbage": Reply(200, b"<html>ok</html>"),
    "connection": Reply(200, b"{" * 1000, cut=True),
    "timeout": Reply(silent=True),
}


@pytest.mark.parametrize("why", TROUBLES)
def test_trouble_on_the_way_asks_for_later(gateway: SmsServer, settings: Any, why: str) -> None:
    settings.HUBIN_EGRESS_SECONDS = 0.3
    gateway.mood.reply = TROUBLES[why]
    assert failure() == (why, False)


@pytest.mark.parametrize(
    "body", ["{}", "[]", "null", '{"Response": {}}', '{"Response": {"SendStatusSet": []}}',
             '{"Response": {"SendStatusSet": [{}]}}', '{"Response": {"Error": "x"}}'],
)  # fmt: skip
def test_an_answer_that_says_nothing_is_no_success(gateway: SmsServer, body: str) -> None:
    gateway.mood.reply = Reply(200, body.encode())
    assert failure() == ("garbage", False)


def test_success_in_words_is_no_success_in_code(gateway: SmsServer) -> None:
    gateway.mood.reply = told({"SendStatusSet": [{"Code": "ok", "Message": "send success"}]})
    assert failure()[0] == "ok"


def test_a_gateway_inside_is_reached_only_where_allowed(gateway: SmsServer, settings: Any) -> None:
    settings.HUBIN_EGRESS_ALLOW = []
    assert failure() == ("address", False)


def test_the_signature_depends_on_all_it_covers() -> None:
    known = ("key", b"{}", "sms.example.org", "1700000000")
    others = [("k", *known[1:]), (known[0], b"[]", *known[2:]), (*known[:2], "x", known[3]),
              (*known[:3], "1700000001")]  # fmt: skip
    assert len({signature(*one) for one in (known, *others)}) == 5


def test_which_channel_there_is(settings: Any, tmp_path: Path) -> None:
    assert channel() is None
    settings.HUBIN_SMS_FILE = str(tmp_path / "sms.jsonl")
    assert isinstance(channel(), FileSms)
    settings.HUBIN_SMS_URL = "https://sms.tencentcloudapi.com"
    assert isinstance(channel(), GatewaySms)


def test_the_demos_file_is_its_owners(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "var" / "sms.jsonl"
    settings.HUBIN_SMS_FILE = str(path)
    send()
    send(parameters=("654321", "5"))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["parameters"][0] for row in rows] == ["123456", "654321"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_asks_for_later(settings: Any, tmp_path: Path) -> None:
    settings.HUBIN_SMS_FILE = str(tmp_path)
    assert failure() == ("file IsADirectoryError", False)
