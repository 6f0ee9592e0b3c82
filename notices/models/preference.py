"""By which channel a person wants to be told of what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from encrypted_fields.fields import EncryptedCharField

from grids.models import Person

from .channel import PERSONAL


class Preference(models.Model):
    """通知偏好: of one person for one channel; without a row the defaults hold.

    The inbox has none: it cannot be switched off.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="preferences", verbose_name=_("人员"),
        help_text=_("谁的偏好。"),
    )  # fmt: skip
    channel = models.CharField(
        _("渠道"), max_length=8, choices=[(one.value, one.label) for one in PERSONAL],
        help_text=_("站内消息不能关闭，不在这里。"),
    )  # fmt: skip
    is_on = models.BooleanField(_("接收"), default=True, help_text=_("关闭后不再由此渠道通知。"))
    verbs = models.JSONField(
        _("动作"), default=list, blank=True, help_text=_("只接收这些动作；空为按默认。")
    )
    quiet_from = models.PositiveSmallIntegerField(
        _("免打扰起"), null=True, blank=True, help_text=_("当日零点起的分钟数；空为按默认。")
    )
    quiet_to = models.PositiveSmallIntegerField(
        _("免打扰止"), null=True, blank=True, help_text=_("与起点相同为不设免打扰。")
    )
    # the field writes what is empty as NULL
    address = EncryptedCharField(
        _("地址"), max_length=200, null=True, blank=True,
        help_text=_("手机号码或浙政钉账号；邮件留空用人员资料中的邮箱。加密保存。"),
    )  # fmt: skip

    language = models.CharField(
        _("语言"), max_length=10, blank=True, choices=settings.LANGUAGES,
        help_text=_("用哪种语言写给此人；空为中文。"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("通知偏好")
        verbose_name_plural = pgettext_lazy("plural", "通知偏好")
        ordering = ["person_id", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["person", "channel"], name="preference_once"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__lt=1440, quiet_to__lt=1440),
                name="preference_quiet",
            ),
            models.CheckConstraint(condition=Q(channel__in=PERSONAL), name="preference_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel}"
