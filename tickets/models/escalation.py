"""Escalation: what happens while a clock runs, as data."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.words import Promise, Urgency

from .category import Category


class StepAt(models.TextChoices):
    """何时: of a step, reckoned from the start, the due date or the step before."""

    SHARE = "SHARE", _("用去百分之几")
    AFTER_HOURS = "AFTER_HOURS", _("到期后几小时")
    EVERY_HOURS = "EVERY_HOURS", _("此后每几小时")
    EVERY_WORK_DAYS = "EVERY_WORK_DAYS", _("此后每几个工作日")


class StepVerb(models.TextChoices):
    """步骤的动作."""

    REMIND = "remind", pgettext_lazy("verb", "提醒")
    WARN = "warn", pgettext_lazy("verb", "预警")
    ESCALATE = "escalate", pgettext_lazy("verb", "逾期上报")
    LAPSE = "lapse", pgettext_lazy("verb", "由系统办理")


class EscalationPlan(models.Model):
    """升级方案: the steps for one promise, category and urgency; empty means any.

    The most specific plan holds as a whole: promise before category before urgency.
    """

    promise = models.CharField(
        _("时限种类"), max_length=12, choices=Promise, blank=True, help_text=_("空为所有时限。")
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("类别"), help_text=_("小类或大类；空为所有类别。"),
    )  # fmt: skip
    urgency = models.CharField(
        _("紧急程度"), max_length=8, choices=Urgency, blank=True, help_text=_("空为不限。")
    )
    ignores_quiet = models.BooleanField(
        _("不避免打扰时段"), default=False, help_text=_("夜间也立即通知，用于应急。")
    )

    class Meta:
        verbose_name = _("升级方案")
        verbose_name_plural = pgettext_lazy("plural", "升级方案")
        ordering = ["promise", "category__code", "urgency"]
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "category", "urgency"],
                name="plan_once",
                nulls_distinct=False,
                violation_error_message=_("这一时限、类别、紧急程度已有升级方案，请改那一个。"),
            )
        ]

    def __str__(self) -> str:
        parts = (self.get_promise_display(), self.category, self.get_urgency_display())
        return " ".join(str(part) for part in parts if part) or str(_("通用"))


class EscalationStep(models.Model):
    """升级步骤: remind, warn, report upward, and again until it moves."""

    plan = models.ForeignKey(
        EscalationPlan, models.CASCADE, related_name="steps", verbose_name=_("升级方案"),
        help_text=_("属于哪个方案。"),
    )  # fmt: skip
    nth = models.PositiveSmallIntegerField(_("第几步"), help_text=_("从 1 起，越后越重。"))
    at_kind = models.CharField(
        _("何时"), max_length=16, choices=StepAt, help_text=_("最后一步要是每几小时或几个工作日。")
    )
    at_value = models.DecimalField(
        _("数值"), max_digits=6, decimal_places=2, help_text=_("百分数、小时或天，大于 0。")
    )
    verb = models.CharField(
        _("动作"), max_length=10, choices=StepVerb, help_text=_("提醒、预警、上报或由系统办理。")
    )

    class Meta:
        verbose_name = _("升级步骤")
        verbose_name_plural = pgettext_lazy("plural", "升级步骤")
        ordering = ["plan", "nth"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "nth"], name="step_once"),
            models.CheckConstraint(
                condition=Q(at_value__gt=0, nth__gt=0)
                & (~Q(at_kind="SHARE") | Q(at_value__lte=100)),
                name="step_value",
                violation_error_message=_("数值要大于 0；百分数不超过 100。"),
            ),
            models.CheckConstraint(
                condition=~Q(at_kind="EVERY_HOURS") | Q(at_value__gte=Decimal("0.25")),
                name="step_hours",
                violation_error_message=_("重复的步骤至少隔四分之一小时（0.25）。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nth} {self.get_at_kind_display()} {self.at_value} {self.get_verb_display()}"
