"""What the figures are reckoned by, and what they were."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import KnownForeignKey
from grids.models import Division

from .guard import MONTH_TRIGGERS


class FigureRule(models.Model):
    """指标参数: a score, a weight or a threshold that the figures are reckoned by."""

    code = models.SlugField(
        _("代码"), max_length=24, unique=True, help_text=_("公式里用这个代码，不要改。")
    )
    value = models.DecimalField(
        _("数值"), max_digits=8, decimal_places=2, help_text=_("分值、权重或门槛；不能为负。")
    )
    text = models.CharField(_("说明"), max_length=120, help_text=_("这个数用在哪里。"))

    class Meta:
        verbose_name = _("指标参数")
        verbose_name_plural = pgettext_lazy("plural", "指标参数")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__gte=0), name="figure_not_negative",
                violation_error_message=_("数值不能为负。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.value}"


class MonthFigure(models.Model):
    """月报封存: what a month's figures were when its report was made; what changes later is beside.

    Never changed and never deleted: neither by the application's role nor by accident.
    """

    month = models.DateField(_("月份"), help_text=_("哪个月，写该月第一天。"))
    division = KnownForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"),
        help_text=_("区或街道：各封存各的。"),
    )  # fmt: skip
    made_at = models.DateTimeField(_("封存时间"), help_text=_("何时封存的。"))
    figures = models.JSONField(
        _("数据"), help_text=_("当时的全部数据：合计、按街道、按单位、按类别，以及当时的指标参数。")
    )
    digest = models.CharField(
        _("摘要"), max_length=64, help_text=_("月份、区划、时间和数据的 SHA-256，改过就对不上。")
    )

    class Meta:
        verbose_name = _("月报封存")
        verbose_name_plural = _("月报封存")
        triggers = MONTH_TRIGGERS
        ordering = ["-month", "division_id"]
        constraints = [
            models.UniqueConstraint(fields=["month", "division"], name="month_figure_once"),
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="month_figure_of_month",
                violation_error_message=_("月份请写该月第一天。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.division_id}"
