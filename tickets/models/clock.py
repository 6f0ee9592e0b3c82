"""Time limits and the clocks that run on them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import KnownForeignKey
from common.labels import Labelled
from grids.models import Unit
from tickets.words import Promise, Urgency

from .category import Category
from .guard import CLOCK_TRIGGERS
from .relations import to_somebody, to_ticket


class LimitKind(models.TextChoices):
    """时限单位 (grids.hours.Kind)."""

    URGENT_HOUR = "URGENT_HOUR", _("紧急小时")
    WORK_HOUR = "WORK_HOUR", _("工作小时")
    WORK_DAY = "WORK_DAY", _("工作日")
    NATURAL_DAY = "NATURAL_DAY", _("自然日")


class LimitCounting(models.TextChoices):
    """计算方式 (grids.hours.Counting)."""

    RUNNING = "RUNNING", _("连续计时")
    CIVIL = "CIVIL", _("民法计日")


class TimeLimit(models.Model):
    """时限: how long one promise may take, by category and urgency; empty means any."""

    promise = models.CharField(
        _("时限种类"), max_length=12, choices=Promise, help_text=_("这条时限管哪一段。")
    )
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="limits",
        verbose_name=_("类别"),
        help_text=_("小类或大类；空为所有类别。"),
    )
    urgency = models.CharField(
        _("紧急程度"), max_length=8, choices=Urgency, blank=True, help_text=_("空为不限。")
    )
    value = models.DecimalField(
        _("数值"), max_digits=7, decimal_places=2, help_text=_("多少小时或多少天，大于 0。")
    )
    kind = models.CharField(
        _("单位"), max_length=12, choices=LimitKind, help_text=_("紧急小时不看日历。")
    )
    counting = models.CharField(
        _("计算方式"),
        max_length=8,
        choices=LimitCounting,
        default=LimitCounting.RUNNING,
        help_text=_("民法计日：首日不算，末日到下班或 24 时。"),
    )
    calendar = models.CharField(
        _("日历"), max_length=12, blank=True, help_text=_("空为用类别的日历。")
    )

    class Meta:
        verbose_name = _("时限")
        verbose_name_plural = pgettext_lazy("plural", "时限")
        ordering = ["promise", "category__code", "urgency"]
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "category", "urgency"], name="limit_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="limit_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_promise_display()} {self.value} {self.get_kind_display()}"


class ClockState(models.TextChoices):
    """时钟状态."""

    RUNNING = "RUNNING", _("计时中")
    PAUSED = "PAUSED", _("已暂停")
    MET = "MET", _("已完成")
    CANCELLED = "CANCELLED", _("已取消")


class Scope(models.TextChoices):
    """主办或协办."""

    LEAD = "LEAD", _("主办")
    ASSIST = "ASSIST", _("协办")


def clock_key(promise: str, cycle: int, leg: int, lap: int, assist_id: int | None) -> str:
    """时钟名: promise, cycle, leg, lap, and which assist, else LEAD."""
    return f"{promise}/{cycle}/{leg}/{lap}/{assist_id or Scope.LEAD}"


class Clock(Labelled):
    """时钟: one promise of one ticket, with a snapshot of what was promised (DESIGN §4)."""

    ticket = to_ticket("clocks", _("属于哪张工单。"))
    promise = models.CharField(
        _("时限种类"), max_length=12, choices=Promise, help_text=_("管哪一段。")
    )
    scope = models.CharField(
        _("主办或协办"),
        max_length=8,
        choices=Scope,
        default=Scope.LEAD,
        help_text=_("协办各有时钟。"),
    )
    assist = models.ForeignKey(
        "tickets.Assist",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clocks",
        verbose_name=_("协办"),
        help_text=_("协办时钟填协办记录。"),
    )
    cycle = models.PositiveSmallIntegerField(_("轮次"), help_text=_("重办即进入新的一轮。"))
    leg = models.PositiveSmallIntegerField(_("段"), help_text=_("派给另一单位即进入新的一段。"))
    lap = models.PositiveSmallIntegerField(
        _("次"), default=1, help_text=_("同一段内第几次，例如返工后再次核查。")
    )
    value = models.DecimalField(
        _("数值"), max_digits=7, decimal_places=2, help_text=_("开始时承诺的时限。")
    )
    kind = models.CharField(_("单位"), max_length=12, choices=LimitKind, help_text=_("时限单位。"))
    counting = models.CharField(
        _("计算方式"), max_length=8, choices=LimitCounting, help_text=_("开始时的计算方式。")
    )
    calendar = models.CharField(_("日历"), max_length=12, help_text=_("开始时的日历。"))
    extension_days = models.PositiveSmallIntegerField(
        _("延期"), default=0, help_text=_("批准的延期，工作日。")
    )
    started_at = models.DateTimeField(_("开始"), help_text=_("从何时起算，更正不改变起点。"))
    due_at = models.DateTimeField(_("到期"), help_text=_("由起点、时限、日历、暂停和延期算出。"))
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=ClockState,
        default=ClockState.RUNNING,
        help_text=_("计时中、暂停、完成或取消。"),
    )
    ended_at = models.DateTimeField(
        _("结束"), null=True, blank=True, help_text=_("完成或取消的时间。")
    )
    breached_at = models.DateTimeField(
        _("超期"), null=True, blank=True, help_text=_("超过到期时间的那一刻；只写一次。")
    )
    unit = KnownForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("责任单位"),
        help_text=_("计时期间由谁持有，超期记在谁名下。"),
    )
    person = to_somebody(_("责任人"), _("计时期间的处置人员。"))

    class Meta:
        verbose_name = _("时钟")
        verbose_name_plural = pgettext_lazy("plural", "时钟")
        triggers = CLOCK_TRIGGERS
        ordering = ["ticket_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "promise", "scope", "assist", "leg", "cycle", "lap"],
                name="clock_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state__in=["RUNNING", "PAUSED"], ended_at=None)
                | Q(state__in=["MET", "CANCELLED"], ended_at__isnull=False),
                name="clock_ended_iff_over",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket"], condition=Q(ended_at=None), name="clock_open"),
            models.Index(fields=["due_at"], condition=Q(state="RUNNING"), name="clock_running_due"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.promise} {self.state}"

    @property
    def key(self) -> str:
        """时钟名: how the record names it: RESOLVE/1/0/1/LEAD, ASSIST/1/0/1/12."""
        return clock_key(self.promise, self.cycle, self.leg, self.lap, self.assist_id)


class Pause(models.Model):
    """暂停: a span during which a clock stood still."""

    clock = models.ForeignKey(
        Clock,
        models.PROTECT,
        related_name="pauses",
        verbose_name=_("时钟"),
        help_text=_("哪个时钟暂停。"),
    )
    started_at = models.DateTimeField(_("开始"), help_text=_("从何时起停。"))
    ended_at = models.DateTimeField(
        _("结束"), null=True, blank=True, help_text=_("何时恢复；空为仍停。")
    )

    class Meta:
        verbose_name = _("暂停")
        verbose_name_plural = pgettext_lazy("plural", "暂停")
        ordering = ["clock_id", "started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(ended_at=None), name="pause_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="pause_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.started_at:%F %T}"
