"""浙政钉工作通知: to one person's account, signed as the gateway of 专有钉钉 wants it.

It is not public DingTalk: hosts are the province's or the vendor's, the request is a signed form,
and what happened stands inside the answer, at times twice (`success` of the gateway, and of the
service behind it).
"""

import hmac
import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notices.channels.asking import Fault, ask, code_of, packed, refuse
from notices.channels.messages import Message, NotSent, Sent, Target

PATH, VERSION = "/message/workNotification", "1.0"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
ZONE = ZoneInfo("Asia/Shanghai")  # the gateway reads +08:00
CODES = ("errorCode", "bizErrorCode", "responseCode", "Code", "code")
SIGNING = Fault(
    _("浙政钉不认签名：请核对 HUBIN_ZHEDING_KEY、HUBIN_ZHEDING_SECRET 和服务器的时间。")
)
BUSY = Fault(_("浙政钉说调用太快，一分钟后再试。"), False, timedelta(minutes=1))
# the codes differ between its hosts: what they have in common are these pieces
PIECES = (
    (("limit", "throttl", "flowcontrol", "toofast"), BUSY),
    (("sign", "hmac", "apikey", "accesskey", "timestamp"), SIGNING),
    (("forbidden", "permission", "unauthor"),
     Fault(_("应用没有发送工作通知的权限，请到浙政钉开放平台申请。"))),
    (("receiver", "accountnotexist", "usernotfound"),
     Fault(_("浙政钉里没有这个账号，请核对人员的浙政钉账号。"), is_addressees=True)),
)  # fmt: skip


@dataclass(frozen=True)
class ZheDing:
    """浙政钉工作通知."""

    host: str
    key: str
    secret: str
    tenant: str
    ip: str
    mac: str

    def send(self, message: Message, target: Target | None = None, *, at: datetime) -> Sent:
        if not message.to:
            said = gettext("这个人没有填浙政钉账号。")
            raise NotSent("no_account", said, is_final=True, is_addressees=True)
        form = {
            "bizMsgId": message.dedupe_key, "msg": packed(_card(message)).decode(),
            "receiverIds": message.to, "tenantId": self.tenant,
        }  # fmt: skip
        form = {name: value for name, value in form.items() if value}
        body = urlencode(form).encode()
        told = ask(self.host + PATH, body, at=at, kind=FORM, headers=self._headers(form, at))
        return Sent(_receipt(told))

    def _headers(self, form: Mapping[str, str], at: datetime) -> dict[str, str]:
        stamp = at.astimezone(ZONE).isoformat(timespec="milliseconds")
        nonce = f"{int(at.timestamp() * 1000)}{secrets.randbelow(10_000):04}"
        return {
            "apiKey": self.key, "X-Hmac-Auth-Timestamp": stamp, "X-Hmac-Auth-Nonce": nonce,
            "X-Hmac-Auth-Version": VERSION, "X-Hmac-Auth-IP": self.ip,
            "X-Hmac-Auth-MAC": self.mac,
            "X-Hmac-Auth-Signature": signature(self.secret, stamp, nonce, PATH, form),
        }  # fmt: skip


def client() -> ZheDing | None:
    """浙政钉: None as long as no host is named."""
    if not settings.HUBIN_ZHEDING_HOST:
        return None
    return ZheDing(
        settings.HUBIN_ZHEDING_HOST, settings.HUBIN_ZHEDING_KEY, settings.HUBIN_ZHEDING_SECRET,
        settings.HUBIN_ZHEDING_TENANT, settings.HUBIN_ZHEDING_IP, settings.HUBIN_ZHEDING_MAC,
    )  # fmt: skip


def signature(secret: str, stamp: str, nonce: str, path: str, form: Mapping[str, str]) -> str:
    """签名: over the values as they are, not as the form encodes them; pure."""
    rows = sorted(form.items(), key=lambda row: row[0].lower())
    said = "&".join(f"{name}={value}" for name, value in rows)
    text = "\n".join(["POST", stamp, nonce, path, *([said] if said else [])])
    return b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()


def _card(message: Message) -> dict[str, Any]:
    if not message.url:
        return {"msgtype": "text", "text": {"content": f"{message.title}\n{message.text}"}}
    card = {"title": message.title, "markdown": message.text, "single_title": gettext("打开"),
            "single_url": message.url, "single_pc_url": message.url}  # fmt: skip
    return {"msgtype": "action_card", "action_card": card}


def _receipt(told: Mapping[str, Any]) -> str:
    """回执: the message's own number; else NotSent, whichever of the two said no."""
    if told.get("success") is not True:
        _refuse(code_of(told, *CODES))
    inner = _inner(told.get("content"))
    if inner.get("success", True) is not True:
        _refuse(code_of(inner, *CODES))
    within = _inner(inner.get("content"))
    return str(within.get("msgId") or inner.get("msgId") or "")


def _inner(content: Any) -> Mapping[str, Any]:
    """Some hosts put it in as an object, some as a text that holds one."""
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except ValueError:
            return {}
    return content if isinstance(content, dict) else {}


def _refuse(code: str) -> None:
    plain = code.lower().replace("_", "").replace(".", "")
    found = next((fault for pieces, fault in PIECES if any(one in plain for one in pieces)), None)
    refuse(code, {code: found} if found else {})
