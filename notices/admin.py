"""管理后台: incidents, to look at and to end."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common import clock
from notices.models import Incident


@admin.register(Incident)
class IncidentAdmin(admin.ModelAdmin):
    list_display = ("kind", "subject", "count", "raised_at", "last_at", "ended_at")
    list_filter = ("kind", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("kind", "subject", "detail")
    readonly_fields = (
        "kind", "subject", "detail", "count", "first_at", "last_at", "raised_at", "ended_at",
        "ended_by", "note",
    )  # fmt: skip
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        rows: QuerySet[Incident] = super().get_queryset(request)
        return rows.filter(raised_at__isnull=False)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Incident | None = None) -> bool:
        return False

    @admin.action(description=_("标记为已处理"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[Incident]) -> None:
        ended = queryset.filter(ended_at=None).update(ended_at=clock.now())
        self.message_user(request, _("已结束 %(count)s 个异常。") % {"count": ended})
