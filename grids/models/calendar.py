"""Work calendars: when time counts."""

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

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = pgettext_lazy("plural", "工作日历")
        ordering = ["code"]

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
