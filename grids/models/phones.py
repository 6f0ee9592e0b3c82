"""The telephone as a key: whose number it is, and codes that were asked for (DESIGN §6)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from encrypted_fields.fields import EncryptedCharField

from .people import Person


class PhoneNumber(models.Model):
    """登录手机号: which account a number opens; encrypted, found by keyed hash."""

    person = models.OneToOneField(
        Person, models.CASCADE, related_name="phone_number", verbose_name=_("人员"),
        help_text=_("这个号码登录的是谁。"),
    )  # fmt: skip
    number = EncryptedCharField(_("号码"), max_length=200, help_text=_("加密保存，显示时掩码。"))
    number_hash = models.CharField(
        _("号码检索"), max_length=64, unique=True,
        help_text=_("带密钥的摘要，查找用；一个号码只属于一个账号。"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(
        _("确认时间"), help_text=_("第一次凭短信验证码登录的时间。")
    )

    class Meta:
        verbose_name = _("登录手机号")
        verbose_name_plural = pgettext_lazy("plural", "登录手机号")

    def __str__(self) -> str:
        return f"{self.person_id}"


class PhoneCode(models.Model):
    """登录验证码: asked for by a number, good for five minutes and five tries.

    The row is its own outbox: as long as it is not sent it keeps the code, encrypted.
    """

    number_hash = models.CharField(
        _("号码检索"), max_length=64, db_index=True, help_text=_("带密钥的摘要。")
    )
    # the field writes what is empty as NULL
    number = EncryptedCharField(
        _("号码"), max_length=200, null=True, blank=True,
        help_text=_("加密保存；用过后清空，一天后整行删除。"),
    )  # fmt: skip
    code_hash = models.CharField(_("摘要"), max_length=64, help_text=_("验证码的带密钥的摘要。"))
    code = EncryptedCharField(
        _("待发验证码"), max_length=200, null=True, blank=True,
        help_text=_("加密保存，发出或放弃后即清空。"),
    )  # fmt: skip
    asked_at = models.DateTimeField(_("索取时间"), db_index=True, help_text=_("何时索取的。"))
    expires_at = models.DateTimeField(_("失效时间"), help_text=_("索取后五分钟。"))
    tries = models.PositiveSmallIntegerField(
        _("试错次数"), default=0, help_text=_("最多五次，之后作废。")
    )
    used_at = models.DateTimeField(
        _("使用时间"), null=True, blank=True, help_text=_("只能用一次。")
    )
    sends = models.PositiveSmallIntegerField(
        _("发送次数"), default=0, help_text=_("交给短信网关的次数，最多三次。")
    )
    leased_until = models.DateTimeField(
        _("发送占用至"), null=True, blank=True, help_text=_("有进程正在发送；过时别的进程再试。")
    )
    sent_at = models.DateTimeField(
        _("发出时间"), null=True, blank=True, help_text=_("短信网关收下的时间。")
    )
    fault = models.CharField(
        _("失败代码"), max_length=80, blank=True, help_text=_("网关的错误代码；有则不再发送。")
    )

    class Meta:
        verbose_name = _("登录验证码")
        verbose_name_plural = pgettext_lazy("plural", "登录验证码")
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(sent_at=None, fault=""), name="phone_code_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
