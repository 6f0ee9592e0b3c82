"""Who was told of what, and what a person must look at."""

from django.contrib.postgres.indexes import BrinIndex
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


class Channel(models.TextChoices):
    """渠道: by which way a person is told."""

    INBOX = "INBOX", _("消息")


class Notice(models.Model):
    """消息: one person is told of one event by one channel, once.

    Ids and codes only: whoever shows it reads the event, with what that person may read of it.
    """

    event_id = models.BigIntegerField(_("记录"), help_text=_("告知的是哪条流转记录。"))
    ticket_id = models.BigIntegerField(_("工单"), help_text=_("那条记录属于哪张工单。"))
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="+",
        verbose_name=_("告知谁"),
        help_text=_("告知时在用、并且看得到工单的人，从不是做这件事的人。"),
    )
    channel = models.CharField(
        _("渠道"),
        max_length=8,
        choices=Channel,
        default=Channel.INBOX,
        help_text=_("同一记录、同一人、同一渠道只有一条。"),
    )
    role = models.CharField(
        _("身份"), max_length=12, help_text=_("因何身份告知，如处置人员、诉求人。")
    )
    at = models.DateTimeField(_("时间"), help_text=_("那件事发生的时间。"))
    read_at = models.DateTimeField(
        _("已读"), null=True, blank=True, help_text=_("本人看过的时间；空为未读。")
    )

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event_id", "person", "channel"], name="notice_told_once"
            )
        ]
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="notice_inbox"),
            models.Index(
                fields=["person", "-at", "-id"],
                condition=models.Q(read_at=None),
                name="notice_unread_first",
            ),
            BrinIndex(fields=["at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.person_id}"
