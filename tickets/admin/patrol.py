"""巡查点: to edit, with plates to print; visits are shown on their own page (巡查情况)."""

from typing import Any

import segno
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.admin import HouseAdmin
from grids.admin.tables import TableAdmin
from grids.models import Building, Division
from tickets.lawtables import LawTable
from tickets.loading import Built, Codes, Row, day, flag
from tickets.models import PatrolPoint, VisitCount
from tickets.models.patrol import new_mark


def _point(row: Row, codes: Codes) -> Built:
    """巡查点: the plate's own secret is no column, new points get one."""
    values = {
        "name": row["name"], "division_id": codes.id(Division, row["division"]),
        "building_id": codes.id(Building, row["building"]), "lat": float(row["lat"]),
        "lng": float(row["lng"]), "radius_m": int(row["radius_m"]),
        "every_days": int(row["every_days"]), "weekdays": row["weekdays"],
        "valid_from": day(row["valid_from"]), "is_active": flag(row["is_active"]),
    }  # fmt: skip
    return PatrolPoint, {"code": row["code"]}, values


HEADER = ("code", "name", "division", "building", "lat", "lng", "radius_m", "every_days",
          "weekdays", "valid_from", "is_active")  # fmt: skip


class VisitCountInline(admin.TabularInline):
    """到访数: what is left of visits that their rule has erased."""

    model = VisitCount
    extra = 0
    can_delete = False
    fields = readonly_fields = ("month", "visits", "findings")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PatrolPoint)
class PatrolPointAdmin(TableAdmin, HouseAdmin):
    table = LawTable("patrol_points", PatrolPoint, header=HEADER, build=_point)
    list_display = ("code", "name", "division", "every_days", "weekdays", "radius_m", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("division",)
    search_fields = ("code", "name")
    autocomplete_fields = ("division", "building")
    actions = ("print_plates", "renew_marks")
    inlines = (VisitCountInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Plates on walls name the code."""
        return ("code",) if obj is not None else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Before today nobody was to go there."""
        today = clock.local(clock.now()).date()
        return {"valid_from": today} | super().get_changeform_initial_data(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("打印码牌"))
    def print_plates(self, request: HttpRequest, chosen: QuerySet[PatrolPoint]) -> HttpResponse:
        """一页八张: the code on each opens the point, or is read by the page of the field."""
        plates = [
            (point, _picture(request.build_absolute_uri(reverse("field_at", args=[point.plate]))))
            for point in chosen
        ]
        return render(request, "tickets/plates.html", {"plates": plates})

    @admin.action(description=gettext_lazy("换码（旧码牌作废）"))
    def renew_marks(self, request: HttpRequest, chosen: QuerySet[PatrolPoint]) -> None:
        """换码: where a plate was photographed and passed on."""
        points = list(chosen)
        for point in points:
            point.mark = new_mark()
        PatrolPoint.objects.bulk_update(points, ["mark"])
        self.message_user(request, _("已经换码，请重新打印码牌。"))


def _picture(address: str) -> str:
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=2))
