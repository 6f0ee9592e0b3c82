"""Admin plumbing for tables of rules."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import IntegrityError, models, transaction
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from common import law
from common.errors import Impossible
from common.models import SweepRun

LOOKUPS = ("", "exact", "in", "isnull", "isempty", "gte", "lt", "id__exact")


class IdsOnly:
    """编号选择: Django's own would ask the database for whatever was sent, also for words."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        ids = [one for one in map(str, value) if one.isascii() and one.isdigit()]
        return super().optgroups(name, ids, attrs)  # type: ignore[misc]


class ChosenOne(IdsOnly, AutocompleteSelect):
    """选一个."""


class ChosenMany(IdsOnly, AutocompleteSelectMultiple):
    """选几个."""


class Choosing(BaseModelAdmin):
    """选单: rows looked for as one types."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            more.setdefault("widget", ChosenOne(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **more)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            more.setdefault("widget", ChosenMany(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **more)


class HouseAdmin(Choosing, admin.ModelAdmin):
    """后台表单: whatever is sent, a page with a sentence comes back."""

    def changeform_view(self, *args: Any, **more: Any) -> Any:
        try:
            return super().changeform_view(*args, **more)
        except IntegrityError:
            raise Impossible(
                _("没有保存：已有同样的一行，或别人刚改过这一行。请返回，刷新后再改。")
            ) from None


class ListedLookups(HouseAdmin):
    """筛选: by what the list offers and nothing else.

    Otherwise a column that is not shown could be guessed at by filtering.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        offered = [item[0] if isinstance(item, tuple) else item for item in self.list_filter]
        if self.date_hierarchy:
            offered.append(self.date_hierarchy)
        return any(
            lookup in {f"{name}__{end}".removesuffix("__") for end in LOOKUPS} for name in offered
        )


class LawAdmin(HouseAdmin):
    """规则表后台: every change raises the stamps of the table, in its own transaction."""

    law_stamps: tuple[str, ...] = ()

    def bump(self) -> None:
        for stamp in self.law_stamps:
            law.bump(stamp)

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool
    ) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            self.bump()

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            self.bump()

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        with transaction.atomic():
            super().delete_model(request, obj)
            self.bump()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            self.bump()


@admin.register(SweepRun)
class SweepRunAdmin(HouseAdmin):
    """清扫记录: to look at."""

    list_display = ("name", "began_at", "done_at", "failed_at", "rows", "lasted_ms", "fault")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
