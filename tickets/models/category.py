"""Categories and the other lists a clerk keeps."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import Known, KnownForeignKey
from tickets.words import Nature, Source, Urgency, VerifyBy


class Category(Known):
    """事项类别: a tree of major and minor matters (DOMAIN, categories)."""

    STAMP = "chain"

    code = models.CharField(
        _("代码"), max_length=12, unique=True, help_text=_("两位大类加两位小类。")
    )
    name = models.CharField(_("名称"), max_length=60, help_text=_("对外显示的名称。"))
    parent = KnownForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("大类"),
        help_text=_("小类填大类；大类留空，大类不能直接用于工单。"),
    )
    urgency = models.CharField(
        _("紧急程度"),
        max_length=8,
        choices=Urgency,
        default=Urgency.NORMAL,
        help_text=_("上报时的默认紧急程度。"),
    )
    calendar = models.CharField(
        _("工作日历"),
        max_length=12,
        default="office",
        help_text=_("小时和工作日按哪个日历计算：office、street7 或 always。"),
    )
    verify_by = models.CharField(
        _("核查方式"),
        max_length=8,
        choices=VerifyBy,
        default=VerifyBy.SITE,
        help_text=_("办结后由谁核查；敏感工单一律由受理员核查。"),
    )
    sample_percent = models.PositiveSmallIntegerField(
        _("抽查百分比"),
        default=10,
        validators=[MaxValueValidator(100)],
        help_text=_("自行处置的工单抽中核查的比例，0 到 100；其余 24 小时后通过。"),
    )
    is_sensitive = models.BooleanField(
        _("敏感"),
        default=False,
        help_text=_("内容只有受理员、当前承办单位和督查员能看，不上地图。"),
    )
    is_dangerous = models.BooleanField(
        _("危险"), default=False, help_text=_("从不派网格员去核实，页面提示拨打 119/110/120。")
    )
    is_about_staff = models.BooleanField(
        _("反映工作人员"), default=False, help_text=_("被反映的单位和人员不可见，由督查办理。")
    )
    needs_after_photo = models.BooleanField(
        _("办结要照片"), default=False, help_text=_("办结时必须有处置后照片。")
    )
    keywords = models.TextField(_("关键词"), blank=True, help_text=_("用 | 隔开，推荐类别时使用。"))
    similar_metres = models.PositiveSmallIntegerField(
        _("相似半径（米）"),
        default=50,
        db_default=50,
        validators=[MaxValueValidator(2000)],
        help_text=_("在多少米以内的同类在办工单提示为相似，最多 2000；0 为从不提示。"),
    )
    similar_hours = models.PositiveSmallIntegerField(
        _("相似时间（小时）"),
        default=24,
        db_default=24,
        validators=[MaxValueValidator(720)],
        help_text=_("前后多少小时以内上报的提示为相似，最多 720；0 为从不提示。"),
    )
    basis = models.CharField(
        _("依据"), max_length=200, blank=True, help_text=_("时限和责任的依据。")
    )
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不能再选。"))

    class Meta:
        verbose_name = _("事项类别")
        verbose_name_plural = pgettext_lazy("plural", "事项类别")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(similar_metres__lte=2000, similar_hours__lte=720),
                name="category_similar",
            )
        ]

    def __str__(self) -> str:
        return self.name


class VerifyRule(models.Model):
    """核查规则: verification by nature where it differs from the category's own."""

    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="verify_rules",
        verbose_name=_("类别"),
        help_text=_("小类或大类；空为所有类别。小类优先于大类，大类优先于空。"),
    )
    nature = models.CharField(
        _("诉求类型"), max_length=12, choices=Nature, help_text=_("对哪种诉求类型。")
    )
    verify_by = models.CharField(
        _("核查方式"), max_length=8, choices=VerifyBy, help_text=_("代替类别上的核查方式。")
    )

    class Meta:
        verbose_name = _("核查规则")
        verbose_name_plural = pgettext_lazy("plural", "核查规则")
        ordering = ["category__code", "nature"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "nature"], name="verify_rule_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} → {self.get_verify_by_display()}"


class ReasonCode(models.Model):
    """理由代码: why something was declined, sent back, suspended …, and result codes of 办结."""

    verb = models.CharField(
        _("动作"), max_length=20, help_text=_("用于哪个动作，如 decline、send_back、resolve。")
    )
    code = models.CharField(_("代码"), max_length=24, help_text=_("写入流转记录，不再改变。"))
    text = models.CharField(_("文字"), max_length=120, help_text=_("给人看的理由。"))
    where_to_turn = models.CharField(
        _("去哪里办"),
        max_length=200,
        blank=True,
        help_text=_("不予受理时告诉诉求人应向谁反映。"),
    )
    is_emergency_transfer = models.BooleanField(
        _("转紧急电话"),
        default=False,
        help_text=_("转 110/119/120 的不予受理立即生效，不需第二人同意。"),
    )
    order = models.PositiveSmallIntegerField(_("顺序"), default=0, help_text=_("小的在前。"))
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不能再选。"))

    class Meta:
        verbose_name = _("理由代码")
        verbose_name_plural = pgettext_lazy("plural", "理由代码")
        ordering = ["verb", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["verb", "code"], name="reason_once")]

    def __str__(self) -> str:
        return self.text


class HollowPhrase(models.Model):
    """空话: phrases that do not count as an answer."""

    text = models.CharField(
        _("短语"),
        max_length=60,
        unique=True,
        help_text=_("答复去掉这些短语后所剩无几，即视为空洞答复。"),
    )

    class Meta:
        verbose_name = _("空话短语")
        verbose_name_plural = pgettext_lazy("plural", "空话短语")
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class SourcePolicy(models.Model):
    """来源规则: what is trusted enough to be accepted by the system."""

    source = models.CharField(
        _("来源"), max_length=12, choices=Source, unique=True, help_text=_("渠道。")
    )
    is_trusted = models.BooleanField(
        _("可信"), default=False, help_text=_("可信来源由系统直接受理。")
    )

    class Meta:
        verbose_name = _("来源规则")
        verbose_name_plural = pgettext_lazy("plural", "来源规则")
        ordering = ["source"]

    def __str__(self) -> str:
        return self.get_source_display()
