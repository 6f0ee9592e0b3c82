"""Other systems that hand in tickets, their numbers and their codes (DESIGN §6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Token
from tickets.words import CodeKind, Origin, Source

from .guard import EXTERNAL_REF_TRIGGERS
from .relations import to_ticket


class Client(models.Model):
    """来源系统: another system that hands in tickets, as an actor of its own, not as a person."""

    name = models.CharField(
        _("名称"), max_length=60, unique=True, help_text=_("如“12345 热线”；记录里显示这个名称。")
    )
    source = models.CharField(
        _("来源"), max_length=12, choices=Source, help_text=_("它交来的工单记作什么渠道。")
    )
    origin = models.CharField(
        _("由谁提出"), max_length=8, choices=Origin, default=Origin.RESIDENT,
        help_text=_("转来的是诉求人的诉求，还是巡查或设备发现的问题；只有诉求人的要答复。"),
    )  # fmt: skip
    takes_unknown_codes = models.BooleanField(
        _("代码没有对照也收"), default=False,
        help_text=_("不选：代码没有对照就退回；选上：照收，代码写给受理员看。"),
    )  # fmt: skip
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后令牌一律无效。"))
    made_at = models.DateTimeField(_("登记时间"), help_text=_("何时登记的。"))

    is_authenticated = True
    is_anonymous = False

    class Meta:
        verbose_name = _("来源系统")
        verbose_name_plural = pgettext_lazy("plural", "来源系统")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_ref(self) -> str:
        """操作者: opaque, as it stands in the record."""
        return f"client:{self.pk}"


class ClientToken(Token):
    """来源系统的令牌."""

    OWNER = "client"

    client = models.ForeignKey(
        Client, models.CASCADE, related_name="tokens", verbose_name=_("来源系统"),
        help_text=_("哪个系统在用；系统停用时同时失效。"),
    )  # fmt: skip

    class Meta(Token.Meta):
        verbose_name = _("来源系统的令牌")
        verbose_name_plural = pgettext_lazy("plural", "来源系统的令牌")
        constraints = [
            models.UniqueConstraint(fields=["client", "name"], name="client_token_name_once")
        ]


class ExternalRef(models.Model):
    """外部编号: by which number another system knows a ticket; one number, one ticket."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="refs", verbose_name=_("来源系统"),
        help_text=_("哪个系统的编号。"),
    )  # fmt: skip
    kind = models.CharField(
        _("种类"), max_length=24, help_text=_("系统有几种编号时，是哪一种；默认 case。")
    )
    theirs = models.CharField(_("外部编号"), max_length=64, help_text=_("对方系统里的编号。"))
    ticket = to_ticket("external_refs", _("对应哪张工单。"))
    body_hash = models.CharField(
        _("内容摘要"), max_length=64, help_text=_("交来的内容；同号再来时比对是否同一份。")
    )
    at = models.DateTimeField(_("时间"), help_text=_("何时交来的。"))

    class Meta:
        verbose_name = _("外部编号")
        verbose_name_plural = pgettext_lazy("plural", "外部编号")
        triggers = EXTERNAL_REF_TRIGGERS
        constraints = [
            models.UniqueConstraint(fields=["client", "kind", "theirs"], name="external_ref_once")
        ]
        indexes = [models.Index(fields=["theirs"], name="external_ref_theirs")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.kind} {self.theirs}"


class CodeMap(models.Model):
    """代码对照: what another system's code means here."""

    client = models.ForeignKey(
        Client, models.CASCADE, related_name="codes", verbose_name=_("来源系统"),
        help_text=_("哪个系统的代码。"),
    )  # fmt: skip
    kind = models.CharField(
        _("种类"), max_length=8, choices=CodeKind, help_text=_("是什么的代码。")
    )
    theirs = models.CharField(_("对方代码"), max_length=64, help_text=_("对方系统里的代码。"))
    ours = models.CharField(
        _("本系统代码"), max_length=64,
        help_text=_("类别、区划、单位填代码，诉求类型和紧急程度填英文代码，如 COMPLAINT。"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("代码对照")
        verbose_name_plural = pgettext_lazy("plural", "代码对照")
        ordering = ["client", "kind", "theirs"]
        constraints = [
            models.UniqueConstraint(fields=["client", "kind", "theirs"], name="code_map_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.theirs} → {self.ours}"
