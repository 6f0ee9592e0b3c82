"""Clocks: what was promised about one ticket, and whether it was kept."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import KnownForeignKey
from common.labels import Labelled
from grids.models import Unit
from tickets.words import Promise

from .guard import CLOCK_TRIGGERS
from .limit import LimitCounting, LimitKind
from .relations import moment, to_somebody, to_ticket


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
    counted_from = models.DateTimeField(
        _("计算起点"),
        help_text=_("一般就是开始；更正后的时限从开始算已过期的，从更正时算。"),
    )
    terms = models.CharField(
        _("分段"), max_length=600, blank=True, help_text=_("全程时限由哪几段相加；其他时限为空。")
    )
    extended = models.CharField(
        _("批准的延期"), max_length=400, blank=True,
        help_text=_("每次延期的工作日数，到期后才批准的注明从何时起算。"),
    )  # fmt: skip
    grace_from = moment(_("宽限起"), _("改日历或改时限时，新日期已过去而旧日期未到。"))
    grace_until = moment(_("宽限止"), _("此前承诺的日期，不提前。"))
    legal_grace_from = moment(_("法定宽限起"), _("改日历或改时限时，新的法定日期已过去。"))
    legal_grace_until = moment(_("法定宽限止"), _("此前的法定日期，或从更正时重新起算的日期。"))
    due_at = models.DateTimeField(_("到期"), help_text=_("由起点、时限、日历、暂停和延期算出。"))
    soon_at = models.DateTimeField(_("临期"), help_text=_("用去八成时间的时刻。"))
    is_provisional = models.BooleanField(
        _("临时"), default=False, db_default=False,
        help_text=_("到期日落在放假安排尚未公布的年份，公布后重算。"),
    )  # fmt: skip
    computed_rev = models.PositiveIntegerField(
        _("日历修订"), default=0, db_default=0, help_text=_("按哪一次修订的日历算出。")
    )
    legal_value = models.DecimalField(
        _("法定时限"), max_digits=7, decimal_places=2, null=True, blank=True,
        help_text=_("开始时的法定时限；没有规定为空。"),
    )  # fmt: skip
    legal_kind = models.CharField(
        _("法定时限单位"), max_length=12, choices=LimitKind, blank=True,
        help_text=_("法定时限的单位。"),
    )  # fmt: skip
    legal_counting = models.CharField(
        _("法定时限计算方式"), max_length=8, choices=LimitCounting, blank=True,
        help_text=_("法定时限的计算方式。"),
    )  # fmt: skip
    legal_due_at = moment(_("法定到期"), _("依法必须办完的时刻；延期不改变它，暂停顺延。"))
    has_paused = models.BooleanField(
        _("暂停过"), default=False, db_default=False, help_text=_("有暂停记录，计算时要扣除。")
    )
    half_at = moment(_("过半"), _("用去一半时间的时刻；响应率看它，只办结时限有。"))
    responded_at = moment(
        _("响应"), _("本段第一次联系上诉求人、到场或办结；超过一半时间就不算及时响应。")
    )
    next_at = moment(_("下一步"), _("下一次提醒、预警或上报的时刻；不在计时为空。"))
    generation = models.PositiveIntegerField(
        _("代"), default=0, db_default=0, help_text=_("每改一次加一；定时属于当前这一代。")
    )
    fired_nth = models.PositiveSmallIntegerField(
        _("已到第几步"), default=0, db_default=0, help_text=_("提醒、预警、上报已经走到哪一步。")
    )
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
    legal_breached_at = moment(_("超法定期限"), _("超过法定到期的那一刻；只写一次。"))
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
            models.CheckConstraint(
                condition=Q(legal_value=None, legal_due_at=None, legal_breached_at=None)
                | Q(legal_value__isnull=False, legal_due_at__isnull=False),
                name="clock_legal",
            ),
            models.CheckConstraint(
                condition=Q(grace_from=None, grace_until=None)
                | Q(grace_from__isnull=False, grace_until__gt=F("grace_from")),
                name="clock_grace",
            ),
            models.CheckConstraint(
                condition=Q(legal_grace_from=None, legal_grace_until=None)
                | Q(legal_grace_from__isnull=False, legal_grace_until__gt=F("legal_grace_from")),
                name="clock_legal_grace",
            ),
            models.CheckConstraint(
                condition=Q(state="RUNNING", next_at__isnull=False)
                | ~Q(state="RUNNING") & Q(next_at=None),
                name="clock_next_iff_running",
            ),
            models.CheckConstraint(condition=Q(soon_at__lte=F("due_at")), name="clock_soon"),
        ]
        indexes = [
            models.Index(fields=["ticket"], condition=Q(ended_at=None), name="clock_open"),
            models.Index(
                fields=["promise", "calendar", "computed_rev"],
                condition=Q(ended_at=None),
                name="clock_revision",
            ),
            models.Index(
                fields=["legal_due_at", "id"],
                condition=Q(state="RUNNING", legal_due_at__isnull=False, legal_breached_at=None),
                name="clock_legal_due",
            ),
            models.Index(
                fields=["due_at"],
                include=[
                    "promise",
                    "ticket",
                    "unit",
                    "state",
                    "ended_at",
                    "breached_at",
                    "half_at",
                    "responded_at",
                ],
                condition=Q(scope="LEAD", promise__in=["ACCEPT", "CLAIM", "RESOLVE", "REPLY"]),
                name="clock_figures",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(scope="LEAD", promise="DISPATCH"),
                name="clock_dispatched",
            ),
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
