"""Personal data: looked up by keyed hash, shown masked (DOMAIN, PIPL)."""

import hashlib
import hmac
import re
from functools import cache
from typing import Any

from django.conf import settings
from encrypted_fields.fields import EncryptedTextField

from common.texts import narrow


def lookup_hash(value: str) -> str:
    """检索摘要: HMAC-SHA256 of the value with all white space removed; empty stays empty."""
    plain = "".join(value.split())
    if not plain:
        return ""
    key = settings.HUBIN_LOOKUP_KEY.encode()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


def seal(text: str) -> str:
    """加密: with the key of the encrypted columns, for what stands inside of another value."""
    return str(_cipher().encrypt(text.encode()).decode())


def unseal(text: str) -> str:
    """解密: also what was sealed under a key that was changed since."""
    return str(_cipher().decrypt(text.encode()).decode())


@cache
def _cipher() -> Any:
    return EncryptedTextField().f  # making the key takes a while


def phone(value: str) -> str:
    """电话号码: without spaces, hyphens and the country's own prefix, so that it is found again."""
    plain = re.sub(r"[\s\-‐-―]+", "", narrow(value))
    return re.sub(r"^(?:\+|00)86(?=\d)", "", plain)


def mask_name(name: str) -> str:
    """姓名掩码: 王*."""
    return name[:1] + "*" if name else ""


def mask_phone(phone: str) -> str:
    """电话掩码: 138****8000; what is shorter than a mobile number keeps its last two digits."""
    if not phone:
        return ""
    if len(phone) < 11:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return f"{phone[:3]}****{phone[-4:]}"
