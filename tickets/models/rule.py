"""Routing rules: which unit is responsible."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import KnownForeignKey
from grids.models import Division, Unit
from tickets.words import Nature, Source

from .category import Category


class Target(models.TextChoices):
    """派给谁."""

    UNIT = "UNIT", _("指定单位")
    LOCAL = "LOCAL", _("该单位在当地的下属单位")
    SUBDISTRICT_OFFICE = "SUBDISTRICT_OFFICE", _("属地街道办事处")
    COMMUNITY = "COMMUNITY", _("属地社区")


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def valid_on(self, day: date) -> "RoutingRuleQuerySet":
        """有效: rules in force on that local date."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day)
        )


class RoutingRule(models.Model):
    """派单规则: category × division × nature × source → unit. The most specific one wins."""

    category = KnownForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("类别"),
        help_text=_("小类或大类；空为所有类别。"),
    )
    division = KnownForeignKey(
        Division,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("区划"),
        help_text=_("网格、社区、街道或区；空为全区。"),
    )
    nature = models.CharField(
        _("诉求类型"), max_length=12, choices=Nature, blank=True, help_text=_("空为不限。")
    )
    source = models.CharField(
        _("来源"), max_length=12, choices=Source, blank=True, help_text=_("空为不限。")
    )
    target = models.CharField(
        _("派给"),
        max_length=20,
        choices=Target,
        default=Target.UNIT,
        help_text=_("指定单位、其当地下属、属地街道或属地社区。"),
    )
    unit = KnownForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("单位"),
        help_text=_("派给街道或社区时留空，其余必填。"),
    )
    priority = models.SmallIntegerField(_("优先级"), default=0, help_text=_("同样具体时大的优先。"))
    valid_from = models.DateField(
        _("生效日"), null=True, blank=True, help_text=_("含当日；空为一直有效。")
    )
    valid_to = models.DateField(
        _("失效日"), null=True, blank=True, help_text=_("不含当日；空为仍然有效。")
    )
    dispatched = models.PositiveIntegerField(
        _("派单数"), default=0, editable=False, help_text=_("按这条规则派出的次数。")
    )
    wrong = models.PositiveIntegerField(
        _("错派数"),
        default=0,
        editable=False,
        help_text=_("派出后被退单或转派的次数，由系统累计。"),
    )

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("派单规则")
        verbose_name_plural = pgettext_lazy("plural", "派单规则")
        ordering = ["category__code", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__in=[Target.UNIT, Target.LOCAL], unit__isnull=False)
                | Q(target__in=[Target.SUBDISTRICT_OFFICE, Target.COMMUNITY], unit__isnull=True),
                name="rule_target_has_unit",
            )
        ]

    def __str__(self) -> str:
        where = self.division or _("全区")
        return (
            f"{self.category or _('所有类别')} · {where} → {self.unit or self.get_target_display()}"
        )
