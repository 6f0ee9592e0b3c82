"""Who is told, and what went wrong."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("消息与异常")

    def ready(self) -> None:
        from notices.checks import channels  # the app's own rooms open after the settings

        register(channels)
