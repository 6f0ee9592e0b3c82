"""Where groups and other systems are told."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from encrypted_fields.fields import EncryptedCharField

from common.known import KnownForeignKey
from grids.models import Division, Unit

from .channel import ENDPOINTS, Channel


class Endpoint(models.Model):
    """推送地址: a robot of a group, or another system; sensitive tickets are told to none."""

    kind = models.CharField(
        _("类别"), max_length=8, choices=[(one.value, one.label) for one in ENDPOINTS],
        help_text=_("群机器人只收到编号、类别、街道和时限；对接系统收到带签名的数据。"),
    )  # fmt: skip
    name = models.CharField(
        _("名称"), max_length=60, unique=True, help_text=_("推给谁，如“城管中队值班群”。")
    )
    url = EncryptedCharField(
        _("网址"), max_length=1000, help_text=_("机器人或对接系统的 https 地址；加密保存。")
    )
    # the field writes what is empty as NULL
    secret = EncryptedCharField(
        _("密钥"), max_length=400, null=True, blank=True,
        help_text=_("签名用，加密保存，不再显示；留空为不改。"),
    )  # fmt: skip
    verbs = models.JSONField(
        _("动作"), default=list, blank=True, help_text=_("推送哪些动作；不选为全部。")
    )
    division = KnownForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("区划"), help_text=_("只推这个区划内的工单；空为全区。"),
    )  # fmt: skip
    unit = KnownForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("单位"), help_text=_("只推由这个单位承办的工单；空为不限。"),
    )  # fmt: skip
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不再推送。"))
    rate_per_minute = models.PositiveSmallIntegerField(
        _("每分钟上限"), default=20, help_text=_("超过时并成一条摘要；钉钉和企业微信为 20 条。")
    )
    last_ok_at = models.DateTimeField(
        _("最近成功"), null=True, blank=True, help_text=_("对方最近一次收下的时间。")
    )

    class Meta:
        verbose_name = _("推送地址")
        verbose_name_plural = pgettext_lazy("plural", "推送地址")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(rate_per_minute__gte=1), name="endpoint_rate"),
            models.CheckConstraint(condition=Q(kind__in=ENDPOINTS), name="endpoint_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_robot(self) -> bool:
        """群机器人."""
        return self.kind != Channel.WEBHOOK


class Bucket(models.Model):
    """令牌桶: how many may still go to one destination, and until when it is left in peace."""

    key = models.CharField(
        _("去处"), max_length=40, unique=True, help_text=_("渠道，推送地址另加编号。")
    )
    tokens = models.FloatField(_("余量"), help_text=_("现在还能发几条。"))
    filled_at = models.DateTimeField(_("计至"), help_text=_("余量算到什么时候。"))
    failures = models.PositiveSmallIntegerField(
        _("连续失败"), default=0, help_text=_("成功一次即归零。")
    )
    closed_until = models.DateTimeField(
        _("暂停至"), null=True, blank=True, help_text=_("对方不通或要求等待时，到此时再试。")
    )

    class Meta:
        verbose_name = _("令牌桶")
        verbose_name_plural = pgettext_lazy("plural", "令牌桶")

    def __str__(self) -> str:
        return self.key
