"""Tickets that have to do with each other."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .relations import to_ticket


class TicketLink(models.Model):
    """关联: two tickets that have to do with each other; split leaves one too."""

    ticket = to_ticket("links", _("从哪张。"))
    other = to_ticket("linked_from", _("到哪张。"), verbose_name=_("相关工单"))
    is_split = models.BooleanField(_("拆单"), default=False, help_text=_("由拆单产生。"))

    class Meta:
        verbose_name = _("关联")
        verbose_name_plural = pgettext_lazy("plural", "关联")
        constraints = [models.UniqueConstraint(fields=["ticket", "other"], name="link_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} – {self.other_id}"
