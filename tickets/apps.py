"""The chain."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = pgettext_lazy("plural", "工单")
