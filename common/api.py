"""What every view of the API shares: who asks, how often, what was sent, which version was seen."""

import re
from collections.abc import Callable
from typing import Any, ClassVar, TypedDict
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.errors import Invalid, OtherPerson, Stale, VersionMissing
from common.problems import Malformed
from common.wire import check

KEY = re.compile(r'"?([0-9A-Za-z_-]{8,64})"?')
PERSON_HEADER = "Hubin-Person"
"""In whose name a request was written down, which may be long before it is sent."""
TAG = re.compile(r'(?:W/)?"?([0-9]{1,9})(?:-[0-9a-f]{1,40})?"?')


class Unfit(Invalid):
    """不合要求: several fields at once, each with its sentences."""

    def __init__(self, errors: dict[str, list[str]], sentence: str = "") -> None:
        super().__init__(sentence or _("有内容需要修改，还没有提交。"))
        self.errors = errors


class ApiView(APIView):
    """接口: one address. `scope` is what a token must be good for, `write_scope` to change."""

    scope: ClassVar[str] = ""
    write_scope: ClassVar[str] = ""
    operations: ClassVar[dict[str, Any]] = {}
    """Method → `common.openapi.Operation`."""
    is_for_clients: ClassVar[bool] = False
    """Whether other systems may come in with a token of their own."""
    arguments: ClassVar[dict[str, Any]] = {}
    """Part of the address → its schema."""

    def needed_scope(self) -> str:
        """权限范围: of the request at hand."""
        is_reading = self.request.method in ("GET", "HEAD", "OPTIONS")
        return self.scope if is_reading else self.write_scope or self.scope

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        meant = request.headers.get(PERSON_HEADER, "")
        if meant and meant != getattr(request.user, "actor_ref", ""):
            raise OtherPerson(_("这项内容是另一个人记录的，没有提交；请由本人登录后再发送。"))

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except exceptions.AuthenticationFailed:
            request._not_authenticated()  # type: ignore[attr-defined]  # whoever guesses is slowed down as an unknown address
            super().check_throttles(request)
            raise

    def check_permissions(self, request: Request) -> None:
        super().check_throttles(request)  # before anybody is sent away
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        """Done before the permissions."""


class Nowhere(ApiView):
    """没有的地址: everything under /api/ answers in JSON, also what is not there."""

    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise exceptions.NotFound

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        raise exceptions.NotFound


def body_of(request: Request) -> dict[str, Any]:
    """内容: the JSON object that was sent; nothing sent is an empty one."""
    sent = request.data
    if isinstance(sent, QueryDict):  # a form with files: all is text
        sent = {name: value for name, value in request.POST.items() if value != ""}
        check(sent)
    if not sent and not isinstance(sent, list):
        return {}
    if not isinstance(sent, dict):
        raise Malformed(_('请发送一个 JSON 对象，如 {"text": "…"}。'))
    return sent


def idempotency_key(request: Request) -> str:
    """幂等键: of the header, empty without one."""
    given = request.headers.get("Idempotency-Key", "")
    if not given:
        return ""
    found = KEY.fullmatch(given.strip())
    if found is None:
        raise Malformed(_("Idempotency-Key 请用 8 到 64 个字母、数字、短横或下划线，如 UUID。"))
    return found[1]


def seen_version(request: Request, version: int, *, is_demanded: bool) -> int | None:
    """看到的版本: of If-Match; `VersionMissing` where one must be said, `Stale` when it is old."""
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        if is_demanded:
            raise VersionMissing(
                _('请在 If-Match 里写明看到的版本，就是读取时的 ETag，如 "%(version)s"。')
                % {"version": version}
            )
        return None
    tags = (TAG.fullmatch(tag.strip()) for tag in given.split(","))
    if version not in {int(tag[1]) for tag in tags if tag}:
        raise Stale(_("内容在您读取之后有了变化，请看过 current 里的现状再决定。"))
    return version


def unchanged(request: Request, tag: str) -> Response | None:
    """没有变化: 304 when the asker already has what would be sent."""
    given = request.headers.get("If-None-Match", "")
    known = {part.strip().removeprefix("W/") for part in given.split(",")}
    if tag in known or given.strip() == "*":
        return Response(status=304, headers={"ETag": tag})
    return None


class Links(TypedDict):
    """邻页."""

    next: str | None
    previous: str | None


def links(request: Request, *, previous: str, next: str) -> Links:
    """邻页: addresses with the same filters, None at the ends."""

    def address(name: str, cursor: str) -> str | None:
        if not cursor:
            return None
        kept = [
            (key, value)
            for key, value in request.query_params.items()
            if key not in ("after", "before")
        ]
        return request.build_absolute_uri(f"{request.path}?{urlencode([*kept, (name, cursor)])}")

    return {"next": address("after", next), "previous": address("before", previous)}


def errors_of(form: Any, names: Callable[[str], str] = str) -> dict[str, list[str]]:
    """表单的错误: by field; what belongs to none is `detail`."""
    return {
        names(name) if name != "__all__" else "detail": [str(one) for one in told]
        for name, told in form.errors.items()
    }
