"""Time limits: how long each promise may take, inwardly and by law, and from when on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.words import Promise, Urgency

from .category import Category


class LimitKind(models.TextChoices):
    """时限单位 (grids.hours.Kind)."""

    URGENT_HOUR = "URGENT_HOUR", _("紧急小时")
    WORK_HOUR = "WORK_HOUR", _("工作小时")
    WORK_DAY = "WORK_DAY", _("工作日")
    NATURAL_DAY = "NATURAL_DAY", _("自然日")


class LimitCounting(models.TextChoices):
    """计算方式 (grids.hours.Counting)."""

    RUNNING = "RUNNING", _("连续计时")
    CIVIL = "CIVIL", _("民法计日")


class TimeLimit(models.Model):
    """时限: how long one promise may take, by category and urgency; empty means any."""

    promise = models.CharField(
        _("时限种类"), max_length=12, choices=Promise, help_text=_("这条时限管哪一段。")
    )
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="limits",
        verbose_name=_("类别"),
        help_text=_("小类或大类；空为所有类别。"),
    )
    urgency = models.CharField(
        _("紧急程度"), max_length=8, choices=Urgency, blank=True, help_text=_("空为不限。")
    )
    value = models.DecimalField(
        _("数值"), max_digits=7, decimal_places=2, help_text=_("多少小时或多少天，大于 0。")
    )
    kind = models.CharField(
        _("单位"), max_length=12, choices=LimitKind, help_text=_("紧急小时不看日历。")
    )
    counting = models.CharField(
        _("计算方式"),
        max_length=8,
        choices=LimitCounting,
        default=LimitCounting.RUNNING,
        help_text=_("民法计日：首日不算，末日到下班或 24 时。"),
    )
    calendar = models.CharField(
        _("日历"), max_length=12, blank=True, help_text=_("空为用类别的日历。")
    )
    legal_value = models.DecimalField(
        _("法定时限"), max_digits=7, decimal_places=2, null=True, blank=True,
        help_text=_("法律、法规规定的最长时限，不得短于内部时限；没有规定就不填。"),
    )  # fmt: skip
    legal_kind = models.CharField(
        _("法定时限单位"), max_length=12, choices=LimitKind, blank=True,
        help_text=_("有法定时限时必填。"),
    )  # fmt: skip
    legal_counting = models.CharField(
        _("法定时限计算方式"), max_length=8, choices=LimitCounting, blank=True,
        help_text=_("不填时按天的用民法计日，按小时的连续计时。"),
    )  # fmt: skip
    valid_from = models.DateField(
        _("施行日期"), null=True, blank=True,
        help_text=_("从这一天起开始的时钟用这一条；不填为一直适用。"),
    )  # fmt: skip
    valid_to = models.DateField(
        _("失效日期"), null=True, blank=True, help_text=_("从这一天起不再适用；不填为没有期限。")
    )

    class Meta:
        verbose_name = _("时限")
        verbose_name_plural = pgettext_lazy("plural", "时限")
        ordering = ["promise", "category__code", "urgency"]
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "category", "urgency", "valid_from"],
                name="limit_once",
                nulls_distinct=False,
                violation_error_message=_("这一种类、类别、紧急程度在同一施行日期已有一条时限。"),
            ),
            models.CheckConstraint(
                condition=Q(value__gt=0),
                name="limit_positive",
                violation_error_message=_("时限要大于 0。"),
            ),
            models.CheckConstraint(
                condition=Q(legal_value__isnull=True, legal_kind="", legal_counting="")
                | Q(legal_value__gt=0) & ~Q(legal_kind="") & ~Q(legal_counting=""),
                name="limit_legal",
                violation_error_message=_("法定时限要大于 0，并写明单位；没有法定时限就都不填。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="limit_valid",
                violation_error_message=_("失效日期要晚于施行日期。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_promise_display()} {self.value} {self.get_kind_display()}"
