"""Helpers of the responsible unit."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import KnownForeignKey
from grids.models import Unit

from .relations import to_somebody, to_ticket


class AssistState(models.TextChoices):
    """协办状态."""

    OPEN = "OPEN", _("待反馈")
    DONE = "DONE", _("已完成")
    NOT_OURS = "NOT_OURS", _("非本单位职责")
    WAIVED = "WAIVED", _("已免")
    CANCELLED = "CANCELLED", _("已取消")


class Assist(models.Model):
    """协办: another unit is asked for its part; own state, own clock."""

    ticket = to_ticket("assists", _("协办哪张工单。"))
    unit = KnownForeignKey(
        Unit,
        models.PROTECT,
        related_name="assists",
        verbose_name=_("协办单位"),
        help_text=_("请谁协办，不能是主办单位。"),
    )
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=AssistState,
        default=AssistState.OPEN,
        help_text=_("反馈以前主办不能办结。"),
    )
    asked_at = models.DateTimeField(_("提出时间"), help_text=_("何时请的。"))
    asked_seq = models.PositiveIntegerField(_("提出记录"), help_text=_("提出协办的流转记录序号。"))
    due_at = models.DateTimeField(_("到期"), help_text=_("主办剩余时限的一半。"))
    answered_by = to_somebody(_("反馈人"), _("协办单位的反馈人。"))
    ended_at = models.DateTimeField(
        _("结束时间"), null=True, blank=True, help_text=_("反馈、免去或取消的时间。")
    )

    class Meta:
        verbose_name = _("协办")
        verbose_name_plural = pgettext_lazy("plural", "协办")
        ordering = ["ticket_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "unit"], condition=Q(state="OPEN"), name="assist_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.unit}"
