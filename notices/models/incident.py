"""What a person must look at."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Person


class Incident(models.Model):
    """异常: something that a person must look at; one open row per subject and kind."""

    kind = models.CharField(_("类别"), max_length=40, help_text=_("发生了哪一类问题。"))
    subject = models.CharField(_("对象"), max_length=80, help_text=_("工单号、清扫名等。"))
    detail = models.TextField(_("说明"), blank=True, help_text=_("技术说明，不含个人信息。"))
    count = models.PositiveIntegerField(_("次数"), default=1, help_text=_("重复发生只累加次数。"))
    first_at = models.DateTimeField(_("首次"), help_text=_("第一次发生的时间。"))
    last_at = models.DateTimeField(_("最近"), help_text=_("最近一次发生的时间。"))
    raised_at = models.DateTimeField(
        _("提出"),
        null=True,
        blank=True,
        help_text=_("需要人看的时间；空为还在自动重试，次数未到。"),
    )
    ended_at = models.DateTimeField(
        _("结束"), null=True, blank=True, help_text=_("处理完的时间；空为仍未处理。")
    )
    ended_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("谁结束的"),
        help_text=_("空为系统自行恢复。"),
    )
    note = models.CharField(
        _("处理说明"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_("查到什么、做了什么；不写个人信息。"),
    )

    class Meta:
        verbose_name = _("异常")
        verbose_name_plural = pgettext_lazy("plural", "异常")
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(ended_at=None),
                name="incident_open_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
