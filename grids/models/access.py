"""What happened to the keys of an account."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .people import Person


class AccessEventKind(models.TextChoices):
    """账号记录的种类."""

    FACTOR_ON = "FACTOR_ON", _("启用两步验证")
    FACTOR_MOVED = "FACTOR_MOVED", _("换了验证手机")
    FACTOR_OFF = "FACTOR_OFF", _("停用两步验证")
    FACTOR_RESET = "FACTOR_RESET", _("重置两步验证")
    CODES_NEW = "CODES_NEW", _("换了恢复码")
    CODE_USED = "CODE_USED", _("用掉一个恢复码")
    LOCKED = "LOCKED", _("验证码错误过多而锁定")
    LINKED = "LINKED", _("关联统一身份认证")
    ENDED = "ENDED", _("结束了别处的登录")


class Identity(models.Model):
    """统一身份: which subject of an identity provider a person is."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="identities", verbose_name=_("人员"),
        help_text=_("以谁的身份登录；一人在一个认证方只有一个。"),
    )  # fmt: skip
    issuer = models.CharField(
        _("认证方"), max_length=255, help_text=_("认证方的网址（issuer），与系统设置一致。")
    )
    subject = models.CharField(
        _("主体标识"), max_length=255,
        help_text=_("认证方给这个人的编号（sub），从不改变，也不给第二个人。"),
    )  # fmt: skip
    linked_at = models.DateTimeField(_("关联时间"), help_text=_("何时关联的。"))

    class Meta:
        verbose_name = _("统一身份")
        verbose_name_plural = pgettext_lazy("plural", "统一身份")
        ordering = ["person_id", "issuer"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_subject_once"),
            models.UniqueConstraint(fields=["issuer", "person"], name="identity_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.issuer}"


class AccessEvent(models.Model):
    """账号记录: who changed how this person gets in, and when. Never a code or a secret."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="access_events", verbose_name=_("人员"),
        help_text=_("谁的账号。"),
    )  # fmt: skip
    kind = models.CharField(
        _("事项"), max_length=16, choices=AccessEventKind, help_text=_("发生了什么。")
    )
    by = models.CharField(
        _("经办"),
        max_length=80,
        help_text=_("本人为空；由命令或后台操作的，写明是谁。"),
        blank=True,
    )
    at = models.DateTimeField(_("时间"), help_text=_("发生的时间。"))

    class Meta:
        verbose_name = _("账号记录")
        verbose_name_plural = pgettext_lazy("plural", "账号记录")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["person", "-at"], name="access_event_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_kind_display()}"
