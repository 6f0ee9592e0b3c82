"""短信: an approved template and its parameters, never free text (DESIGN §5).

The gateway speaks Tencent Cloud's SendSms: JSON, signed by TC3-HMAC-SHA256. It answers HTTP 200
whatever happens; what happened stands in a code inside.
"""

import hashlib
import hmac
import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from common import outgoing
from common.outgoing import Unreachable
from common.secrets import phone
from notices.channels.asking import unreachable
from notices.channels.messages import Message, NotSent, Sent, Target

ALGORITHM, SERVICE, ACTION = "TC3-HMAC-SHA256", "sms", "SendSms"
KIND = "application/json; charset=utf-8"
SIGNED = "content-type;host;x-tc-action"
OK = "Ok"
MOBILE = re.compile(r"1\d{10}", re.ASCII)
LATER = ("InternalError", "RequestLimitExceeded", "LimitExceeded.DeliveryFrequencyLimit",
         "LimitExceeded.PhoneNumberThirtySecondLimit")  # fmt: skip
NUMBERS = ("FailedOperation.PhoneNumberInBlacklist", "LimitExceeded.PhoneNumber",
           "InvalidParameterValue.IncorrectPhoneNumber", "UnsupportedOperation.")  # fmt: skip


class Sms(Protocol):
    """短信渠道."""

    def send(
        self, number: str, template: str, parameters: list[str], *, ref: str, at: datetime
    ) -> None:
        """发送: accepted by the gateway when it returns; else NotSent."""


@dataclass(frozen=True)
class FileSms:
    """演示短信: a line in a file that only its owner may read, instead of a message."""

    path: Path

    def send(
        self, number: str, template: str, parameters: list[str], *, ref: str, at: datetime
    ) -> None:
        line = {"at": at.isoformat(), "number": number, "template": template,
                "parameters": parameters, "ref": ref}  # fmt: skip
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(self.path, flags, 0o600), "a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            said = _("演示短信的文件写不进去，请核对 HUBIN_SMS_FILE。")
            raise NotSent(f"file {type(error).__name__}", said, is_final=False) from None


@dataclass(frozen=True)
class GatewaySms:
    """短信网关."""

    url: str
    key_id: str
    key: str
    app: str
    sign: str
    region: str

    def send(
        self, number: str, template: str, parameters: list[str], *, ref: str, at: datetime
    ) -> None:
        body = json.dumps(
            {
                "PhoneNumberSet": [f"+86{number}"], "SmsSdkAppId": self.app,
                "SignName": self.sign, "TemplateId": template, "TemplateParamSet": parameters,
                "SessionContext": ref,
            }
        ).encode()  # fmt: skip
        try:
            answer = outgoing.call("POST", self.url, headers=self._headers(body, at), body=body)
            if answer.status != 200:
                raise NotSent(f"status {answer.status}", _said(False, False), is_final=False)
            code = code_of(answer.json())
        except Unreachable as told:
            raise NotSent(told.why, unreachable(told).sentence, is_final=False) from None
        if code != OK:
            is_final, is_numbers = not code.startswith(LATER), code.startswith(NUMBERS)
            said = _said(is_final, is_numbers)
            raise NotSent(code, said, is_final=is_final, is_addressees=is_numbers)

    def _headers(self, body: bytes, at: datetime) -> dict[str, str]:
        seconds, host = str(int(at.timestamp())), outgoing.split(self.url).shown
        made = signature(self.key, body, host, seconds, outgoing.split(self.url).path)
        scope = f"{day(seconds)}/{SERVICE}/tc3_request"
        return {
            "Content-Type": KIND, "X-TC-Action": ACTION, "X-TC-Version": "2021-01-11",
            "X-TC-Timestamp": seconds, "X-TC-Region": self.region,
            "Authorization": f"{ALGORITHM} Credential={self.key_id}/{scope}, "
                             f"SignedHeaders={SIGNED}, Signature={made}",
        }  # fmt: skip


@dataclass(frozen=True)
class SmsNotice:
    """短信通知: the template of `HUBIN_SMS_TEMPLATES` and its parameters, never the text."""

    gateway: Sms

    def send(self, message: Message, target: Target | None = None, *, at: datetime) -> Sent:
        number = phone(message.to)
        if not MOBILE.fullmatch(number):
            said = _("这个号码不是 11 位的手机号，发不了短信。")
            raise NotSent("bad_number", said, is_final=True, is_addressees=True)
        template = settings.HUBIN_SMS_TEMPLATES.get(message.template)
        if not template:
            said = _("“%(name)s”没有短信模板，请写进 HUBIN_SMS_TEMPLATES。")
            name = {"name": message.template}
            raise NotSent("no_template", said % name, is_final=True)
        parameters = [str(value) for value in message.params.values()]
        self.gateway.send(number, template, parameters, ref=message.dedupe_key, at=at)
        return Sent()


def client() -> SmsNotice | None:
    """短信通知: None as long as there is no gateway or no template."""
    gateway = channel()
    return SmsNotice(gateway) if gateway and settings.HUBIN_SMS_TEMPLATES else None


def channel() -> Sms | None:
    """短信渠道: the gateway, the demo's file, or none."""
    if settings.HUBIN_SMS_URL:
        return GatewaySms(
            settings.HUBIN_SMS_URL, settings.HUBIN_SMS_KEY_ID, settings.HUBIN_SMS_KEY,
            settings.HUBIN_SMS_APP, settings.HUBIN_SMS_SIGN, settings.HUBIN_SMS_REGION,
        )  # fmt: skip
    return FileSms(Path(settings.HUBIN_SMS_FILE)) if settings.HUBIN_SMS_FILE else None


def _said(is_final: bool, is_numbers: bool) -> str:
    if is_numbers and is_final:
        return _("短信网关不给这个号码发送，请核对号码。")
    if is_numbers:
        return _("这个号码收得太勤，稍后自动再试。")
    if is_final:
        return _("短信网关拒绝了，请按代码核对 HUBIN_SMS_ 各项设置、模板和余额。")
    return _("短信网关暂时不能发，稍后自动再试。")


def signature(key: str, body: bytes, host: str, seconds: str, path: str = "/") -> str:
    """签名: of what is sent, to whom and when; pure."""
    said = f"content-type:{KIND}\nhost:{host}\nx-tc-action:{ACTION.lower()}\n"
    request = f"POST\n{path}\n\n{said}\n{SIGNED}\n{hashlib.sha256(body).hexdigest()}"
    date = day(seconds)
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = f"{ALGORITHM}\n{seconds}\n{date}/{SERVICE}/tc3_request\n{digest}"
    made = f"TC3{key}".encode()
    for part in (date, SERVICE, "tc3_request"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return hmac.new(made, text.encode(), hashlib.sha256).hexdigest()


def day(seconds: str) -> str:
    """签名日: in UTC, whatever the district's time."""
    return datetime.fromtimestamp(int(seconds), tz=UTC).strftime("%Y-%m-%d")


def code_of(told: Any) -> str:
    """应答代码: of the whole request, or of our one number; raises Unreachable ("garbage")."""
    try:
        answer = told["Response"]
        if "Error" in answer:
            return str(answer["Error"]["Code"])
        (status,) = answer["SendStatusSet"]
        return str(status["Code"])
    except (KeyError, TypeError, ValueError):
        raise Unreachable("garbage") from None
