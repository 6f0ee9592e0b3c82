"""Tables that know no domain."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IdempotencyKey(models.Model):
    """幂等键: one act per (caller, key), kept for fifteen days."""

    caller = models.CharField(_("调用方"), max_length=80, help_text=_("谁发出的请求。"))
    key = models.CharField(_("键"), max_length=120, help_text=_("由调用方选定，重发时不变。"))
    body_hash = models.CharField(
        _("内容摘要"), max_length=64, help_text=_("同一个键只能用于同一份内容。")
    )
    result = models.JSONField(_("结果"), default=dict, help_text=_("重发时原样返回。"))
    at = models.DateTimeField(_("时间"), db_index=True, help_text=_("十五天后清除。"))

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


class SweepRun(models.Model):
    """清扫记录: when each sweep last began, came through and failed, whoever ran it."""

    name = models.CharField(
        _("清扫"), max_length=40, primary_key=True, help_text=_("哪一个清扫；每个只有一行。")
    )
    began_at = models.DateTimeField(_("开始"), help_text=_("最近一次开始的时间。"))
    done_at = models.DateTimeField(
        _("完成"), null=True, blank=True, help_text=_("最近一次做完的时间；太久以前即报警。")
    )
    failed_at = models.DateTimeField(
        _("失败"), null=True, blank=True, help_text=_("最近一次中途出错的时间。")
    )
    rows = models.PositiveIntegerField(
        _("行数"), default=0, help_text=_("上次做完时处理了多少行。")
    )
    lasted_ms = models.PositiveIntegerField(
        _("用时"), default=0, help_text=_("上次做完或出错用了多少毫秒。")
    )
    fault = models.CharField(
        _("错误"),
        max_length=200,
        blank=True,
        help_text=_("错误的种类和出处，不含数据；做完即清空。"),
    )

    class Meta:
        verbose_name = _("清扫记录")
        verbose_name_plural = pgettext_lazy("plural", "清扫记录")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
