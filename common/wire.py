"""What DRF is told by name: who is logged in, what is read, what is written."""

import json
import math
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from common.errors import StaleToken
from common.problems import Malformed, TooLarge

DEEPEST = 16


class Session(SessionAuthentication):
    """会话: a browser that is logged in; needs the CSRF token for everything but reading."""

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="hubin"'

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied:
            said = _("缺少 CSRF 令牌：用会话登录时，请在 X-CSRFToken 里带上它。")
            raise StaleToken(said) from None


class AlwaysJson(DefaultContentNegotiation):
    """只有 JSON: whatever `Accept` says; a browser that looks gets an answer, not a 406."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        return renderers[0], renderers[0].media_type


class StrictJson(BaseParser):
    """JSON: UTF-8, bounded in size and depth, finite numbers, text that a column can hold."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise TooLarge(_("内容超过 %(most)s 字节，请分成几次发送。") % {"most": most})
        try:
            found = json.loads(raw.decode("utf-8-sig"), parse_constant=_finite, parse_float=_finite)
        except RecursionError:
            raise Malformed(_("JSON 嵌套太深，请对照接口文档检查。")) from None
        except ValueError:
            raise Malformed(_("JSON 读不出来，请检查写法、编码（UTF-8）和数字。")) from None
        check(found, DEEPEST)
        return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def check(value: Any, depth: int = DEEPEST) -> None:
    """能保存: nothing too deep, no text that a column cannot hold; else `Malformed`."""
    if depth < 0:
        raise Malformed(_("JSON 嵌套太深，请对照接口文档检查。"))
    if isinstance(value, str) and any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in value):
        raise Malformed(_("内容里有不能保存的控制字符，请删除后再提交。"))
    if isinstance(value, dict):
        for name, part in value.items():
            check(name, depth)
            check(part, depth - 1)
    elif isinstance(value, list):
        for part in value:
            check(part, depth - 1)
