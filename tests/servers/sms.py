"""A text message gateway on this machine, as Tencent Cloud's SendSms answers.

It checks the signature, the time, the template, the parameters and the number, answers HTTP 200
whatever happens, and says what happened inside. `mood` makes it misbehave.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from common import clock
from tests.servers.plain import Asked, Reply, Server

KEY_ID, KEY, APP, SIGN, TEMPLATE = "AKIDexample", "gateway-key", "1400006666", "湖滨区", "1110"
HEAD = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/sms/tc3_request, "
    r"SignedHeaders=content-type;host;x-tc-action, Signature=([0-9a-f]{64})"
)


@dataclass
class Sent:
    """A message it took."""

    number: str
    parameters: list[str]
    ref: str


@dataclass
class Mood:
    """How it misbehaves: a code for every number, one for the request, or an answer of its own."""

    status: str = ""
    error: str = ""
    reply: Reply | None = None
    flow: set[str] = field(default_factory=set)


class SmsServer(Server):
    """The gateway."""

    def __init__(self) -> None:
        super().__init__(self.serve)
        self.sent: list[Sent] = []
        self.mood = Mood()

    def serve(self, asked: Asked) -> Reply:
        if self.mood.reply is not None:
            return self.mood.reply
        trouble = self.mood.error or self.trouble(asked)
        if trouble:
            return told({"Error": {"Code": trouble, "Message": "told in words"}})
        given = json.loads(asked.body)
        (number,) = given["PhoneNumberSet"]
        code = self.mood.status or self.take(number, given)
        status = {
            "SerialNo": "2019:538",
            "PhoneNumber": number,
            "Fee": 1,
            "Code": code,
            "SessionContext": given["SessionContext"],
            "Message": "told",
            "IsoCode": "CN",
        }
        return told({"SendStatusSet": [status]})  # fmt: skip

    def take(self, number: str, given: dict[str, Any]) -> str:
        if not re.fullmatch(r"\+861\d{10}", number):
            return "InvalidParameterValue.IncorrectPhoneNumber"
        if number in self.mood.flow:
            return "LimitExceeded.PhoneNumberThirtySecondLimit"
        self.mood.flow.add(number)
        self.sent.append(Sent(number, given["TemplateParamSet"], given["SessionContext"]))
        return "Ok"

    def trouble(self, asked: Asked) -> str:
        """What is wrong with the request itself."""
        found = HEAD.fullmatch(asked.headers.get("authorization", ""))
        seconds = asked.headers.get("x-tc-timestamp", "0")
        if found is None or found[1] != KEY_ID:
            return "AuthFailure.SecretIdNotFound"
        if abs(clock.now().timestamp() - int(seconds)) > 300:
            return "AuthFailure.SignatureExpire"
        if found[3] != expected(asked, seconds, found[2]):
            return "AuthFailure.SignatureFailure"
        given = json.loads(asked.body)
        if asked.headers["x-tc-action"] != "SendSms" or given["SmsSdkAppId"] != APP:
            return "UnauthorizedOperation.SmsSdkAppIdVerifyFail"
        if (given["TemplateId"], given["SignName"]) != (TEMPLATE, SIGN):
            return "FailedOperation.TemplateIncorrectOrUnapproved"
        if len(given["TemplateParamSet"]) != 2:
            return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
        return ""


def expected(asked: Asked, seconds: str, date: str) -> str:
    """The signature, made here by itself and not by the code under test."""
    today = datetime.fromtimestamp(int(seconds), tz=UTC).strftime("%Y-%m-%d")
    said = "".join(
        f"{name}:{asked.headers[name].strip().lower()}\n"
        for name in ("content-type", "host", "x-tc-action")
    )
    payload = hashlib.sha256(asked.body).hexdigest()
    lines = ["POST", "/", "", said, "content-type;host;x-tc-action", payload]
    request = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    text = "\n".join(["TC3-HMAC-SHA256", seconds, f"{today}/sms/tc3_request", request])
    date_key = hmac.digest(b"TC3" + KEY.encode(), date.encode(), "sha256")
    service_key = hmac.digest(date_key, b"sms", "sha256")
    signing_key = hmac.digest(service_key, b"tc3_request", "sha256")
    return hmac.digest(signing_key, text.encode(), "sha256").hex()


def told(what: dict[str, Any]) -> Reply:
    """HTTP 200, whatever happened."""
    body = {"Response": {**what, "RequestId": "a0aabda6-cf91-4f3e-a81f-9198114a2279"}}
    return Reply(200, json.dumps(body).encode(), {"Content-Type": "application/json"})


def configure(settings: Any, server: SmsServer) -> None:
    """As an administrator would."""
    settings.HUBIN_EGRESS_ALLOW = ["127.0.0.1"]
    settings.HUBIN_SMS_URL = f"{server.url}/"
    settings.HUBIN_SMS_KEY_ID, settings.HUBIN_SMS_KEY = KEY_ID, KEY
    settings.HUBIN_SMS_APP, settings.HUBIN_SMS_SIGN = APP, SIGN
    settings.HUBIN_SMS_LOGIN_TEMPLATE = TEMPLATE
