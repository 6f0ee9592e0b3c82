"""What goes wrong in the API is said as problem+json (RFC 9457): a status, a sentence, a cure."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NotRequired, TypedDict

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFilesSent,
)
from django.db import DataError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from common.errors import Refused
from common.lost import RETRY_AFTER, is_database_lost

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
DRF_CODES = {
    400: "malformed", 401: "not_logged_in", 403: "not_yours", 404: "not_found", 405: "method",
    406: "not_acceptable", 413: "too_large", 415: "media_type", 429: "too_many",
}  # fmt: skip


class Problem(TypedDict):
    """问题: every refusal looks like this (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: NotRequired[dict[str, list[str]]]
    current: NotRequired[Any]


class Malformed(exceptions.ParseError):
    """读不懂: the request itself cannot be read; `detail` is a sentence of ours."""


class TooLarge(exceptions.APIException):
    """太大: more than is ever read."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def title(status: int) -> str:
    """标题: the kind of problem in a few words."""
    return {
        400: _("请求读不懂"), 401: _("需要登录"), 403: _("没有权限"), 404: _("没有找到"),
        405: _("不能这样访问"), 406: _("没有这种格式"), 409: _("现在不能这样做"),
        410: _("已失效"), 412: _("内容已经变化"), 413: _("内容太大"), 415: _("格式不支持"),
        422: _("内容需要修改"), 428: _("缺少版本"), 429: _("操作过于频繁"),
        503: _("暂时不可用"),
    }.get(status, _("无法完成"))  # fmt: skip


def problem(status: int, code: str, detail: str, instance: str, **more: Any) -> dict[str, Any]:
    """问题: the members of RFC 9457 and ours; `type` is about:blank, `code` tells the kind."""
    told = {"type": "about:blank", "title": title(status), "status": int(status)}
    return {**told, "detail": detail, "code": code, "instance": instance, **more}


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF 的异常出口: None for what nobody foresaw, which goes on to be a 500."""
    request = context.get("request")
    instance = request.path if request is not None else ""
    told = _told(error, instance)
    if told is None:
        return None
    body, headers = told
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def bare(request: HttpRequest, status: int, code: str, detail: str) -> JsonResponse:
    """Outside of a view of the API: what middleware and the last resort answer."""
    told = problem(status, code, detail, request.path)
    answer = JsonResponse(
        told, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer["Retry-After"] = RETRY_AFTER
    return answer


def is_api(request: HttpRequest) -> bool:
    """接口: asked by a program, answered in JSON whatever happens."""
    return request.path.startswith("/api/")


def unavailable() -> str:
    """暂不可用: the sentence of a 503."""
    return _("系统正在维护或重启，没有保存任何内容，请稍后原样重发。")


def _told(error: Exception, instance: str) -> tuple[dict[str, Any], dict[str, str]] | None:
    if isinstance(error, Refused):
        return _of_refusal(error, instance), error.headers
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig | TooManyFilesSent):
        error = TooLarge(_("内容太大，请分成几次发送。"))
    if isinstance(error, SuspiciousOperation | DataError):
        error = Malformed(_("请求里有无法识别的内容，请对照接口文档检查。"))
    if isinstance(error, exceptions.APIException):
        return _of_drf(error, instance)
    if is_database_lost(error):
        log.warning("database lost: %s", type(error).__name__)
        body = problem(503, "unavailable", unavailable(), instance)
        return body, {"Retry-After": RETRY_AFTER}
    return None


def _of_refusal(refused: Refused, instance: str) -> dict[str, Any]:
    errors = getattr(refused, "errors", None)
    if not errors and refused.field:
        errors = {refused.field: [refused.sentence]}
    more = {"errors": errors} if errors else {}
    current = getattr(refused, "current", None)
    if current is not None:
        more["current"] = current
    return problem(refused.status, refused.code, refused.sentence, instance, **more)


def _of_drf(
    error: exceptions.APIException, instance: str
) -> tuple[dict[str, Any], dict[str, str]]:  # fmt: skip
    headers: dict[str, str] = {}
    challenge = getattr(error, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = challenge
    wait = getattr(error, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait) + 1)
    code = DRF_CODES.get(error.status_code, "refused")
    return problem(error.status_code, code, _sentence(error), instance), headers


def _sentence(error: exceptions.APIException) -> str:
    match error:
        case Malformed() | TooLarge():
            return str(error.detail)
        case exceptions.NotAuthenticated():
            return _("请先登录，或在 Authorization 里带上有效的令牌。")
        case exceptions.AuthenticationFailed():
            return _("登录信息或令牌无效、已过期或已吊销，请换一个再试。")
        case exceptions.PermissionDenied():
            return _("您没有做这件事的权限。")
        case exceptions.MethodNotAllowed():
            return _("这个地址不能这样访问，可用的方法见 Allow。")
        case exceptions.UnsupportedMediaType():
            return _("请发送 JSON，并写明 Content-Type: application/json。")
        case exceptions.Throttled():
            return _("请求太频繁，请按 Retry-After 的秒数等一等再发。")
        case exceptions.ParseError():
            return _("请求的内容读不出来，请检查 JSON 的写法。")
        case exceptions.NotFound():
            return _("没有这个地址，请对照接口文档检查，末尾要有斜杠。")
    return _("没有完成，请对照接口文档检查请求。")
