"""The record: events, their words, and seals over changed heads (DESIGN §3.4)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.labels import Labelled
from tickets.states import State
from tickets.words import WordsKind

from .findable import WORDS_FOUND
from .guard import EVENT_TRIGGERS, SEAL_TRIGGERS, WORDS_TRIGGERS
from .relations import to_event, to_ticket
from .tokens import TokensField

TURNING = ("resolve", "rework", "dispatch", "redirect", "send_back")
"""Whether a result or a dispatch held is told by which of these came next."""


class Event(models.Model):
    """流转记录: append-only; no personal data and no free text, only codes and ids."""

    ticket = to_ticket("events", _("属于哪张工单。"))
    seq = models.PositiveIntegerField(_("序号"), help_text=_("每张工单从 1 起，不跳号。"))
    verb = models.CharField(_("动作"), max_length=20, help_text=_("做了什么。"))
    by = models.CharField(_("操作者"), max_length=40, help_text=_("不透明的引用，如 person:12。"))
    at = models.DateTimeField(_("时间"), help_text=_("服务器收到的时间。"))
    from_state = models.CharField(
        _("原状态"), max_length=10, choices=State, blank=True, help_text=_("首条记录为空。")
    )
    to_state = models.CharField(
        _("新状态"), max_length=10, choices=State, help_text=_("之后的状态。")
    )
    data = models.JSONField(_("数据"), default=dict, help_text=_("只有代码、编号和文本摘要。"))
    prev_hash = models.CharField(
        _("前摘要"), max_length=64, blank=True, help_text=_("前一条的摘要。")
    )
    hash = models.CharField(_("摘要"), max_length=64, help_text=_("SHA-256，版本 1 的规范形式。"))
    announced_at = models.DateTimeField(
        _("已通知"), null=True, blank=True, help_text=_("空为通知尚未生成。")
    )

    class Meta:
        verbose_name = _("流转记录")
        verbose_name_plural = pgettext_lazy("plural", "流转记录")
        ordering = ["ticket_id", "seq"]
        triggers = EVENT_TRIGGERS
        constraints = [models.UniqueConstraint(fields=["ticket", "seq"], name="event_seq")]
        indexes = [
            models.Index(fields=["id"], condition=Q(announced_at=None), name="event_outbox"),
            models.Index(
                fields=["at"], condition=Q(verb__in=["resolve", "dispatch", "redirect"]),
                name="event_counted",
            ),
            models.Index(
                fields=["ticket", "seq"], include=["verb", "at"], condition=Q(verb__in=TURNING),
                name="event_turning",
            ),
            models.Index(
                fields=["ticket", "seq"], condition=Q(data__set__has_key="unit_id"),
                name="event_handed",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.seq} {self.verb}"


class WordsManager(models.Manager["Words"]):
    """Nobody reads the tokens: they are handed on (`findable`)."""

    def get_queryset(self) -> models.QuerySet["Words"]:
        return super().get_queryset().defer("tokens")


class Words(Labelled):
    """文本: what was said, beside its event; the retention job may empty text and salt."""

    ticket = to_ticket("words", _("属于哪张工单。"))
    event = to_event("words", _("属于哪条流转记录。"))
    kind = models.CharField(
        _("种类"), max_length=10, choices=WordsKind, help_text=_("是什么文字。")
    )
    text = models.TextField(_("文字"), help_text=_("脱敏后为空。"))
    salt = models.CharField(
        _("盐"), max_length=32, help_text=_("记录里存 HMAC-SHA256（盐，文字）；脱敏后为空。")
    )
    tokens = TokensField(
        _("词元"),
        null=True,
        editable=False,
        help_text=_("交给查找件的词元；写入后即为空，内部文字没有。"),
    )

    objects = WordsManager()

    class Meta:
        verbose_name = _("文本")
        verbose_name_plural = pgettext_lazy("plural", "文本")
        ordering = ["id"]
        triggers = WORDS_TRIGGERS + WORDS_FOUND
        indexes = [models.Index(fields=["ticket", "kind", "id"])]

    def __str__(self) -> str:
        return f"{self.event_id} {self.kind}"


class Seal(models.Model):
    """封存: a link of the chain over all heads that changed since the one before."""

    at = models.DateTimeField(_("时间"), help_text=_("封存时间。"))
    ticket_count = models.PositiveIntegerField(_("工单数"), help_text=_("封存时的工单总数。"))
    heads = models.TextField(
        _("链首"), help_text=_("每行：编号 序号 摘要；自上次封存以来变化的工单。")
    )
    prev_hash = models.CharField(_("前摘要"), max_length=64, blank=True, help_text=_("上一封存。"))
    hash = models.CharField(_("摘要"), max_length=64, unique=True, help_text=_("本封存的摘要。"))

    class Meta:
        verbose_name = _("封存")
        verbose_name_plural = pgettext_lazy("plural", "封存")
        ordering = ["id"]
        triggers = SEAL_TRIGGERS
        constraints = [
            models.UniqueConstraint(fields=["prev_hash"], name="seal_chain_does_not_fork")
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.at:%F %T}"
