"""Where somebody is logged in."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .people import Person


class LoginSession(models.Model):
    """登录: one browser in which a person is or was logged in."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="login_sessions", verbose_name=_("人员"),
        help_text=_("谁登录的。"),
    )  # fmt: skip
    session_key = models.CharField(
        _("会话"), max_length=40, unique=True, help_text=_("浏览器会话的编号；结束登录即删除会话。")
    )
    agent = models.CharField(
        _("浏览器"), max_length=200, blank=True, help_text=_("浏览器自己报的名字，只用来辨认设备。")
    )
    began_at = models.DateTimeField(_("登录时间"), help_text=_("何时登录的。"))
    seen_at = models.DateTimeField(_("最近使用"), help_text=_("最多每十分钟记一次。"))
    ended_at = models.DateTimeField(
        _("结束时间"), null=True, blank=True, help_text=_("本人在“个人设置”里结束的时间。")
    )

    class Meta:
        verbose_name = _("登录")
        verbose_name_plural = pgettext_lazy("plural", "登录")
        ordering = ["-seen_at", "-id"]
        indexes = [
            models.Index(
                fields=["person"], name="session_of_person",
                condition=models.Q(ended_at__isnull=True),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person_id} {self.began_at}"
