"""Those outside the district's staff, and who took part."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from encrypted_fields.fields import EncryptedCharField

from common.known import KnownForeignKey
from common.secrets import lookup_hash, mask_name, mask_phone
from common.secrets import phone as plain_phone
from common.texts import visible
from grids.models import Person, Unit

from .findable import PARTICIPATION_FOUND
from .guard import RATING_TRIGGERS
from .relations import to_somebody, to_ticket
from .ticket import Ticket


class Reporter(models.Model):
    """诉求人: an account, a named contact, or nobody by name. Names and numbers are encrypted."""

    person = to_somebody(_("账号"), _("有账号的居民。"))
    # the field writes what is empty as NULL
    name = EncryptedCharField(
        _("姓名"), max_length=200, null=True, blank=True, help_text=_("加密保存，显示时掩码。")
    )
    phone = EncryptedCharField(
        _("电话"), max_length=200, null=True, blank=True, help_text=_("加密保存，显示时掩码。")
    )
    phone_hash = models.CharField(
        _("电话检索"),
        max_length=64,
        blank=True,
        db_index=True,
        help_text=_("带密钥的摘要，查找用。"),
    )
    phone_last4 = models.CharField(
        _("电话后四位"), max_length=4, blank=True, help_text=_("核对用。")
    )
    is_anonymous = models.BooleanField(_("匿名"), default=False, help_text=_("不向承办单位透露。"))

    class Meta:
        verbose_name = _("诉求人")
        verbose_name_plural = pgettext_lazy("plural", "诉求人")

    def __str__(self) -> str:
        return self.masked_name or f"#{self.pk}"

    @classmethod
    def build(
        cls, *, name: str = "", phone: str = "", person: Person | None = None,
        is_anonymous: bool = False,
    ) -> "Reporter":  # fmt: skip
        """Unsaved row with its look-up columns filled."""
        number = plain_phone(phone)
        return cls(
            person=person, name=visible(name).strip(), phone=number, is_anonymous=is_anonymous,
            phone_hash=lookup_hash(number), phone_last4=number[-4:],
        )  # fmt: skip

    @property
    def masked_name(self) -> str:
        """掩码姓名: 王*."""
        return mask_name(self.name or "")

    @property
    def masked_phone(self) -> str:
        """掩码电话: 138****8000."""
        return mask_phone(self.phone or "")


class Follower(models.Model):
    """关注人: a merged reporter, or somebody for whom this is the same matter."""

    ticket = to_ticket("followers", _("关注哪张工单。"))
    reporter = models.ForeignKey(
        Reporter,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("诉求人"),
        help_text=_("留了联系方式的关注人。"),
    )
    merged = models.ForeignKey(
        Ticket,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("并入工单"),
        help_text=_("因并单而关注的，填被并的工单。"),
    )
    via = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("原关注"),
        help_text=_("关注的工单被并走时，填在原工单上的关注。"),
    )
    started_at = models.DateTimeField(_("开始"), help_text=_("从何时起关注。"))
    ended_at = models.DateTimeField(
        _("结束"), null=True, blank=True, help_text=_("取消并单或不再关注。")
    )

    class Meta:
        verbose_name = _("关注人")
        verbose_name_plural = pgettext_lazy("plural", "关注人")
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(ended_at=None, merged__isnull=False),
                name="follower_merged_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} #{self.pk}"


class FollowKey(models.Model):
    """查询钥匙: 128 random bits by which a reporter reads, adds, urges, withdraws and rates."""

    ticket = to_ticket("keys", _("打开哪张工单。"))
    follower = models.ForeignKey(
        Follower,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="keys",
        verbose_name=_("关注人"),
        help_text=_("空为诉求人本人的钥匙。"),
    )
    key_hash = models.CharField(
        _("摘要"), max_length=64, unique=True, help_text=_("只存摘要，钥匙本身不留。")
    )
    made_at = models.DateTimeField(_("生成"), help_text=_("生成的时间。"))
    revoked_at = models.DateTimeField(
        _("吊销"), null=True, blank=True, help_text=_("吊销后打不开。")
    )

    class Meta:
        verbose_name = _("查询钥匙")
        verbose_name_plural = pgettext_lazy("plural", "查询钥匙")

    def __str__(self) -> str:
        return f"{self.ticket_id} #{self.pk}"


CONTENT_STARS = 3


class Rating(models.Model):
    """评价: one rater, once a cycle. Unrated is recorded as unrated: there is no row."""

    ticket = to_ticket("ratings", _("评价哪张工单。"))
    cycle = models.PositiveSmallIntegerField(_("轮次"), help_text=_("第几轮。"))
    follower = models.ForeignKey(
        Follower,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ratings",
        verbose_name=_("关注人"),
        help_text=_("空为诉求人本人。"),
    )
    stars = models.PositiveSmallIntegerField(_("星级"), help_text=_("5 非常满意 … 1 非常不满意。"))
    is_solved = models.BooleanField(_("是否解决"), help_text=_("诉求人认为是否解决。"))
    reason_code = models.CharField(
        _("理由代码"), max_length=24, blank=True, help_text=_("一键理由。")
    )
    wants_call = models.BooleanField(_("请回电"), default=False, help_text=_("请受理员打电话。"))
    is_by_phone = models.BooleanField(
        _("电话代录"), default=False, help_text=_("由受理员在电话中代为记录。")
    )
    at = models.DateTimeField(_("时间"), help_text=_("评价的时间。"))

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = pgettext_lazy("plural", "评价")
        triggers = RATING_TRIGGERS
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "cycle", "follower"],
                name="rating_once_a_cycle",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="rating_stars"),
        ]
        indexes = [models.Index(fields=["at"], name="rating_at")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.stars}"

    @property
    def is_content(self) -> bool:
        """满意: solved and three stars or more; anything else contests the result."""
        return self.is_solved and self.stars >= CONTENT_STARS


class ParticipationRole(models.TextChoices):
    """参与方式."""

    LEAD = "LEAD", _("主办")
    HANDLER = "HANDLER", _("处置")
    ASSIST = "ASSIST", _("协办")


class Participation(models.Model):
    """参与: a unit's or a person's part in a ticket; "now or ever" in `visible_to`."""

    ticket = to_ticket("participations", _("参与哪张工单。"))
    role = models.CharField(
        _("方式"), max_length=8, choices=ParticipationRole, help_text=_("主办、处置或协办。")
    )
    unit = KnownForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("单位"), help_text=_("哪个单位。")
    )
    person = to_somebody(_("人员"), _("处置人员；单位的参与留空。"))
    started_at = models.DateTimeField(_("开始"), help_text=_("从何时起。"))
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True, help_text=_("空为仍在参与。"))

    class Meta:
        verbose_name = _("参与")
        verbose_name_plural = pgettext_lazy("plural", "参与")
        triggers = PARTICIPATION_FOUND
        indexes = [
            models.Index(fields=["unit", "ticket"]),
            models.Index(fields=["ticket"], condition=Q(ended_at=None), name="participation_open"),
            models.Index(
                fields=["unit", "ticket"],
                condition=Q(ended_at__isnull=False) | Q(role=ParticipationRole.ASSIST),
                name="participation_elsewhere",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "role", "unit", "person"],
                condition=Q(ended_at=None),
                name="participation_open_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.unit} {self.role}"
