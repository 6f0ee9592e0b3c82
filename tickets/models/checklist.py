"""What has to be looked at before something counts as done."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.known import KnownForeignKey

from .category import Category


class CheckedAt(models.TextChoices):
    """用于哪一步."""

    RESOLVE = "resolve", pgettext_lazy("verb", "办结")
    VERIFY = "verify", pgettext_lazy("verb", "核查通过")


class CheckAnswer(models.TextChoices):
    """回答."""

    YES = "YES", pgettext_lazy("check", "做到")
    NO = "NO", pgettext_lazy("check", "没有")
    NA = "NA", pgettext_lazy("check", "不适用")


class ChecklistLine(models.Model):
    """核对项: a question of one category, answered at 办结 or 核查; events name its code."""

    code = models.SlugField(_("代码"), max_length=24, unique=True, help_text=_("小写英文，不变。"))
    category = KnownForeignKey(
        Category, models.CASCADE, related_name="+", verbose_name=_("类别"),
        help_text=_("小类或大类。"),
    )  # fmt: skip
    verb = models.CharField(
        _("动作"), max_length=8, choices=CheckedAt, help_text=_("办结时还是核查时回答。")
    )
    text = models.CharField(_("核对内容"), max_length=120, help_text=_("一句话，如“路面已平整”。"))
    is_required = models.BooleanField(
        _("必答"), default=False, help_text=_("必须回答；回答“没有”须写明原因。")
    )
    order = models.PositiveSmallIntegerField(_("顺序"), default=0, help_text=_("小的在前。"))
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不再询问。"))

    class Meta:
        verbose_name = _("核对项")
        verbose_name_plural = pgettext_lazy("plural", "核对项")
        ordering = ["verb", "order", "code"]

    def __str__(self) -> str:
        return self.text
