"""Tables that know no domain."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IdempotencyKey(models.Model):
    """幂等键: one act per (caller, key), kept for seven days."""

    caller = models.CharField(_("调用方"), max_length=80, help_text=_("谁发出的请求。"))
    key = models.CharField(_("键"), max_length=120, help_text=_("由调用方选定，重发时不变。"))
    body_hash = models.CharField(
        _("内容摘要"), max_length=64, help_text=_("同一个键只能用于同一份内容。")
    )
    result = models.JSONField(_("结果"), default=dict, help_text=_("重发时原样返回。"))
    at = models.DateTimeField(_("时间"), db_index=True, help_text=_("七天后清除。"))

    class Meta:
        verbose_name = _("幂等键")
        verbose_name_plural = pgettext_lazy("plural", "幂等键")
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="idempotency_once"),
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"


class LawStamp(models.Model):
    """规则版本: rises whenever a table of rules changes, so that every process reads it anew."""

    name = models.CharField(_("规则表"), max_length=40, unique=True, help_text=_("哪一类规则。"))
    version = models.PositiveBigIntegerField(
        _("版本"), default=0, help_text=_("每改一次加一；各进程据此重新读取。")
    )

    class Meta:
        verbose_name = _("规则版本")
        verbose_name_plural = pgettext_lazy("plural", "规则版本")

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Attempts(models.Model):
    """试错次数: wrong tries per address and kind within one window."""

    scope = models.CharField(_("种类"), max_length=40, help_text=_("试的是什么，如查询链接。"))
    who = models.CharField(
        _("来处"), max_length=64, help_text=_("来源地址的带密钥摘要，不存地址本身。")
    )
    since = models.DateTimeField(_("起点"), db_index=True, help_text=_("本窗口从何时起算。"))
    count = models.PositiveIntegerField(_("次数"), help_text=_("本窗口内试错的次数。"))

    class Meta:
        verbose_name = _("试错次数")
        verbose_name_plural = pgettext_lazy("plural", "试错次数")
        constraints = [models.UniqueConstraint(fields=["scope", "who"], name="attempts_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.count}"
