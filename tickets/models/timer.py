"""Timers: the next step of each running clock, and every step that came (DESIGN §4)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .clock import Clock
from .escalation import StepVerb
from .guard import TIMER_TRIGGERS
from .relations import moment, to_ticket


class TimerState(models.TextChoices):
    """定时状态: of each clock one row that is armed or idle, beside those that fired."""

    ARMED = "ARMED", _("待发")
    IDLE = "IDLE", _("停用")
    FIRED = "FIRED", pgettext_lazy("timer", "已发")


class Timer(models.Model):
    """定时: when the next step of a clock is due; a step that came stays as a row of its own."""

    ticket = to_ticket("timers", _("属于哪张工单。"))
    clock = models.ForeignKey(
        Clock, models.PROTECT, related_name="timers", verbose_name=_("时钟"),
        help_text=_("是哪个时钟的下一步。"),
    )  # fmt: skip
    generation = models.PositiveIntegerField(_("代"), help_text=_("时钟的哪一代。"))
    nth = models.PositiveSmallIntegerField(_("第几步"), help_text=_("升级方案中的第几步。"))
    again = models.PositiveIntegerField(
        _("第几次"), default=0, help_text=_("重复的步骤第几次；其他为 0。")
    )
    verb = models.CharField(
        _("动作"), max_length=10, choices=StepVerb, help_text=_("提醒、预警、上报或由系统办理。")
    )
    due_at = models.DateTimeField(_("应发"), help_text=_("这一步应当发生的时刻。"))
    state = models.CharField(
        _("状态"), max_length=6, choices=TimerState, default=TimerState.ARMED,
        help_text=_("待发、停用（时钟暂停或已结束）或已发。"),
    )  # fmt: skip
    fired_at = moment(_("实发"), _("实际发生的时刻；停机补发的晚于应发。"))
    event_seq = models.PositiveIntegerField(
        _("记录序号"), null=True, blank=True, help_text=_("记在哪一条流转记录里。")
    )

    class Meta:
        verbose_name = _("定时")
        verbose_name_plural = pgettext_lazy("plural", "定时")
        ordering = ["due_at", "id"]
        triggers = TIMER_TRIGGERS
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=~Q(state="FIRED"), name="timer_one_armed"
            ),
            models.UniqueConstraint(
                fields=["clock", "generation", "nth", "again"],
                condition=Q(state="FIRED"),
                name="timer_fired_once",
            ),
            models.CheckConstraint(
                condition=Q(state="FIRED", fired_at__isnull=False)
                | ~Q(state="FIRED") & Q(fired_at=None, event_seq=None),
                name="timer_fired_iff_at",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="ARMED"), name="timer_due")
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.verb} {self.state}"
