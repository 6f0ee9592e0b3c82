"""Places to be visited, and who was there."""

import secrets
from collections.abc import Sequence
from datetime import date

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.known import KnownForeignKey
from grids.models import Building, Division, Level

from .relations import degrees, to_person

LONGEST_ROUND = 60  # days
RADIUS = (10, 500)  # metres
EVERY_DAY = "1111111"
MARK_BYTES = 16


def new_mark() -> str:
    """码: nobody can write a code for a door without having stood before it."""
    return secrets.token_hex(MARK_BYTES)


class PatrolPointQuerySet(models.QuerySet["PatrolPoint"]):
    def within(self, areas: Sequence[Division]) -> "PatrolPointQuerySet":
        """区划之内: those in use; a district holds all."""
        if any(area.level == Level.DISTRICT for area in areas):
            return self.filter(is_active=True)
        ids = [area.pk for area in areas]
        inside = (
            Q(division__in=ids) | Q(division__community__in=ids) | Q(division__subdistrict__in=ids)
        )
        return self.filter(inside, is_active=True)

    def valid_on(self, day: date) -> "PatrolPointQuerySet":
        """已开始: those that were to be visited by then."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day))


class PatrolPoint(models.Model):
    """巡查点: a place that whoever walks its grid visits every so many days."""

    code = models.SlugField(
        _("代码"), max_length=12, unique=True, help_text=_("印在码牌上，不变。")
    )
    name = models.CharField(_("名称"), max_length=60, help_text=_("到了能认出来的名字。"))
    division = KnownForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"),
        help_text=_("由走这个网格或社区的人巡查。"),
    )  # fmt: skip
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("楼栋"), help_text=_("在哪幢楼；上报问题时自动填入。"),
    )  # fmt: skip
    lat = models.FloatField(
        _("纬度"), help_text=_("WGS-84，度。"),
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    lng = models.FloatField(
        _("经度"), help_text=_("WGS-84，度。"),
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    radius_m = models.PositiveSmallIntegerField(
        _("半径"), default=60,
        validators=[MinValueValidator(RADIUS[0]), MaxValueValidator(RADIUS[1])],
        help_text=_("米，10 到 500；更远的打卡照样保存，标为偏远。"),
    )  # fmt: skip
    every_days = models.PositiveSmallIntegerField(
        _("间隔"), default=1, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ROUND)],
        help_text=_("几天去一次，1 到 60；从上次到访算起。"),
    )  # fmt: skip
    weekdays = models.CharField(
        _("星期"), max_length=7, default=EVERY_DAY, validators=[RegexValidator(r"^[01]{7}$")],
        help_text=_("星期一到星期日，1 为可去，0 为不去，如 1111100。"),
    )  # fmt: skip
    mark = models.CharField(
        _("码"), max_length=32, default=new_mark, editable=False,
        help_text=_("印在二维码里；换码后旧码牌作废。"),
    )  # fmt: skip
    valid_from = models.DateField(
        _("起始日"), null=True, blank=True, help_text=_("含当日；空为一直。此前不算没去。")
    )
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不再巡查。"))

    objects = PatrolPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("巡查点")
        verbose_name_plural = pgettext_lazy("plural", "巡查点")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every_days__gte=1, every_days__lte=LONGEST_ROUND),
                name="patrol_every_days",
            ),
            models.CheckConstraint(
                condition=Q(radius_m__gte=RADIUS[0], radius_m__lte=RADIUS[1]),
                name="patrol_radius",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__regex=r"^[01]{7}$") & Q(weekdays__contains="1"),
                name="patrol_weekdays",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["division"], name="patrol_of", condition=Q(is_active=True))]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if "1" not in self.weekdays:
            raise ValidationError({"weekdays": gettext("一星期至少选一天。")})

    @property
    def plate(self) -> str:
        """码牌: what the code on the wall says of it."""
        return f"{self.code}-{self.mark}"

    @property
    def point(self) -> tuple[float, float]:
        """点位."""
        return self.lat, self.lng


class CheckInWay(models.TextChoices):
    """怎样打的卡."""

    QR = "QR", _("扫码")
    SPOT = "SPOT", _("定位")
    HAND = "HAND", _("手工登记")


FORGETTING = "current_setting('hubin.forgetting', true) IS DISTINCT FROM 'check_in'"
"""Only `tickets_forget_check_ins`, which carries the retention rule out, says that it is."""


class CheckIn(models.Model):
    """打卡: a visit, whether anything was found or not; append-only until its rule erases it."""

    point = models.ForeignKey(
        PatrolPoint, models.PROTECT, related_name="visits", verbose_name=_("巡查点"),
        help_text=_("到了哪里。"),
    )  # fmt: skip
    person = to_person(_("人员"), _("谁到的；代班的是代班人。"))
    at = models.DateTimeField(_("收到"), help_text=_("服务器收到的时间。"))
    visited_at = models.DateTimeField(
        _("到访"), help_text=_("手机记录的时间，未核实；当时就发出的与收到时间相同。")
    )
    way = models.CharField(
        _("方式"),
        max_length=4,
        choices=CheckInWay,
        help_text=_("扫码、定位，或两样都不行时手工登记。"),
    )
    lat = degrees(_("纬度"), _("打卡时的位置，WGS-84；空为没有得到。"))
    lng = degrees(_("经度"), _("打卡时的位置，WGS-84；空为没有得到。"))
    accuracy_m = models.PositiveIntegerField(
        _("误差"), null=True, blank=True, help_text=_("米，手机自报。")
    )
    metres = models.PositiveIntegerField(
        _("距离"), null=True, blank=True, help_text=_("米，到巡查点；空为没有位置。")
    )
    is_far = models.BooleanField(
        _("偏远"), null=True, help_text=_("离巡查点太远；空为位置不明，无法确认。")
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", models.PROTECT, null=True, blank=True, related_name="check_ins",
        verbose_name=_("工单"), help_text=_("发现的问题；空为无异常。"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("打卡")
        verbose_name_plural = pgettext_lazy("plural", "打卡")
        ordering = ["-visited_at", "-id"]
        triggers = [
            pgtrigger.Protect(name="check_in_kept", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="check_in_erased", operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(FORGETTING),
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(visited_at__lte=F("at")), name="check_in_not_future"
            ),
            models.CheckConstraint(
                condition=Q(lat=None, lng=None, metres=None, is_far=None)
                | Q(lat__isnull=False, lng__isnull=False, metres__isnull=False),
                name="check_in_whole_position",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["point", "-visited_at"], name="check_in_of_point"),
            models.Index(fields=["person", "-at"], name="check_in_of_person"),
            models.Index(fields=["visited_at"], name="check_in_when"),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.visited_at:%F %T}"

    @property
    def is_claimed(self) -> bool:
        """手机所说: received later than it is said to have been."""
        return self.visited_at != self.at


class VisitCount(models.Model):
    """到访数: of a point and a month, what is left of visits when who went there is forgotten."""

    point = models.ForeignKey(
        PatrolPoint, models.PROTECT, related_name="counts", verbose_name=_("巡查点"),
        help_text=_("到了哪里。"),
    )  # fmt: skip
    month = models.DateField(_("月份"), help_text=_("哪个月，写该月第一天。"))
    visits = models.PositiveIntegerField(
        _("到访次数"), help_text=_("已按保存规则删除的打卡有几次；还在的不算在内。")
    )
    findings = models.PositiveIntegerField(
        _("发现问题"), help_text=_("其中几次发现了问题，工单已脱敏。")
    )

    class Meta:
        verbose_name = _("到访数")
        verbose_name_plural = pgettext_lazy("plural", "到访数")
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["point", "month"], name="visit_count_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.visits}"
