"""Numbers of tickets."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NumberCounter(models.Model):
    """编号计数: one row per district and local date; gapless, taken last in a transaction."""

    district = models.CharField(_("区代码"), max_length=6, help_text=_("前六位。"))
    day = models.DateField(_("日期"), help_text=_("当地日期。"))
    last = models.PositiveIntegerField(_("最后一号"), help_text=_("当日已用到的序号。"))

    class Meta:
        verbose_name = _("编号计数")
        verbose_name_plural = pgettext_lazy("plural", "编号计数")
        constraints = [models.UniqueConstraint(fields=["district", "day"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.district} {self.day} {self.last}"
