"""规则表: every change raises the stamp of the chain's law in its own transaction."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.admin import LawAdmin
from grids.admin.tables import TableAdmin
from tickets import law
from tickets.admin.forms import (
    ApprovalRuleForm,
    CategoryForm,
    RoutingRuleForm,
    TimeLimitForm,
    is_general,
)
from tickets.lawtables import LawTable
from tickets.models import (
    ApprovalRule,
    Category,
    ChecklistLine,
    FigureRule,
    HollowPhrase,
    ReasonCode,
    RetentionRule,
    RoutingRule,
    SourcePolicy,
    StandardAnswer,
    TimeLimit,
    VerifyRule,
)
from tickets.models.standard import PLACEHOLDER
from tickets.texts import is_hollow


class ChainLawAdmin(TableAdmin, LawAdmin):
    """规则表 of the chain."""

    law_stamps = (law.STAMP,)
    save_on_top = True


@admin.register(Category)
class CategoryAdmin(ChainLawAdmin):
    table = LawTable("categories", Category, CategoryForm)
    form = CategoryForm
    list_display = (
        "code", "name", "parent", "urgency", "calendar", "verify_by", "is_sensitive",
        "is_dangerous", "needs_after_photo", "is_active",
    )  # fmt: skip
    list_filter = ("is_active", "urgency", "verify_by", "is_sensitive", "is_dangerous")
    list_select_related = ("parent",)
    search_fields = ("code", "name", "keywords")
    autocomplete_fields = ("parent",)


@admin.register(VerifyRule)
class VerifyRuleAdmin(ChainLawAdmin):
    table = LawTable("verify_rules", VerifyRule)
    list_display = ("category", "nature", "verify_by")
    list_select_related = ("category",)
    autocomplete_fields = ("category",)


@admin.register(ReasonCode)
class ReasonCodeAdmin(ChainLawAdmin):
    table = LawTable("reasons", ReasonCode)
    list_display = ("verb", "code", "text", "where_to_turn", "order", "is_active")
    list_filter = ("verb", "is_active")
    search_fields = ("code", "text")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Events name the code: it stays, only its text changes."""
        return ("verb", "code") if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(HollowPhrase)
class HollowPhraseAdmin(ChainLawAdmin):
    table = LawTable("hollow_phrases", HollowPhrase)
    list_display = ("text",)
    search_fields = ("text",)


@admin.register(StandardAnswer)
class StandardAnswerAdmin(ChainLawAdmin):
    table = LawTable("standard_answers", StandardAnswer)
    list_display = ("verb", "title", "category", "nature", "order", "is_active")
    list_filter = ("verb", "is_active")
    list_select_related = ("category",)
    search_fields = ("code", "title", "text")
    autocomplete_fields = ("category",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Kept all the same: it may be meant to be filled up by hand."""
        super().save_model(request, obj, form, change)
        if is_hollow(PLACEHOLDER.sub("", obj.text), law.hollow_phrases()):
            messages.warning(request, _("这条标准答复本身没有实际内容，不补写就发不出去。"))


@admin.register(ChecklistLine)
class ChecklistLineAdmin(ChainLawAdmin):
    table = LawTable("checklists", ChecklistLine)
    list_display = ("category", "verb", "text", "is_required", "order", "is_active")
    list_filter = ("verb", "is_required", "is_active")
    list_select_related = ("category",)
    search_fields = ("code", "text")
    autocomplete_fields = ("category",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Events name the code: it stays, only its text changes."""
        return ("code",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(RetentionRule)
class RetentionRuleAdmin(ChainLawAdmin):
    table = LawTable("retention_rules", RetentionRule)
    list_display = ("code", "what", "category", "origin", "days")
    list_select_related = ("category",)
    autocomplete_fields = ("category",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Events name the code."""
        return ("code",) if obj is not None else ()


@admin.register(FigureRule)
class FigureRuleAdmin(ChainLawAdmin):
    table = LawTable("figures", FigureRule)
    list_display = ("code", "value", "text")
    search_fields = ("code", "text")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Formulas name the code."""
        return ("code",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SourcePolicy)
class SourcePolicyAdmin(ChainLawAdmin):
    table = LawTable("source_policies", SourcePolicy)
    list_display = ("source", "is_trusted")


@admin.register(RoutingRule)
class RoutingRuleAdmin(ChainLawAdmin):
    table = LawTable("rules", RoutingRule, RoutingRuleForm)
    form = RoutingRuleForm
    list_display = (
        "category", "division", "nature", "source", "target", "unit", "priority", "valid_from",
        "valid_to", "dispatched", "wrong",
    )  # fmt: skip
    list_filter = ("target", "nature", "source")
    list_select_related = ("category", "division", "unit")
    search_fields = ("category__code", "category__name", "unit__code", "unit__name")
    autocomplete_fields = ("category", "division", "unit")
    readonly_fields = ("dispatched", "wrong")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What was changed here and nothing else: both counts go on rising meanwhile."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        with transaction.atomic():
            obj.save(update_fields=form.changed_data)
            self.bump()


@admin.register(TimeLimit)
class TimeLimitAdmin(ChainLawAdmin):
    table = LawTable("limits", TimeLimit, TimeLimitForm)
    form = TimeLimitForm
    list_display = (
        "promise", "category", "urgency", "value", "kind", "counting", "calendar", "legal_value",
        "valid_from", "valid_to",
    )  # fmt: skip
    list_filter = ("promise", "urgency", "kind")
    list_select_related = ("category",)
    search_fields = ("category__code", "category__name")
    autocomplete_fields = ("category",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Without its general row a promise would have no limit."""
        if obj is not None and is_general(obj):
            return False
        return super().has_delete_permission(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        general = queryset.filter(category=None, urgency="", valid_from=None)
        if general.exists():
            messages.warning(request, _("通用时限没有删除：没有它，这一段就没有时限了。"))
        super().delete_queryset(request, queryset.exclude(pk__in=general.values("pk")))


@admin.register(ApprovalRule)
class ApprovalRuleAdmin(ChainLawAdmin):
    table = LawTable("approval_rules", ApprovalRule, ApprovalRuleForm)
    form = ApprovalRuleForm
    list_display = (
        "kind", "from_nth", "min_days", "after_claim", "needs_countersign", "decided_by", "level",
        "priority",
    )  # fmt: skip
    list_filter = ("kind", "level")
