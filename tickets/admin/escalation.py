"""升级方案: reminders, warnings and reports upward, edited as a whole."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tickets import steps
from tickets.admin.law import ChainLawAdmin
from tickets.lawtables import BY_PLAN, StepTable
from tickets.models import EscalationPlan, EscalationStep


class StepFormSet(forms.BaseInlineFormSet):
    """步骤: together they must lead from the first reminder to one that repeats."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        rows = [
            form.instance
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        fault = steps.fault(sorted(rows, key=lambda row: row.nth))
        if fault:
            raise forms.ValidationError(fault)


class StepInline(admin.TabularInline):
    model = EscalationStep
    formset = StepFormSet
    extra = 0
    min_num = 1
    fields = ("nth", "at_kind", "at_value", "verb")


class EscalationPlanForm(forms.ModelForm):
    """升级方案: the general one stays general, without it a clock would have no next step."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        wants = any(cleaned.get(name) for name in ("promise", "category", "urgency"))
        if (
            self.instance.pk
            and is_general(EscalationPlan.objects.get(pk=self.instance.pk))
            and wants
        ):
            raise forms.ValidationError(_("这是通用方案，不能改成专用的；请另加一个。"))
        return cleaned


@admin.register(EscalationPlan)
class EscalationPlanAdmin(ChainLawAdmin):
    table = StepTable("escalation", EscalationStep, paths=BY_PLAN)
    form = EscalationPlanForm
    inlines = (StepInline,)
    list_display = ("__str__", "promise", "category", "urgency", "ignores_quiet")
    list_filter = ("promise", "urgency")
    list_select_related = ("category",)
    autocomplete_fields = ("category",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Without the general plan a running clock would have no next step."""
        if obj is not None and is_general(obj):
            return False
        return super().has_delete_permission(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """The general plan stays."""
        general = queryset.filter(promise="", category=None, urgency="")
        super().delete_queryset(request, queryset.exclude(pk__in=general.values("pk")))


def is_general(plan: EscalationPlan) -> bool:
    """通用方案."""
    return not plan.promise and plan.category_id is None and not plan.urgency
