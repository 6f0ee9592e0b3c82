"""What is to leave the house, once each, and what became of it."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Person

from .channel import ENDPOINTS, PERSONAL
from .endpoint import Endpoint


class DeliveryState(models.TextChoices):
    """投递状态."""

    WAITING = "WAITING", _("待发")
    LEASED = "LEASED", _("发送中")
    FAILED = "FAILED", _("待重试")
    SENT = "SENT", _("已发")
    DEAD = "DEAD", _("发不出去")
    DIGESTED = "DIGESTED", _("并入摘要")
    SKIPPED = "SKIPPED", _("不再需要")


PENDING = (DeliveryState.WAITING, DeliveryState.LEASED, DeliveryState.FAILED)


class Delivery(models.Model):
    """投递: one event, one addressee, one channel, made once and sent at least once.

    Ids and codes only: the text is made from the event at the moment of sending and never kept.
    """

    event_id = models.BigIntegerField(_("记录"), help_text=_("告知的是哪条流转记录。"))
    ticket_id = models.BigIntegerField(_("工单"), help_text=_("那条记录属于哪张工单。"))
    channel = models.CharField(
        _("渠道"), max_length=8, help_text=_("由哪条渠道发出。"),
        choices=[(one.value, one.label) for one in (*PERSONAL, *ENDPOINTS)],
    )  # fmt: skip
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("发给谁"), help_text=_("工作人员或有账号的诉求人。"),
    )  # fmt: skip
    endpoint = models.ForeignKey(
        Endpoint, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("推送地址"), help_text=_("群机器人或对接系统。"),
    )  # fmt: skip
    reporter_ref = models.CharField(
        _("诉求人"), max_length=40, blank=True,
        help_text=_("没有账号的诉求人的引用；电话发送时才解密。"),
    )  # fmt: skip
    role = models.CharField(
        _("身份"), max_length=12, blank=True, help_text=_("因何身份告知；推送地址没有。")
    )
    dedupe_key = models.CharField(
        _("去重键"), max_length=64, unique=True,
        help_text=_("重试不变，人工重发才变；对方可据此丢弃重复。"),
    )  # fmt: skip
    state = models.CharField(
        _("状态"), max_length=8, choices=DeliveryState, default=DeliveryState.WAITING,
        help_text=_("待发、待重试和发送中的还会再发。"),
    )  # fmt: skip
    made_at = models.DateTimeField(_("生成"), help_text=_("何时生成的。"))
    not_before = models.DateTimeField(_("不早于"), help_text=_("免打扰时段结束或下次重试的时间。"))
    tries = models.PositiveSmallIntegerField(_("次数"), default=0, help_text=_("试过几次。"))
    resent = models.PositiveSmallIntegerField(_("重发"), default=0, help_text=_("人工重发过几次。"))
    leased_until = models.DateTimeField(
        _("占用至"), null=True, blank=True, help_text=_("有进程正在发送；过时由别的进程接手。")
    )
    fence = models.PositiveIntegerField(
        _("栅栏"), default=0, help_text=_("每次接手加一；只有最后接手的进程能记下结果。")
    )
    provider_id = models.CharField(
        _("对方编号"), max_length=120, blank=True, help_text=_("对方给这条消息的编号。")
    )
    fault = models.CharField(
        _("失败代码"), max_length=80, blank=True, help_text=_("最近一次失败的代码。")
    )
    sent_at = models.DateTimeField(
        _("发出"), null=True, blank=True, help_text=_("对方收下的时间。")
    )
    digest_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="digested",
        verbose_name=_("并入"), help_text=_("超过上限时并入哪一条摘要。"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("投递")
        verbose_name_plural = pgettext_lazy("plural", "投递")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event_id", "channel", "person", "endpoint", "reporter_ref"],
                name="delivery_once", nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="delivery_one_addressee",
                condition=Q(person__isnull=False, endpoint=None, reporter_ref="")
                | Q(person=None, endpoint__isnull=False, reporter_ref="")
                | (Q(person=None, endpoint=None) & ~Q(reporter_ref="")),
            ),
            models.CheckConstraint(
                name="delivery_leased_until",
                condition=Q(state=DeliveryState.LEASED) ^ Q(leased_until=None),
            ),
            models.CheckConstraint(
                name="delivery_digest_of",
                condition=Q(state=DeliveryState.DIGESTED) ^ Q(digest_of=None),
            ),
            models.CheckConstraint(
                name="delivery_sent_at",
                condition=Q(state=DeliveryState.SENT) ^ Q(sent_at=None),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["channel", "endpoint", "not_before", "id"],
                condition=Q(state__in=PENDING), name="delivery_due",
            ),
            models.Index(
                fields=["id"], condition=Q(state=DeliveryState.DEAD), name="delivery_dead"
            ),
            models.Index(fields=["made_at"], name="delivery_age"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.event_id} {self.channel} {self.addressee}"

    @property
    def addressee(self) -> str:
        """收件: an opaque reference."""
        if self.endpoint_id is not None:
            return f"endpoint:{self.endpoint_id}"
        return self.reporter_ref or f"person:{self.person_id}"

    @property
    def destination(self) -> str:
        """去处: what has a limit of its own: a provider, or one robot or system."""
        return self.channel if self.endpoint_id is None else f"{self.channel}:{self.endpoint_id}"

    def made_key(self) -> str:
        """去重键: of what it is, to whom, and the how manyeth time somebody wanted it sent."""
        named = f"{self.event_id} {self.channel} {self.addressee} {self.resent}"
        return hashlib.sha256(named.encode()).hexdigest()
