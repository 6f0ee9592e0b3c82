"""来源系统: who hands in tickets, what their codes mean, their numbers and tokens."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext

from common import clock
from common.admin import LawAdmin
from grids.admin import TokenAdmin
from grids.admin.tables import TableAdmin
from tickets import external
from tickets.admin.record import RecordAdmin
from tickets.lawtables import LawTable
from tickets.loading import Built, Codes, Row, Unknown
from tickets.models import Client, ClientToken, CodeMap, ExternalRef
from tickets.words import CodeKind, Nature, Urgency

LISTS = {CodeKind.NATURE: Nature, CodeKind.URGENCY: Urgency}


class ExternalLawAdmin(LawAdmin):
    """规则表 about other systems."""

    law_stamps = (external.STAMP,)


class CodeMapForm(forms.ModelForm):
    """代码对照: to a code that is in use here."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, ours = cleaned.get("kind"), cleaned.get("ours")
        if kind and ours and not external.knows(kind, ours):
            self.add_error("ours", _unknown(CodeKind(kind), ours))
        return cleaned


@admin.register(Client)
class ClientAdmin(ExternalLawAdmin):
    list_display = ("name", "source", "origin", "takes_unknown_codes", "is_active", "made_at")
    list_filter = ("source", "is_active")
    search_fields = ("name",)
    exclude = ("made_at",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.made_at = obj.made_at or clock.now()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The record names it: it is switched off, not deleted."""
        return False


def _code(row: Row, _codes: Codes) -> Built:
    """对照: of a system that is known by its name."""
    client = Client.objects.filter(name=row["client"]).first()
    if client is None:
        raise Unknown(gettext("没有叫“%(name)s”的来源系统。") % {"name": row["client"]})
    key = {"client_id": client.pk, "kind": row["kind"], "theirs": row["theirs"]}
    return CodeMap, key, {"ours": row["ours"]}


@admin.register(CodeMap)
class CodeMapAdmin(TableAdmin, ExternalLawAdmin):
    table = LawTable(
        "codes", CodeMap, CodeMapForm, {"client": "client.name"},
        ("client", "kind", "theirs", "ours"), _code,
    )  # fmt: skip
    form = CodeMapForm
    list_display = ("client", "kind", "theirs", "ours")
    list_filter = ("client", "kind")
    list_select_related = ("client",)
    search_fields = ("theirs", "ours")


@admin.register(ClientToken)
class ClientTokenAdmin(TokenAdmin):
    owner = "client"
    search_fields = ("name", "client__name")


@admin.register(ExternalRef)
class ExternalRefAdmin(RecordAdmin):
    list_display = ("theirs", "kind", "client", "ticket", "at")
    list_filter = ("client", "kind")
    list_select_related = ("client", "ticket")
    search_fields = ("=theirs", "=ticket__number")
    exclude = ("body_hash",)


def _unknown(kind: CodeKind, ours: str) -> str:
    said = {"kind": kind.label, "ours": ours}
    if kind in LISTS:
        known = "、".join(f"{code} {label}" for code, label in LISTS[kind].choices)
        return gettext("本系统没有%(kind)s“%(ours)s”，可填：%(known)s。") % {**said, "known": known}
    if kind == CodeKind.CATEGORY:
        return gettext("本系统没有启用的小类“%(ours)s”，请核对类别代码。") % said
    return gettext("本系统没有%(kind)s“%(ours)s”，请核对代码。") % said
