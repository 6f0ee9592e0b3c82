"""How long the words of an ended ticket are kept."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import KnownForeignKey
from tickets.words import Origin

from .category import Category


class RetentionRule(models.Model):
    """保存规则: after so many days texts, place and contacts go; the most specific rule wins."""

    code = models.SlugField(
        _("代码"), max_length=24, unique=True, help_text=_("脱敏记录里写这个代码，不要改。")
    )
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
        help_text=_("结束满多少天后脱敏；督办中的工单不动。"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("保存规则")
        verbose_name_plural = pgettext_lazy("plural", "保存规则")
        ordering = ["category__code", "origin"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "origin"], name="retention_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="retention_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.category or ''} {self.days}"
