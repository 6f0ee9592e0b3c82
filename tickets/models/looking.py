"""Who has a ticket open right now."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .relations import to_ticket


class Looking(models.Model):
    """在看: a hint for colleagues, never a lock and no part of the record; forgotten in a day."""

    ticket = to_ticket("+", _("打开着哪张工单。"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+",
        verbose_name=_("谁在看"), help_text=_("哪位工作人员。"),
    )  # fmt: skip
    seen_at = models.DateTimeField(_("最近"), help_text=_("页面最近一次询问的时间。"))

    class Meta:
        verbose_name = _("在看")
        verbose_name_plural = pgettext_lazy("plural", "在看")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "person"], name="looking_once"),
        ]
        indexes = [models.Index(fields=["seen_at"], name="looking_seen")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.person_id}"
