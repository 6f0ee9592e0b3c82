"""查找: buildings and people by name, for needs whose choices are too many to be listed."""

from typing import Any, ClassVar, TypedDict

from django.forms import CharField
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView
from common.openapi import Operation
from tickets.api.filters import queries, read
from tickets.forms.base import ChainForm
from tickets.views import suggest
from tickets.views.doors import person_of


class Suggestion(TypedDict):
    """建议: value is what to send."""

    value: str
    label: str
    note: str


class Suggestions(TypedDict):
    """查找结果: the first few."""

    results: list[Suggestion]


class TextFilter(ChainForm):
    """查找条件."""

    text = CharField(
        label=_("文字"), required=False, max_length=suggest.LONGEST,
        help_text=_("名称、代码、拼音或地址的一部分；空的不查。"),
    )  # fmt: skip


class Buildings(ApiView):
    """楼栋."""

    scope = "reference:read"
    is_for_clients = True
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "find_buildings", _("查找楼栋"), "reference", {200: Suggestions},
            about=_("含有所有文字的前 12 栋。"), query=queries(TextFilter), refusals=(422,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        text = read(TextFilter, request).cleaned_data["text"]
        rows: list[Suggestion] = [
            {"value": row.code, "label": row.name, "note": row.address}
            for row in suggest.buildings_by(text)
        ]
        return Response({"results": rows})


class People(ApiView):
    """人员."""

    scope = "reference:read"
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "find_people", _("查找人员"), "reference", {200: Suggestions},
            about=_("只供受理员登记被反映人；只有姓名、单位和岗位。"),
            query=queries(TextFilter), refusals=(422,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = person_of(request._request), clock.now()
        suggest.require_desk(person, at=at)
        text = read(TextFilter, request).cleaned_data["text"]
        rows: list[dict[str, Any]] = [
            {"value": row["value"], "label": row["value"].partition(" ")[2], "note": row["note"]}
            for row in suggest.people_by(text, at=at)
        ]
        return Response({"results": rows})
