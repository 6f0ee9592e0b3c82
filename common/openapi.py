"""The schema of the API: operations from the views, shapes of the answers from TypedDicts.

What a view answers is typed as a TypedDict, which mypy checks and from which the schema is made:
there is no second description that could drift.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from common.problems import MEDIA_TYPE, Problem, title

Schema = dict[str, Any]
PLAIN: dict[Any, Schema] = {
    str: {"type": "string"}, int: {"type": "integer"}, float: {"type": "number"},
    bool: {"type": "boolean"}, datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"}, Any: {},
}  # fmt: skip
ALWAYS = (400, 401, 403, 429, 503)
HEADERS: dict[str, Any] = {
    "If-Match": gettext_lazy(
        '看到的版本：读取时的 ETag，如 "7"。工作人员必填；没有答 428，旧了答 412。'
    ),
    "If-None-Match": gettext_lazy("已有的 ETag；没有变化时答 304。"),
    "Idempotency-Key": gettext_lazy(
        "8 到 64 个字母、数字、短横或下划线；重发同一请求用同一个键，十五天内只做一次。"
    ),
}


@dataclass(frozen=True)
class OneOf:
    """可选值: closed list of codes with their names."""

    choices: type[TextChoices]

    def schema(self) -> Schema:
        told = "；".join(f"{value} {label}" for value, label in self.choices.choices)
        return {"enum": list(self.choices.values), "description": told}


@dataclass(frozen=True)
class Query:
    """查询参数: of a list."""

    name: str
    about: Any
    schema: Schema = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True)
class Operation:
    """操作: one method of one address."""

    id: str
    summary: Any
    tag: str
    answers: Mapping[int, Any]  # status → TypedDict, or a schema; None: nothing in it
    about: Any = ""
    body: Callable[[], Schema] | None = None
    is_body_required: bool = True
    media_type: str = "application/json"
    media_types: tuple[str, ...] = ()
    """Where the answer may be of several kinds."""
    form: Callable[[], Schema] | None = None
    """The body as multipart/form-data, where files may be sent."""
    query: tuple[Query, ...] = ()
    headers: tuple[str, ...] = ()
    refusals: tuple[int, ...] = ()
    has_tag: bool = False


class HouseSchema(AutoSchema):
    """接口描述: an operation exactly as the view states it."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema | None:
        self.path, self.method, self.registry = path, method.upper(), registry
        self.path_regex, self.path_prefix = path_regex, path_prefix
        stated: Operation | None = getattr(self.view, "operations", {}).get(self.method)
        if stated is None:
            return None
        told: Schema = {
            "operationId": stated.id,
            "summary": str(stated.summary),
            "description": f"{stated.about} {self._scope(self.method)}".strip(),
            "tags": [stated.tag],
            "parameters": [*self._path(), *_query(stated), *_headers(stated)],
            "security": self.get_auth(),
            "responses": self._answers(stated),
        }
        bodies = {"application/json": stated.body, "multipart/form-data": stated.form}
        content = {kind: {"schema": body()} for kind, body in bodies.items() if body}
        if content:
            told["requestBody"] = {"required": stated.is_body_required, "content": content}
        return told

    def _scope(self, method: str) -> str:
        view: Any = self.view
        scope = view.scope if method == "GET" else view.write_scope or view.scope
        return _("令牌需要权限范围 %(scope)s。") % {"scope": scope} if scope else ""

    def _path(self) -> list[Schema]:
        return [
            {"name": name, "in": "path", "required": True, "schema": schema}
            for name, schema in getattr(self.view, "arguments", {}).items()
        ]

    def _answers(self, stated: Operation) -> Schema:
        told: Schema = {}
        for code, shape in stated.answers.items():
            answer: Schema = {"description": _("成功")}
            if shape is not None:
                kinds = stated.media_types or (stated.media_type,)
                answer["content"] = {kind: {"schema": self.schema_of(shape)} for kind in kinds}
            if stated.has_tag:
                answer["headers"] = {"ETag": {"schema": {"type": "string"}}}
            told[str(code)] = answer
        if "If-None-Match" in stated.headers:
            told["304"] = {"description": _("没有变化")}
        problem = {MEDIA_TYPE: {"schema": self.schema_of(Problem)}}
        for code in sorted({*stated.refusals, *ALWAYS}):
            told[str(code)] = {"description": title(code), "content": problem}
        wait = {"schema": {"type": "integer"}, "description": _("几秒以后再发。")}
        for code in (429, 503):
            told[str(code)]["headers"] = {"Retry-After": wait}
        return told

    def schema_of(self, hint: Any) -> Schema:
        """Of a type; TypedDicts become components."""
        return schema_of(hint, self._component)

    def _component(self, shape: Any) -> Schema:
        name = shape.__name__
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, object=shape)
        if component not in self.registry:
            self.registry.register(component)  # before its members: they may name it
            hints = get_type_hints(shape, include_extras=True)
            component.schema = {
                "type": "object",
                "description": (shape.__doc__ or "").strip().split("\n")[0],
                "properties": {key: self.schema_of(one) for key, one in hints.items()},
                "required": sorted(shape.__required_keys__),
            }
        return {"$ref": f"#/components/schemas/{name}"}


class SessionScheme(OpenApiAuthenticationExtension):
    """会话."""

    target_class = "common.wire.Session"
    match_subclasses = True
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> Schema:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def schema_of(hint: Any, component: Callable[[Any], Schema]) -> Schema:
    """类型 → JSON Schema (OpenAPI 3.1)."""
    if isinstance(hint, dict):
        return hint
    if hint in PLAIN:
        return dict(PLAIN[hint])
    if is_typeddict(hint):
        return component(hint)
    origin, parts = get_origin(hint), get_args(hint)
    if origin is NotRequired:
        return schema_of(parts[0], component)
    if origin is Annotated:
        return schema_of(parts[0], component) | parts[1].schema()
    if origin is Literal:
        return {"type": "string", "enum": list(parts)}
    if origin in (Union, UnionType):
        told = _any_of([part for part in parts if part is not NoneType], component)
        return or_null(told) if NoneType in parts else told
    if origin is list:
        return {"type": "array", "items": schema_of(parts[0], component)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(parts[1], component)}
    raise TypeError(f"no schema for {hint}")


def or_null(schema: Schema) -> Schema:
    """或为空: the same, or null."""
    if "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    told = schema | {"type": [schema["type"], "null"]}
    return told | {"enum": [*told["enum"], None]} if "enum" in told else told


def _any_of(parts: list[Any], component: Callable[[Any], Schema]) -> Schema:
    schemas = [schema_of(part, component) for part in parts]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _query(stated: Operation) -> list[Schema]:
    return [
        {"name": one.name, "in": "query", "description": str(one.about), "schema": one.schema}
        for one in stated.query
    ]


def _headers(stated: Operation) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "header",
            "description": str(HEADERS[name]),
            "schema": {"type": "string"},
        }
        for name in stated.headers
    ]
