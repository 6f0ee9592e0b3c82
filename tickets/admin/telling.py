"""通知后台: robots and systems, what waits or did not get there, what people chose."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common import clock
from common.admin import HouseAdmin
from common.errors import Refused
from common.secrets import mask_phone
from notices import addresses, leasing, resending
from notices.channels.messages import Message, NotSent, Target
from notices.channels.ways import way
from notices.models import Bucket, Delivery, Endpoint, Preference
from tickets import letters, rendering
from tickets.admin.record import RecordAdmin
from tickets.forms.telling import EndpointForm, PreferenceForm


@admin.register(Endpoint)
class EndpointAdmin(HouseAdmin):
    form = EndpointForm
    list_display = ("name", "kind", "host", "division", "unit", "is_active", "last_ok_at")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    autocomplete_fields = ("division", "unit")
    actions = ("send_test",)

    @admin.display(description=_("网址"))
    def host(self, row: Endpoint) -> str:
        return addresses.shown(row.url)

    @admin.action(description=_("发送测试消息"), permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for row in queryset:
            said = _tried(row)
            level = messages.ERROR if said else messages.SUCCESS
            told = said or _now("对方收下了。")
            self.message_user(request, f"{row.name}: {told}", level)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deliveries name it: it is switched off, not deleted."""
        return False


def _tried(row: Endpoint) -> str:
    """试发: through the real channel; a sentence where it failed."""
    there, at = way(row.kind), clock.now()
    text = _now("收到这条消息，说明“%(name)s”可以用了。") % {"name": row.name}
    message = Message(_now("湖滨 测试消息"), text, dedupe_key=f"test-{at:%Y%m%d%H%M%S}-{row.pk}",
                      template="test")  # fmt: skip
    try:
        assert there is not None
        there.send(message, Target(row.url, row.secret or ""), at=at)
    except NotSent as failed:
        return failed.sentence or failed.code
    return ""


@admin.register(Delivery)
class DeliveryAdmin(RecordAdmin):
    ticket_path = "ticket_id"
    list_display = ("id", "channel", "addressee", "event_id", "state", "tries", "fault",
                    "not_before", "sent_at")  # fmt: skip
    list_filter = ("state", "channel", "endpoint")
    list_select_related = ("endpoint", "person")
    ordering = ("-id",)
    actions = ("resend",)
    change_form_template = "admin/notices/delivery.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview)
        here = path("<int:pk>/preview/", view, name="notices_delivery_preview")
        return [here, *super().get_urls()]

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("notices.change_delivery"))

    @admin.action(description=_("重发"), permissions=["resend"])
    def resend(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        for pk in queryset.values_list("pk", flat=True):
            try:
                resending.resend(pk, at=clock.now())
                self.message_user(request, _now("#%(id)s 已排队重发。") % {"id": pk})
            except Refused as refused:
                self.message_user(request, f"#{pk}: {refused.sentence}", messages.ERROR)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """预览: by the very function that sends; of whom it goes to only a mask."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        counts = leasing.digested([row])
        made = rendering.render([row], at=clock.now(), counts=counts).get(row.pk)
        message = letters.without_key(made) if isinstance(made, Message) else None
        words = {
            **self.admin_site.each_context(request), "title": _now("预览"), "row": row,
            "message": message, "trouble": made.sentence if isinstance(made, NotSent) else "",
            "to": mask_phone(message.to) if message else "",
        }  # fmt: skip
        return render(request, "admin/notices/preview.html", words)


@admin.register(Preference)
class PreferenceAdmin(HouseAdmin):
    form = PreferenceForm
    list_display = ("person", "channel", "is_on", "language", "has_address")
    list_filter = ("channel", "is_on")
    search_fields = ("person__username", "person__name")
    list_select_related = ("person",)
    autocomplete_fields = ("person",)

    @admin.display(description=_("有地址"), boolean=True)
    def has_address(self, row: Preference) -> bool:
        return bool(row.address)


@admin.register(Bucket)
class BucketAdmin(admin.ModelAdmin):
    list_display = ("key", "tokens", "filled_at", "failures", "closed_until")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
