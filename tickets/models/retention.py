"""How long the words of an ended ticket are kept, and who went where."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import KnownForeignKey
from tickets.words import Origin

from .category import Category

SHORTEST = 90
"""Days: what is due once in sixty days is reckoned from the visit before (LONGEST_ROUND)."""


class RetentionOf(models.TextChoices):
    """保存什么."""

    TICKET = "TICKET", _("工单内容")
    CHECK_IN = "CHECK_IN", _("打卡")


class RetentionRule(models.Model):
    """保存规则: after so many days texts, place and contacts go; the most specific rule wins.

    Of visits (打卡) one rule: nothing but how many there were is kept any longer.
    """

    code = models.SlugField(
        _("代码"), max_length=24, unique=True, help_text=_("脱敏记录里写这个代码，不要改。")
    )
    what = models.CharField(
        _("内容"), max_length=8, choices=RetentionOf, default=RetentionOf.TICKET,
        db_default=RetentionOf.TICKET,
        help_text=_("打卡是工作人员的行踪，到期删除，只留按点按月的次数；不分类别和来源。"),
    )  # fmt: skip
    category = KnownForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("类别"),
        help_text=_("小类或大类；空为所有类别。小类优先于大类。"),
    )
    origin = models.CharField(
        _("诉求来源"), max_length=8, choices=Origin, blank=True,
        help_text=_("空为不限；类别同样具体时写明的优先。"),
    )  # fmt: skip
    days = models.PositiveIntegerField(
        _("天数"), validators=[MinValueValidator(1)],
        help_text=_("结束满多少天后脱敏，督办中的工单不动；打卡从到访算起，不少于 90 天。"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("保存规则")
        verbose_name_plural = pgettext_lazy("plural", "保存规则")
        ordering = ["-what", "category__code", "origin"]
        constraints = [
            models.UniqueConstraint(
                fields=["what", "category", "origin"],
                name="retention_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(what=RetentionOf.TICKET)
                | Q(what=RetentionOf.CHECK_IN, category=None, origin="", days__gte=SHORTEST),
                name="retention_of_check_ins",
                violation_error_message=_("打卡的保存规则不分类别和来源，天数不少于 90。"),
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="retention_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.category or ''} {self.days}"
