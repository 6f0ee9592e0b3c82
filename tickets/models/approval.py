"""Requests that a second person decides (DESIGN §3.3)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Level, PostKind

from .relations import to_person, to_somebody, to_ticket


class ApprovalKind(models.TextChoices):
    """审批种类."""

    SEND_BACK = "send_back", _("退单")
    EXTEND = "extend", _("延期")
    SUSPEND = "suspend", _("挂账")
    VOID = "void", _("作废")
    DECLINE = "decline", pgettext_lazy("request", "不予受理")


class ApprovalRule(models.Model):
    """审批规则: who countersigns and who decides; the most demanding matching row wins."""

    kind = models.CharField(
        _("审批种类"), max_length=10, choices=ApprovalKind, help_text=_("管哪一种申请。")
    )
    from_nth = models.PositiveSmallIntegerField(
        _("第几次起"), default=1, help_text=_("同一工单第几次这种申请起适用。")
    )
    min_days = models.PositiveSmallIntegerField(
        _("多少天起"), default=0, help_text=_("申请的天数达到多少起适用，0 为不限。")
    )
    after_claim = models.BooleanField(
        _("仅签收后"), default=False, help_text=_("只在单位签收以后适用。")
    )
    needs_countersign = models.BooleanField(
        _("先会签"), default=True, help_text=_("有承办单位时先由单位负责人会签。")
    )
    decided_by = models.CharField(
        _("由谁决定"),
        max_length=16,
        choices=PostKind,
        default=PostKind.SHIFT_LEADER,
        help_text=_("值班长、受理员或领导。"),
    )
    level = models.CharField(
        _("哪一级"),
        max_length=12,
        choices=Level,
        default=Level.SUBDISTRICT,
        help_text=_("街道或区。"),
    )
    priority = models.SmallIntegerField(_("优先级"), default=0, help_text=_("几条都符合时取大的。"))

    class Meta:
        verbose_name = _("审批规则")
        verbose_name_plural = pgettext_lazy("plural", "审批规则")
        ordering = ["kind", "priority"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.get_decided_by_display()}"


class ApprovalState(models.TextChoices):
    """审批状态."""

    PENDING = "PENDING", _("待决定")
    GRANTED = "GRANTED", _("已同意")
    REFUSED = "REFUSED", _("已驳回")
    SUPERSEDED = "SUPERSEDED", _("已失效")


class Approval(models.Model):
    """审批: one request on one ticket. Never granted or refused by the clock."""

    ticket = to_ticket("approvals", _("关于哪张工单。"))
    kind = models.CharField(
        _("审批种类"), max_length=10, choices=ApprovalKind, help_text=_("申请做什么。")
    )
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=ApprovalState,
        default=ApprovalState.PENDING,
        help_text=_("待决定、已同意、已驳回；工单状态另有变化即失效。"),
    )
    asked_by = to_person(_("申请人"), _("不能决定自己的申请。"))
    asked_at = models.DateTimeField(_("申请时间"), help_text=_("提出的时间。"))
    asked_seq = models.PositiveIntegerField(
        _("申请记录"), help_text=_("提出申请的流转记录序号，文字在其中。")
    )
    asks = models.JSONField(
        _("申请内容"), default=dict, help_text=_("理由代码、天数、恢复日期等，不含文字。")
    )
    decided_by = models.CharField(
        _("由谁决定"), max_length=16, choices=PostKind, help_text=_("按规则取得。")
    )
    level = models.CharField(
        _("哪一级"), max_length=12, choices=Level, help_text=_("街道一级无人可决时升到区。")
    )
    needs_countersign = models.BooleanField(_("须会签"), help_text=_("单位负责人先会签。"))
    countersigned_by = to_somebody(_("会签人"), _("单位负责人。"))
    countersigned_at = models.DateTimeField(
        _("会签时间"), null=True, blank=True, help_text=_("会签的时间。")
    )
    decider = to_somebody(_("决定人"), _("同意或驳回的人。"))
    decided_at = models.DateTimeField(
        _("决定时间"), null=True, blank=True, help_text=_("结束的时间，含失效。")
    )
    due_at = models.DateTimeField(_("审批到期"), help_text=_("到期未决升一级，不会自动同意。"))
    risen_at = models.DateTimeField(
        _("升级时间"), null=True, blank=True, help_text=_("到期未决、已报区级的时间；只报一次。")
    )

    class Meta:
        verbose_name = _("审批")
        verbose_name_plural = pgettext_lazy("plural", "审批")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state="PENDING"), name="approval_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(state="PENDING", decided_at=None)
                | (~Q(state="PENDING") & Q(decided_at__isnull=False)),
                name="approval_decided_iff_over",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="PENDING"), name="approval_pending"),
            models.Index(
                fields=["due_at"], condition=Q(state="PENDING", risen_at=None),
                name="approval_unrisen",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.state}"
