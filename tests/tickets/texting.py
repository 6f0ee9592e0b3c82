"""What tests of text messages that come back share: a gateway that signs by itself."""

import hashlib
import hmac
import json
from typing import Any

from django.test import Client

from common import clock

KEY = "reply-key-0123456789abcdef0123456789"
NUMBER = "13900001234"  # the world's reporter


def signed(body: bytes, *, key: str = KEY, drift: int = 0) -> str:
    """By the rule in the manual, not by the code under test."""
    stamp = str(int(clock.now().timestamp()) + drift)
    made = hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={made}"


def texted(text: str, *, number: str = NUMBER, id: str = "m1") -> Any:
    """The gateway hands in a message."""
    return post(json.dumps({"id": id, "phone": number, "text": text}).encode())


def post(body: bytes, header: str | None = None) -> Any:
    return Client(enforce_csrf_checks=True).post(
        "/notices/sms/reply/", body, content_type="application/json",
        headers={"X-Hubin-Signature": signed(body) if header is None else header},
    )  # fmt: skip
