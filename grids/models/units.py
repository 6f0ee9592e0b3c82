"""Units: who is responsible."""

from collections import defaultdict

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import Known, KnownForeignKey
from common.law import cache

from .places import Division


class UnitKind(models.TextChoices):
    """单位类别."""

    BUREAU = "BUREAU", _("局")
    SQUAD = "SQUAD", _("中队（所）")
    SUBDISTRICT_OFFICE = "SUBDISTRICT_OFFICE", _("街道办事处")
    COMMUNITY = "COMMUNITY", _("社区")
    CENTRE = "CENTRE", _("社会治理中心")


class Unit(Known):
    """承办单位: a node in the tree bureau → squad, subdistrict office → community."""

    STAMP = "units"

    code = models.CharField(_("代码"), max_length=24, unique=True, help_text=_("如 CG 或 CG-003。"))
    name = models.CharField(_("名称"), max_length=80, help_text=_("对外使用的全称。"))
    pinyin = models.CharField(
        _("拼音"), max_length=240, blank=True, help_text=_("按读音排序和查找用。")
    )
    kind = models.CharField(
        _("类别"), max_length=20, choices=UnitKind, help_text=_("局、中队、街道办事处或社区。")
    )
    parent = KnownForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("上级单位"), help_text=_("局和街道办事处没有上级单位。"),
    )  # fmt: skip
    divisions = models.ManyToManyField(
        Division, related_name="units", blank=True, verbose_name=_("服务区划"),
        help_text=_("这个单位管哪些区划；空为全区。"),
    )  # fmt: skip
    duty_phone = models.CharField(
        _("值班电话"), max_length=20, help_text=_("紧急工单电话通报时拨打，必填。")
    )
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不再派单给它。"))

    class Meta:
        verbose_name = _("承办单位")
        verbose_name_plural = pgettext_lazy("plural", "承办单位")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


def serving() -> dict[int, frozenset[int]]:
    """服务区划: ids of the divisions that a unit serves, by its id; none: the whole district."""
    return cache.get(f"{Unit.STAMP}.serving", _serving, stamp=Unit.STAMP)


def _serving() -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for unit, division in Unit.divisions.through.objects.values_list("unit_id", "division_id"):
        found[unit].add(division)
    return {unit: frozenset(divisions) for unit, divisions in found.items()}
