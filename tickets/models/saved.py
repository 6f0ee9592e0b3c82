"""Lists somebody wants at hand."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SavedFilter(models.Model):
    """常用筛选: one person's own tab, kept as the address it stands for; read anew each time."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False,
        verbose_name=_("谁的"), help_text=_("只有本人看得到。"),
    )  # fmt: skip
    name = models.CharField(_("名称"), max_length=20, help_text=_("在标签上看到的。"))
    query = models.CharField(_("条件"), max_length=500, help_text=_("列表和筛选条件，如地址所写。"))
    created_at = models.DateTimeField(_("保存时间"), help_text=_("标签按此排列。"))

    class Meta:
        verbose_name = _("常用筛选")
        verbose_name_plural = pgettext_lazy("plural", "常用筛选")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="saved_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
