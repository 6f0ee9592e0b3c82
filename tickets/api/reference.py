"""参考数据: categories, divisions and units; asked for often, changed seldom.

The tag is the stamp of the rule table (`common.law`): what has not changed costs no reading.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, unchanged
from common.law import cache
from common.openapi import Operation
from grids.loading import UNITS_STAMP
from grids.locate import STAMP as DIVISIONS_STAMP
from grids.models import Division
from tickets import choices, law
from tickets.api import shapes_reference as shapes

KEPT = "private, no-cache"


class Reference(ApiView, ABC):
    """参考数据."""

    scope = "reference:read"
    is_for_clients = True
    stamp: ClassVar[str]

    def get(self, request: Request) -> Response:
        tag = f'"{cache.version(self.stamp)}{self.suffix()}"'
        answer = unchanged(request, tag)
        if answer is None:
            answer = Response({"results": self.rows()}, headers={"ETag": tag})
        answer["Cache-Control"] = KEPT
        return answer

    def suffix(self) -> str:
        """What else the answer depends on."""
        return ""

    @abstractmethod
    def rows(self) -> list[Any]:
        """All there are: these lists have no pages."""


class Categories(Reference):
    """类别."""

    stamp = law.STAMP
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_categories", _("类别"), "reference", {200: shapes.CategoryList},
            about=_("大类没有上级；工单只用启用的小类。"), headers=("If-None-Match",), has_tag=True,
        )
    }  # fmt: skip

    def rows(self) -> list[shapes.CategoryShown]:
        known = law.categories()
        return [
            {
                "code": row.code, "name": row.name,
                "parent": known[row.parent_id].code if row.parent_id else None,
                "urgency": row.urgency, "verify_by": row.verify_by,
                "is_sensitive": row.is_sensitive, "is_dangerous": row.is_dangerous,
                "is_about_staff": row.is_about_staff, "is_active": row.is_active,
            }
            for row in sorted(known.values(), key=lambda row: row.code)
        ]  # fmt: skip


class Divisions(Reference):
    """区划."""

    stamp = DIVISIONS_STAMP
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_divisions", _("区划"), "reference", {200: shapes.DivisionList},
            about=_("今天有效的区、街道、社区和网格。"), headers=("If-None-Match",), has_tag=True,
        )
    }  # fmt: skip

    def suffix(self) -> str:
        return f"-{clock.local(clock.now()).date():%Y%m%d}"

    def rows(self) -> list[shapes.DivisionShown]:
        today = clock.local(clock.now()).date()

        def load() -> list[shapes.DivisionShown]:
            rows = Division.objects.valid_on(today).order_by("code")
            return [
                {"code": code, "name": name, "level": level, "parent": parent}
                for code, name, level, parent in rows.values_list(
                    "code", "name", "level", "parent__code"
                )
            ]

        return cache.get(f"api.divisions.{today}", load, stamp=self.stamp)


class Units(Reference):
    """承办单位."""

    stamp = UNITS_STAMP
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_units", _("承办单位"), "reference", {200: shapes.UnitList},
            about=_("在用的单位；局和街道办事处没有上级。"),
            headers=("If-None-Match",), has_tag=True,
        )
    }  # fmt: skip

    def rows(self) -> list[shapes.UnitShown]:
        known = choices.units()
        codes = {row.pk: row.code for row in known}
        return [
            {
                "code": row.code, "name": row.name, "kind": row.kind,
                "parent": codes.get(row.parent_id or 0),
            }
            for row in known
        ]  # fmt: skip
