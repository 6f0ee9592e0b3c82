"""Supervision by leaders, and the log of revealed personal data."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .guard import PHONE_LOOKUP_TRIGGERS, REVEAL_TRIGGERS
from .relations import to_person, to_ticket


class SupervisionState(models.TextChoices):
    """督办状态."""

    OPEN = "OPEN", _("督办中")
    ANSWERED = "ANSWERED", _("已反馈")
    LIFTED = "LIFTED", _("已销号")


class Supervision(models.Model):
    """督办单: a leader's formal demand with a due date; answered by the unit, then lifted."""

    ticket = to_ticket("supervisions", _("督办哪张工单。"))
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=SupervisionState,
        default=SupervisionState.OPEN,
        help_text=_("督办中、已反馈、已销号。"),
    )
    opened_by = to_person(_("督办人"), _("领导或督查员。"))
    opened_at = models.DateTimeField(_("督办时间"), help_text=_("何时提出。"))
    opened_seq = models.PositiveIntegerField(_("督办记录"), help_text=_("提出督办的流转记录序号。"))
    due_at = models.DateTimeField(_("反馈期限"), help_text=_("要求何时以前反馈。"))
    answered_at = models.DateTimeField(
        _("反馈时间"), null=True, blank=True, help_text=_("单位反馈的时间。")
    )
    overdue_at = models.DateTimeField(
        _("超期提醒时间"), null=True, blank=True,
        help_text=_("到期仍未反馈，何时提醒了督办人；只提醒一次。"),
    )  # fmt: skip
    lifted_at = models.DateTimeField(
        _("销号时间"), null=True, blank=True, help_text=_("督办结束的时间。")
    )

    class Meta:
        verbose_name = _("督办单")
        verbose_name_plural = pgettext_lazy("plural", "督办单")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=~Q(state="LIFTED"), name="supervision_one_open"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=~Q(state="LIFTED"), name="supervision_due"
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state="OPEN", overdue_at=None),
                name="supervision_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.state}"


class Reveal(models.Model):
    """查看记录: who saw which personal data, why and when; kept at least six months."""

    ticket = to_ticket("reveals", _("哪张工单。"))
    person = to_person(_("查看人"), _("谁看的。"))
    reason = models.CharField(_("理由"), max_length=120, help_text=_("为什么要看。"))
    at = models.DateTimeField(_("时间"), help_text=_("何时看的。"))

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = pgettext_lazy("plural", "查看记录")
        triggers = REVEAL_TRIGGERS
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.person} {self.at:%F %T}"


class PhoneLookup(models.Model):
    """按电话查找记录: who looked for whose tickets by a number, and why; kept like reveals."""

    person = to_person(_("查找人"), _("谁查的。"))
    phone_hash = models.CharField(
        _("电话检索"), max_length=64, help_text=_("带密钥的摘要，不存号码本身。")
    )
    reason = models.CharField(_("理由"), max_length=120, help_text=_("为什么要查。"))
    found = models.PositiveSmallIntegerField(_("找到"), help_text=_("给查找人看了几张工单。"))
    at = models.DateTimeField(_("时间"), help_text=_("何时查的。"))

    class Meta:
        verbose_name = _("按电话查找记录")
        verbose_name_plural = _("按电话查找记录")
        triggers = PHONE_LOOKUP_TRIGGERS
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.person} {self.at:%F %T}"
