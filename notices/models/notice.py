"""Who was told of what, on the pages of the house."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.models import Person

from .channel import Channel


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
