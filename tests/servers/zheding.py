"""The gateway of 专有钉钉 on this machine: a signed form, `success` twice, all in HTTP 200."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from common import clock
from tests.servers.plain import Asked, Reply, Server
from tests.servers.robots import answered

KEY, SECRET, TENANT = "hubin-9pXkZ", "2s7JkQv0fF", "50050003"
PATH = "/message/workNotification"
ACCOUNTS = ("GE_10001", "GE_10002")


@dataclass
class Work:
    """A work notice it took."""

    account: str
    msg: dict[str, Any]
    key: str
    asked: Asked


class ZheDingServer(Server):
    """The gateway and the service behind it."""

    def __init__(self) -> None:
        super().__init__(self.serve)
        self.taken: list[Work] = []
        self.nonces: set[str] = set()
        self.mood: Reply | None = None
        self.outer = self.inner = ""
        """A code of the gateway, or of the service, for every request that is all right."""
        self.is_text = False
        """Some hosts put what the service said in as a text."""

    def serve(self, asked: Asked) -> Reply:
        if self.mood is not None:
            return self.mood
        form = dict(parse_qsl(asked.body.decode()))
        code = self.trouble(asked, form) or self.outer
        if code:
            return answered({"success": False, "errorCode": code, "errorMsg": "told in words"})
        code = self.inner or ("" if form["receiverIds"] in ACCOUNTS else "ReceiverNotExist")
        if code:
            return self.said({"success": False, "responseCode": code})
        self.taken.append(
            Work(form["receiverIds"], json.loads(form["msg"]), form.get("bizMsgId", ""), asked)
        )
        return self.said({"success": True, "content": {"msgId": f"m{len(self.taken)}"}})

    def said(self, inner: dict[str, Any]) -> Reply:
        return answered({"success": True, "content": json.dumps(inner) if self.is_text else inner})

    def trouble(self, asked: Asked, form: dict[str, str]) -> str:
        """What is wrong with the request itself."""
        told, stamp = asked.headers, asked.headers.get("x-hmac-auth-timestamp", "")
        if asked.path != PATH or asked.method != "POST":
            return "ApiNotFound"
        if told.get("apikey") != KEY:
            return "InvalidApiKey"
        if not stamp.endswith("+08:00") or drift(stamp) > 900:
            return "TimestampExpired"
        if told["x-hmac-auth-signature"] != expected(asked, form):
            return "SignatureDoesNotMatch"
        if told["x-hmac-auth-nonce"] in self.nonces:
            return "NonceUsedSign"
        self.nonces.add(told["x-hmac-auth-nonce"])
        return "" if form.get("tenantId") == TENANT else "TenantForbidden"


def drift(stamp: str) -> float:
    return abs((clock.now() - datetime.fromisoformat(stamp)).total_seconds())


def expected(asked: Asked, form: dict[str, str]) -> str:
    """Over the plain values in the order of their names, whatever their case."""
    told = asked.headers
    rows = "&".join(f"{name}={form[name]}" for name in sorted(form, key=str.casefold))
    lines = ["POST", told["x-hmac-auth-timestamp"], told["x-hmac-auth-nonce"], PATH, rows]
    made = hmac.new(SECRET.encode(), "\n".join(lines).encode(), hashlib.sha256)
    return base64.b64encode(made.digest()).decode()


def configure(settings: Any, server: ZheDingServer) -> None:
    """As an administrator would."""
    settings.HUBIN_EGRESS_ALLOW = ["127.0.0.1"]
    settings.HUBIN_ZHEDING_HOST = server.url
    settings.HUBIN_ZHEDING_KEY, settings.HUBIN_ZHEDING_SECRET = KEY, SECRET
    settings.HUBIN_ZHEDING_TENANT = TENANT
