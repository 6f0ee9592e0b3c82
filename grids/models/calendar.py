"""Work calendars: when time counts, and the dates that differ from the week."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WorkCalendar(models.Model):
    """工作日历: 机关 (office), 街面七天 (street7) or 24×7 (always)."""

    code = models.CharField(
        _("代码"), max_length=12, unique=True, help_text=_("office、street7 或 always。")
    )
    name = models.CharField(_("名称"), max_length=40, help_text=_("显示名称。"))
    observes_holidays = models.BooleanField(
        _("按法定节假日"),
        default=False,
        db_default=False,
        help_text=_("节假日不计、调休日计入；街面七天和全天候不勾选。"),
    )
    cut_off_min = models.PositiveSmallIntegerField(
        _("截止时刻"), null=True, blank=True,
        help_text=_("自零时起的分钟数，1020 为 17:00；此后来的从下一个工作日起算。不填即不截止。"),
    )  # fmt: skip
    day_start_min = models.PositiveSmallIntegerField(
        _("次日起算"), null=True, blank=True,
        help_text=_("自零时起的分钟数，510 为 8:30；过了截止时刻从下一个工作日的这一刻起算。"),
    )  # fmt: skip
    revision = models.PositiveIntegerField(
        _("修订"), default=1, db_default=1, editable=False,
        help_text=_("时段、节假日每改一次加一；据此重算未办结的时限。"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = pgettext_lazy("plural", "工作日历")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cut_off_min__isnull=True, day_start_min__isnull=True)
                | Q(
                    cut_off_min__isnull=False,
                    cut_off_min__range=(1, 1440),
                    day_start_min__isnull=False,
                    day_start_min__lt=1440,
                ),
                name="calendar_cut_off",
                violation_error_message=_(
                    "截止时刻（1 到 1440）和次日起算（0 到 1439）要一起填，或都不填。"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarSlot(models.Model):
    """工作时段: one slot on one weekday."""

    calendar = models.ForeignKey(
        WorkCalendar, models.CASCADE, related_name="slots", verbose_name=_("日历"),
        help_text=_("属于哪个日历。"),
    )  # fmt: skip
    weekday = models.PositiveSmallIntegerField(_("星期"), help_text=_("0 为星期一，6 为星期日。"))
    opens_min = models.PositiveSmallIntegerField(
        _("开始"), help_text=_("自零时起的分钟数，510 为 8:30。")
    )
    closes_min = models.PositiveSmallIntegerField(
        _("结束"), help_text=_("自零时起的分钟数，1440 为 24:00。")
    )

    class Meta:
        verbose_name = _("工作时段")
        verbose_name_plural = pgettext_lazy("plural", "工作时段")
        ordering = ["calendar", "weekday", "opens_min"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="slot_weekday"),
            models.CheckConstraint(
                condition=Q(opens_min__lt=F("closes_min"), closes_min__lte=1440),
                name="slot_within_day",
            ),
            models.UniqueConstraint(fields=["calendar", "weekday", "opens_min"], name="slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} {self.weekday} {self.opens_min}–{self.closes_min}"


class YearState(models.TextChoices):
    """年度状态 (grids.hours.YearStatus)."""

    OFFICIAL = "OFFICIAL", _("正式公布")
    PROVISIONAL = "PROVISIONAL", _("暂定")
    MISSING = "MISSING", _("缺")


class CalendarYear(models.Model):
    """日历年度: whether the days off of a year are known; a year without a row is missing."""

    year = models.PositiveSmallIntegerField(
        _("年份"), unique=True, help_text=_("1990 到 2100 之间。")
    )
    status = models.CharField(
        _("状态"), max_length=12, choices=YearState.choices, default=YearState.PROVISIONAL,
        help_text=_("国务院办公厅公布后选正式公布；在此之前，到期日落在这一年的时限是临时的。"),
    )  # fmt: skip
    source = models.CharField(
        _("依据"), max_length=200, blank=True, help_text=_("通知的文号，或载入的文件。")
    )
    loaded_at = models.DateTimeField(
        _("载入时间"), null=True, blank=True, editable=False, help_text=_("最近一次载入。")
    )

    class Meta:
        verbose_name = _("日历年度")
        verbose_name_plural = pgettext_lazy("plural", "日历年度")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__range=(1990, 2100)),
                name="year_range",
                violation_error_message=_("年份要在 1990 到 2100 之间。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class DayKind(models.TextChoices):
    """特殊日期的种类."""

    OFF = "OFF", _("放假")
    MAKE_UP = "MAKE_UP", _("调休上班")
    EMERGENCY = "EMERGENCY", _("应急")


class CalendarDay(models.Model):
    """特殊日期: a date that differs from its weekday."""

    year = models.ForeignKey(
        CalendarYear, models.CASCADE, to_field="year", related_name="days",
        verbose_name=_("年份"), help_text=_("日期所在的年份。"),
    )  # fmt: skip
    calendar = models.ForeignKey(
        WorkCalendar, models.CASCADE, null=True, blank=True, related_name="days",
        verbose_name=_("日历"),
        help_text=_("只对这个日历；不填即对所有按法定节假日的日历。"),
    )  # fmt: skip
    date = models.DateField(_("日期"), help_text=_("当天与平时的星期不同。"))
    kind = models.CharField(
        _("种类"), max_length=10, choices=DayKind.choices,
        help_text=_("放假；调休上班；应急可停工，也可连续作业。"),
    )  # fmt: skip
    name = models.CharField(_("名称"), max_length=40, help_text=_("如 国庆节；说明时限时显示。"))
    works_as = models.PositiveSmallIntegerField(
        _("按星期"), null=True, blank=True,
        help_text=_("按哪一天的时段上班，0 为星期一；调休上班不填即按星期一。"),
    )  # fmt: skip
    hours = models.CharField(
        _("时段"), max_length=100, blank=True,
        help_text=_("当天的时段，如 8:30-12:00 13:30-17:30；填了即以此为准。"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("特殊日期")
        verbose_name_plural = pgettext_lazy("plural", "特殊日期")
        ordering = ["date", "calendar"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date"], nulls_distinct=False, name="day_once"
            ),
            models.CheckConstraint(condition=Q(date__year=F("year")), name="day_in_year"),
            models.CheckConstraint(
                condition=Q(works_as__isnull=True) | Q(works_as__lte=6),
                name="day_works_as",
                violation_error_message=_("按星期要填 0（星期一）到 6（星期日）。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind=DayKind.OFF) | Q(works_as__isnull=True, hours=""),
                name="day_off_has_no_hours",
                violation_error_message=_("放假不填时段和按星期；要上班请选调休上班或应急。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
