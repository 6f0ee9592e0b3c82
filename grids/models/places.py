"""Divisions and buildings: where something is."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import Known, KnownForeignKey


class Level(models.TextChoices):
    """层级: district, subdistrict (街道), community, grid."""

    DISTRICT = "DISTRICT", _("区")
    SUBDISTRICT = "SUBDISTRICT", _("街道")
    COMMUNITY = "COMMUNITY", _("社区")
    GRID = "GRID", _("网格")


class DivisionQuerySet(models.QuerySet["Division"]):
    def valid_on(self, day: date) -> "DivisionQuerySet":
        """有效: divisions in force on that local date."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day)
        )


class Division(Known):
    """区划: district, subdistrict, community or grid. The code is its identity, never the name."""

    STAMP = "divisions"
    HEAVY = ("shape",)

    code = models.CharField(
        _("代码"), max_length=15, unique=True,
        help_text=_("统计用区划代码 12 位，网格再加 3 位。代码即身份，重名不同码是两个区划。"),
    )  # fmt: skip
    name = models.CharField(_("名称"), max_length=60, help_text=_("可以重名，例如两个兴隆社区。"))
    pinyin = models.CharField(
        _("拼音"), max_length=200, blank=True, help_text=_("按读音排序和查找用。")
    )
    level = models.CharField(
        _("层级"), max_length=12, choices=Level, help_text=_("区、街道、社区或网格。")
    )
    parent = KnownForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("上级"), help_text=_("上一级区划；只有区没有上级。"),
    )  # fmt: skip
    subdistrict = KnownForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("所属街道"), help_text=_("街道填本身，区为空。由导入维护。"),
    )  # fmt: skip
    community = KnownForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("所属社区"), help_text=_("社区填本身，街道和区为空。由导入维护。"),
    )  # fmt: skip
    shape = models.JSONField(
        _("边界"), null=True, blank=True,
        help_text=_("GeoJSON 的 Polygon 或 MultiPolygon，WGS-84，经度在前。"),
    )  # fmt: skip
    is_synthetic = models.BooleanField(
        _("演示边界"), default=False, help_text=_("边界是为演示造的，不是官方边界。")
    )
    valid_from = models.DateField(
        _("生效日"), null=True, blank=True, help_text=_("含当日；空为一直有效。")
    )
    valid_to = models.DateField(
        _("失效日"), null=True, blank=True, help_text=_("不含当日；空为仍然有效。")
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors",
        verbose_name=_("后继"), help_text=_("代码变更后由哪个区划接替。"),
    )  # fmt: skip

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("区划")
        verbose_name_plural = pgettext_lazy("plural", "区划")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def ancestors(self) -> list[int]:
        """上级链: ids of this division and all above it that the row itself knows."""
        known = (self.pk, self.parent_id, self.community_id, self.subdistrict_id)
        return list(dict.fromkeys(pk for pk in known if pk is not None))


class BuildingUse(models.TextChoices):
    """用途."""

    RESIDENTIAL = "RESIDENTIAL", _("住宅")
    COMMERCIAL = "COMMERCIAL", _("商业")
    OFFICE = "OFFICE", _("办公")
    MIXED = "MIXED", _("商住混合")
    PUBLIC = "PUBLIC", _("公共建筑")


class Building(models.Model):
    """楼栋: one building with its floors, height and use."""

    code = models.CharField(_("编号"), max_length=24, unique=True, help_text=_("楼栋编号，不变。"))
    name = models.CharField(_("名称"), max_length=80, help_text=_("如 柳浪新苑 3 幢。"))
    address = models.CharField(_("地址"), max_length=160, help_text=_("门牌地址。"))
    division = KnownForeignKey(
        Division, models.PROTECT, related_name="buildings", verbose_name=_("网格"),
        help_text=_("所在网格。"),
    )  # fmt: skip
    lat = models.FloatField(_("纬度"), help_text=_("WGS-84，度。"))
    lng = models.FloatField(_("经度"), help_text=_("WGS-84，度。"))
    floors = models.PositiveSmallIntegerField(
        _("层数"), null=True, blank=True, help_text=_("地上层数；不详留空，不可填 0。")
    )
    height_m = models.FloatField(_("高度"), null=True, blank=True, help_text=_("米；不详留空。"))
    use = models.CharField(_("用途"), max_length=12, choices=BuildingUse, help_text=_("主要用途。"))

    class Meta:
        verbose_name = _("楼栋")
        verbose_name_plural = pgettext_lazy("plural", "楼栋")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(floors=None) | Q(floors__gte=1), name="building_floors_positive"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_high_rise(self) -> bool | None:
        """高层: ten floors or more, or over 27 m (dwellings) / 24 m (others); None = needs check.

        十层以上 includes ten (DOMAIN 煤气瓶); heights after GB 50016.
        """
        if self.floors is None and self.height_m is None:
            return None
        limit = 27 if self.use == BuildingUse.RESIDENTIAL else 24
        return (self.floors or 0) >= 10 or (self.height_m or 0) > limit

    def point(self) -> dict[str, Any]:
        """点位: {"lat", "lng"} in WGS-84 degrees."""
        return {"lat": self.lat, "lng": self.lng}
