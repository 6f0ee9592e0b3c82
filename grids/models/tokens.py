"""Tokens: how a program acts for a person (DESIGN §6)."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .people import Person


class Scope(models.TextChoices):
    """权限范围: what a token is good for, never more than its person may do."""

    TICKETS_READ = "tickets:read", _("读工单")
    TICKETS_WRITE = "tickets:write", _("办工单")
    REFERENCE_READ = "reference:read", _("读类别、区划和单位")
    ME_READ = "me:read", _("读本人的岗位、待办和消息")
    INCIDENTS_READ = "incidents:read", _("读异常")
    EXPORTS_READ = "exports:read", _("导出列表")
    FIGURES_READ = "figures:read", _("读数据")


class Token(models.Model):
    """令牌: named, scoped and expiring; only its hash is kept, the text is shown once."""

    OWNER: ClassVar[str]
    """The field that says whose it is."""

    name = models.CharField(_("名称"), max_length=60, help_text=_("哪个程序在用，如“热线对接”。"))
    prefix = models.CharField(_("开头"), max_length=12, help_text=_("认出它用的前几位。"))
    key_hash = models.CharField(
        _("摘要"), max_length=64, unique=True, help_text=_("令牌的 SHA-256；令牌本身不保存。")
    )
    scopes = models.JSONField(_("权限范围"), default=list, help_text=_("可以做哪几类事。"))
    made_at = models.DateTimeField(_("发放时间"), help_text=_("何时发的。"))
    expires_at = models.DateTimeField(_("到期"), help_text=_("到此时失效，最长一年。"))
    used_at = models.DateTimeField(
        _("最近使用"), null=True, blank=True, help_text=_("最多每小时记一次。")
    )
    revoked_at = models.DateTimeField(
        _("吊销时间"), null=True, blank=True, help_text=_("吊销后不再有效，不能恢复。")
    )

    class Meta:
        abstract = True
        verbose_name = _("令牌")
        verbose_name_plural = pgettext_lazy("plural", "令牌")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_owner_active(self) -> bool:
        """持有者在用: whose it is may still come in."""
        return bool(getattr(self, self.OWNER).is_active)

    def is_good(self, at: datetime) -> bool:
        """有效: neither expired nor revoked, of an owner who is active."""
        return self.revoked_at is None and at < self.expires_at and self.is_owner_active


class ApiToken(Token):
    """令牌: of a person, for a program that acts for them."""

    OWNER = "person"

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="tokens", verbose_name=_("人员"),
        help_text=_("程序以谁的身份做事；停用的人员，令牌同时失效。"),
    )  # fmt: skip

    class Meta(Token.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="token_name_once")]
