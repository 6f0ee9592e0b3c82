"""Answers that are given often."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.known import KnownForeignKey
from tickets.words import Nature

from .category import Category

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
KNOWN = ("number", "category", "place", "unit", "due", "result")
"""Nothing of a reporter can be filled in."""


class StandardFor(models.TextChoices):
    """用于哪个动作."""

    ANSWER = "answer", _("直接答复")
    REPLY = "reply", _("答复")
    DECLINE = "decline", pgettext_lazy("verb", "不予受理")
    UPHOLD = "uphold", _("维持原办理结果")


class StandardAnswer(models.Model):
    """标准答复: words to begin an answer with; they pass the same checks as any other."""

    code = models.SlugField(_("代码"), max_length=24, unique=True, help_text=_("小写英文，不变。"))
    verb = models.CharField(
        _("动作"), max_length=20, choices=StandardFor, help_text=_("用于哪个动作。")
    )
    category = KnownForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("类别"), help_text=_("小类或大类；空为所有类别。"),
    )  # fmt: skip
    nature = models.CharField(
        _("诉求类型"), max_length=12, choices=Nature, blank=True, help_text=_("空为不限。")
    )
    title = models.CharField(_("标题"), max_length=40, help_text=_("在列表里选择时看到的。"))
    text = models.TextField(
        _("文字"),
        max_length=2000,
        help_text=_("可用 {number} {category} {place} {unit} {due} {result}，发出前自动填入。"),
    )
    order = models.PositiveSmallIntegerField(_("顺序"), default=0, help_text=_("小的在前。"))
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不能再选。"))

    class Meta:
        verbose_name = _("标准答复")
        verbose_name_plural = pgettext_lazy("plural", "标准答复")
        ordering = ["verb", "order", "code"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        unknown = [name for name in PLACEHOLDER.findall(self.text) if name not in KNOWN]
        if unknown:
            said = gettext("不认识 {%(name)s}，只能用 %(known)s。")
            known = " ".join(f"{{{name}}}" for name in KNOWN)
            raise ValidationError({"text": said % {"name": unknown[0], "known": known}})
