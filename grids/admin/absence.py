"""管理后台: who stands in for whom; rows are ended, never deleted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common import clock
from common.admin import LawAdmin
from common.errors import Invalid
from grids import standins
from grids.models import Person, StandIn
from grids.models.absence import STAMP


class StandInForm(forms.ModelForm):
    """代班: the same rules as the page, but for the day of its beginning."""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("person", "stand_in", "since", "until")
        if all(given.get(name) for name in names):
            try:
                standins.check(*(given[name] for name in names), known=self.instance.pk)
            except Invalid as refused:
                self.add_error(refused.field, refused.sentence)
        return given


@admin.register(StandIn)
class StandInAdmin(LawAdmin):
    form = StandInForm
    law_stamps = (STAMP,)
    list_display = ("person", "stand_in", "since", "until", "reason", "made_by", "ended_at")
    list_select_related = ("person", "stand_in", "made_by")
    list_filter = ("since", "until")
    search_fields = ("person__username", "person__name", "stand_in__username", "stand_in__name")
    autocomplete_fields = ("person", "stand_in")
    fields = ("person", "stand_in", "since", "until", "reason")
    actions = ("end_chosen",)

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool
    ) -> None:
        assert isinstance(obj, StandIn)
        if not change:
            assert isinstance(request.user, Person)
            obj.made_by, obj.made_at = request.user, clock.now()
        super().save_model(request, obj, form, change)

    @admin.action(description=_("立即结束所选代班"), permissions=["change"])
    def end_chosen(self, request: HttpRequest, chosen: models.QuerySet[StandIn]) -> None:
        with transaction.atomic():
            chosen.filter(ended_at=None).update(ended_at=clock.now(), ended_by=request.user)
            self.bump()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is over stays as it was."""
        is_over = obj is not None and obj.ended_at is not None
        return not is_over and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
