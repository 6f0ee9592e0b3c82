"""What every page shares: refusals shown as sentences, headers, and the frame's context."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common import problems
from common.errors import Refused, TooMany
from common.lost import RETRY_AFTER
from common.theme import Theme, theme_of
from common.visitors import stays_here

GetResponse = Callable[[HttpRequest], HttpResponse]


def context(request: HttpRequest) -> dict[str, Any]:
    """页面公共数据: what the frame of every page needs."""
    return {
        "page_address": address_of(request), "theme": theme_of(request), "themes": Theme,
        # asked only by pages that go wrong
        "problem_frame": partial(frame_of, request), "came_from": partial(came_from, request),
    }  # fmt: skip


def frame_of(request: HttpRequest) -> str:
    """外框: whoever is logged in keeps the navigation, also where something goes wrong."""
    user = getattr(request, "user", None)
    return "base.html" if user is not None and user.is_authenticated else "base_public.html"


def came_from(request: HttpRequest) -> str:
    """刚才那一页: a page of this house that led here; empty when there is none but this one."""
    told = request.headers.get("Referer", "")
    if not told or not stays_here(request, told):
        return ""
    parts = urlsplit(told)
    back = f"{parts.path}?{parts.query}" if parts.query else parts.path
    is_itself = request.method == "GET" and back == request.get_full_path()
    is_login = parts.path == resolve_url(settings.LOGIN_URL)
    is_path = back.startswith("/") and not back.startswith("//")
    return "" if is_itself or is_login or not is_path else back


def stands_at(request: HttpRequest, address: str) -> None:
    """页面地址: what this answer shows stands at `address`, though it was asked for elsewhere."""
    request.page_address = address  # type: ignore[attr-defined]


def address_of(request: HttpRequest) -> str:
    """可打开的地址: where a GET shows this page again; the home page where nothing does.

    A view that takes only some methods says so in its `methods`.
    """
    known = getattr(request, "page_address", "")
    if known:
        return str(known)
    found = request.resolver_match
    methods = getattr(found.func, "methods", ("GET",)) if found else ("GET",)
    return request.get_full_path() if "GET" in methods else "/"


def is_htmx(request: HttpRequest) -> bool:
    """局部更新: the page is already there, only a piece of it was asked for."""
    return request.headers.get("HX-Request") == "true"


def refusal(
    request: HttpRequest, sentence: str, status: HTTPStatus, *, title: str = "",
    wait: timedelta | None = None,
) -> HttpResponse:  # fmt: skip
    """拒绝页: one sentence with its status; a fragment for the message area under htmx.

    `wait`: how long until the same may be tried once more.
    """
    words = {
        "sentence": sentence, "title": title or _heading(status), "status": int(status),
        "wait": wait,
    }  # fmt: skip
    if is_htmx(request):
        answer = render(request, "common/refused_fragment.html", words, status=status)
        answer["HX-Retarget"] = "#notice"
        answer["HX-Reswap"] = "innerHTML show:top"
        return answer
    return render(request, "common/refused.html", words, status=status)


def unavailable(request: HttpRequest) -> HttpResponse:
    """暂不可用: the database is restarting; says when to come back."""
    if problems.is_api(request):
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return problems.bare(request, status, "unavailable", problems.unavailable())
    answer = render_bare("503.html", HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = RETRY_AFTER
    return answer


def render_bare(template: str, status: HTTPStatus) -> HttpResponse:
    """Without request and context: works when nothing else does."""
    return HttpResponse(render_to_string(template), status=status)


def _heading(status: HTTPStatus) -> str:
    return {
        HTTPStatus.BAD_REQUEST: _("请求有误"),
        HTTPStatus.NOT_FOUND: _("没有找到"),
        HTTPStatus.METHOD_NOT_ALLOWED: _("不能这样访问"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("内容太大"),
        HTTPStatus.FORBIDDEN: _("没有权限"),
        HTTPStatus.CONFLICT: _("现在不能这样做"),
        HTTPStatus.PRECONDITION_FAILED: _("内容已经变化"),
        HTTPStatus.UNPROCESSABLE_ENTITY: _("内容需要修改"),
        HTTPStatus.GONE: _("链接已失效"),
        HTTPStatus.TOO_MANY_REQUESTS: _("操作过于频繁"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("暂时办不到"),
    }.get(status, _("无法完成"))


class RefusalMiddleware:
    """拒绝: a `Refused` becomes a page with its sentence; a lost database becomes 503."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in unquote(request.META.get("QUERY_STRING", "")):
            return _unreadable(request)  # no column can hold it: the database would refuse
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            wait = exception.wait if isinstance(exception, TooMany) else None
            answer = refusal(request, exception.sentence, exception.status, wait=wait)
            for name, value in exception.headers.items():
                answer[name] = value
            return answer
        if isinstance(exception, DataError) and request.method in ("GET", "HEAD"):
            return _unreadable(request)  # a value of the address that fits no column
        return None


def _unreadable(request: HttpRequest) -> HttpResponse:
    if problems.is_api(request):
        said = _("网址里有无法识别的字符，请对照接口文档检查。")
        return problems.bare(request, HTTPStatus.BAD_REQUEST, "malformed", said)
    sentence = _("网址里有无法识别的查询条件，请从页面上的链接重新进入。")
    return refusal(request, sentence, HTTPStatus.BAD_REQUEST)


class HeadersMiddleware:
    """响应头: pages are never stored, and a lost login moves the whole page, not a piece."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self)")
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if is_htmx(request) and _asks_for_login(answer):
            moved = HttpResponse(status=HTTPStatus.NO_CONTENT)
            moved["HX-Redirect"] = _login_for(request)
            return moved
        return answer


def _asks_for_login(answer: HttpResponse) -> bool:
    target = answer.headers.get("Location", "")
    return answer.status_code == HTTPStatus.FOUND and target.startswith(
        resolve_url(settings.LOGIN_URL)
    )


def _login_for(request: HttpRequest) -> str:
    """The login, and after it the page that asked for a piece of itself."""
    login, asked = resolve_url(settings.LOGIN_URL), request.headers.get("HX-Current-URL", "")
    if not asked or not stays_here(request, asked):
        return login
    parts = urlsplit(asked)
    page = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return f"{login}?{urlencode({'next': page})}"
