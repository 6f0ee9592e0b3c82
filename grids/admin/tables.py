"""规则表后台: a table out as CSV, and in again after a look at what it would change."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.errors import Refused, Stale
from common.forms import PageForm
from grids.loading import tables
from grids.loading.tables import Outcome, Table
from grids.models import Person

SHOWN = 200
"""Changes and complaints on one page; the rest is counted."""


class UploadForm(PageForm):
    """选文件."""

    file = forms.FileField(
        label=gettext_lazy("CSV 文件"),
        help_text=gettext_lazy("先导出，在表格软件里改好，再导入；不在文件里的行保持不变。"),
    )


class TableAdmin(admin.ModelAdmin):
    """可导入导出的表."""

    change_list_template = "admin/table_list.html"
    table: Table

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("table.csv", wrap(self.table_out), name=f"{name}_table_out"),
            path("import/", wrap(self.table_in), name=f"{name}_table_in"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        words = {
            "table_out": reverse(f"{name}_table_out"),
            "table_in": reverse(f"{name}_table_in") if self._may_import(request) else "",
        }
        answer: HttpResponse = super().changelist_view(request, words | (extra_context or {}))
        return answer

    def table_out(self, request: HttpRequest) -> HttpResponse:
        """导出: all rows, as the import takes them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = "\ufeff" + tables.written(self.table)
        answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{self.table.sheet.file}"'
        return answer

    def table_in(self, request: HttpRequest) -> HttpResponse:
        """导入: a file, then what it would change, then the change."""
        if not self._may_import(request):
            raise PermissionDenied
        if request.method == "POST" and "packed" in request.POST:
            return self._confirm(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            status = HTTPStatus.OK if request.method == "GET" else HTTPStatus.UNPROCESSABLE_ENTITY
            return self._page(request, status, form=form)
        try:
            return self._preview(request, form.cleaned_data["file"].read(tables.MOST_BYTES + 1))
        except Refused as refused:
            form.refuse(refused)
            return self._page(request, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)

    def _may_import(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and self.has_add_permission(request)

    def _preview(self, request: HttpRequest, raw: bytes, told: str = "") -> HttpResponse:
        outcome, seen = tables.looked_at(self.table, tables.decoded(raw), self._stamps())
        packed = tables.packed(raw)
        wrong = HTTPStatus.UNPROCESSABLE_ENTITY if outcome.problems else HTTPStatus.OK
        status = HTTPStatus.CONFLICT if told and not outcome.problems else wrong
        return self._page(request, status, outcome=outcome, seen=seen, packed=packed, told=told)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        seen = request.POST.get("seen", "")
        try:
            raw = tables.unpacked(request.POST["packed"])
            outcome = tables.taken_in(self.table, tables.decoded(raw), self._stamps(), seen=seen)
        except Stale as stale:
            return self._preview(request, raw, stale.sentence)
        except Refused as refused:
            return self._page(request, HTTPStatus.UNPROCESSABLE_ENTITY, told=refused.sentence)
        if outcome.problems:
            return self._preview(request, raw)
        self._note(request, outcome)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _note(self, request: HttpRequest, outcome: Outcome) -> None:
        new = sum(change.is_new for change in outcome.changes)
        counts = {"new": new, "changed": len(outcome.changes) - new, "same": outcome.same}
        said = _("已导入：新增 %(new)s 行，更新 %(changed)s 行，%(same)s 行没有变化。") % counts
        messages.success(request, said)
        person = request.user
        assert isinstance(person, Person)
        LogEntry.objects.create(
            user=person, content_type=ContentType.objects.get_for_model(self.model),
            object_repr=self.table.sheet.file, action_flag=CHANGE, change_message=said,
        )  # fmt: skip

    def _stamps(self) -> tuple[str, ...]:
        return getattr(self, "law_stamps", ())

    def _page(self, request: HttpRequest, status: HTTPStatus, **more: Any) -> HttpResponse:
        outcome: Outcome | None = more.get("outcome")
        words = {
            **self.admin_site.each_context(request), "opts": self.opts,
            "title": _("导入%(table)s") % {"table": self.opts.verbose_name},
            "columns": tables.columns(self.table), "form": UploadForm(), **_shown(outcome), **more,
        }  # fmt: skip
        return render(request, "admin/table_in.html", words, status=status)


def _shown(outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {}
    count = len(outcome.problems)
    closing = ngettext(
        "共 %(count)s 处差错；什么也没有导入。请改正文件后重新选择。",
        "共 %(count)s 处差错；什么也没有导入。请改正文件后重新选择。",
        count,
    ) % {"count": count}
    rest = max(count, len(outcome.changes)) - SHOWN
    return {
        "problems": outcome.problems[:SHOWN], "changes": outcome.changes[:SHOWN],
        "closing": closing if count else "", "rest": max(rest, 0),
    }  # fmt: skip
