"""Forms of the law tables: what would stop the chain later is refused here, in a sentence."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grids.models import Level, PostKind, WorkCalendar
from tickets.limits import is_shorter_by_law
from tickets.models import Category, TimeLimit
from tickets.models.limit import LimitCounting, LimitKind
from tickets.models.rule import Target

DAYS = frozenset({LimitKind.WORK_DAY, LimitKind.NATURAL_DAY})
DECIDERS = (PostKind.SHIFT_LEADER, PostKind.DESK, PostKind.LEADER)
LEVELS = (Level.SUBDISTRICT, Level.DISTRICT)


def _calendars() -> list[tuple[str, str]]:
    return [(row.code, f"{row.name} ({row.code})") for row in WorkCalendar.objects.order_by("code")]


class CategoryForm(forms.ModelForm):
    """类别: two levels, a calendar that exists."""

    calendar = forms.ChoiceField(label=_("工作日历"), choices=_calendars)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not (code.isascii() and code.isdigit() and len(code) in (2, 4)):
            raise forms.ValidationError(gettext("大类代码两位数字，小类四位。"))
        return code

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        own = self.instance
        if parent is not None and (parent.parent_id is not None or parent.pk == own.pk):
            raise forms.ValidationError(gettext("上级要选一个大类，类别只有两层。"))
        if parent is not None and own.pk and own.children.exists():
            raise forms.ValidationError(gettext("它下面还有小类，不能再归到别的大类之下。"))
        if parent is None and own.pk and own.parent_id and own.tickets.exists():
            raise forms.ValidationError(gettext("已有工单用这个小类，不能改成大类。"))
        return parent


class TimeLimitForm(forms.ModelForm):
    """时限: whole days where days are counted by law; the general row stays general."""

    calendar = forms.ChoiceField(
        label=_("日历"), required=False, choices=lambda: [("", _("按类别的日历")), *_calendars()]
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        value, kind = cleaned.get("value"), cleaned.get("kind")
        is_civil = cleaned.get("counting") == LimitCounting.CIVIL
        if is_civil and kind in DAYS and value is not None and value != int(value):
            self.add_error("value", gettext("民法计日只能是整天。"))
        self._check_law(cleaned)
        if self.instance.pk and is_general(TimeLimit.objects.get(pk=self.instance.pk)):
            promise = cleaned.get("promise")
            is_moved = promise != self.instance.promise or promise is None
            is_dated = cleaned.get("valid_from") or cleaned.get("valid_to")
            if cleaned.get("category") or cleaned.get("urgency") or is_moved or is_dated:
                raise forms.ValidationError(
                    gettext("这是通用时限，只能改数值，不能改成专用的；请另加一行。")
                )
        return cleaned

    def _check_law(self, cleaned: dict[str, Any]) -> None:
        value, kind = cleaned.get("legal_value"), cleaned.get("legal_kind")
        if value is None:
            cleaned["legal_kind"] = cleaned["legal_counting"] = ""
            return
        if not kind:
            self.add_error("legal_kind", gettext("请选法定时限的单位。"))
            return
        default = LimitCounting.CIVIL if kind in DAYS else LimitCounting.RUNNING
        cleaned["legal_counting"] = cleaned.get("legal_counting") or default
        if (
            cleaned["legal_counting"] == LimitCounting.CIVIL
            and kind in DAYS
            and value != int(value)
        ):
            self.add_error("legal_value", gettext("民法计日只能是整天。"))
        elif not self.errors:
            names = ("value", "kind", "counting", "calendar", "legal_value", "legal_kind",
                     "legal_counting")  # fmt: skip
            if is_shorter_by_law(TimeLimit(**{name: cleaned[name] for name in names})):
                self.add_error("legal_value", gettext("法定时限不能短于内部时限。"))


class RoutingRuleForm(forms.ModelForm):
    """派单规则: a unit where one is meant, dates in order."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        target, unit = cleaned.get("target"), cleaned.get("unit")
        needs_unit = target in (Target.UNIT, Target.LOCAL)
        if target and needs_unit != (unit is not None) and "unit" not in self.errors:
            said = _("请选择单位。") if needs_unit else _("派给属地街道或社区时，单位请留空。")
            self.add_error("unit", str(said))
        start, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if start and end and end <= start:
            self.add_error("valid_to", gettext("失效日要晚于生效日。"))
        return cleaned


class ApprovalRuleForm(forms.ModelForm):
    """审批规则: decided by a post that exists at that level."""

    decided_by = forms.ChoiceField(
        label=_("由谁决定"), choices=[(kind.value, kind.label) for kind in DECIDERS]
    )
    level = forms.ChoiceField(
        label=_("哪一级"), choices=[(level.value, level.label) for level in LEVELS]
    )


def is_general(limit: TimeLimit) -> bool:
    """通用时限: the row without which a promise has no limit at all."""
    return limit.category_id is None and not limit.urgency and limit.valid_from is None
