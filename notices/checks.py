"""`manage.py check`: a channel is whole or off."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from notices.channels.configured import troubles


class _Known(dict[str, Any]):
    """The settings, looked up when asked for."""

    def __missing__(self, name: str) -> Any:
        return getattr(settings, name)


def channels(**_more: Any) -> list[CheckMessage]:
    """渠道设置."""
    return [Error(said, id="notices.E001") for said in troubles(_Known())]
