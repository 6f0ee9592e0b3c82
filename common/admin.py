"""Admin plumbing for tables of rules."""

from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.forms import ModelForm
from django.http import HttpRequest

from common import law

LOOKUPS = ("", "exact", "in", "isnull", "isempty", "gte", "lt", "id__exact")


class ListedLookups(admin.ModelAdmin):
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


class LawAdmin(admin.ModelAdmin):
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
