"""Which channels there are: one line each, in the words of `notices.models.Channel`."""

from collections.abc import Callable

from notices.channels import email, sms, zheding
from notices.channels.dingtalk import DingTalk
from notices.channels.feishu import Feishu
from notices.channels.messages import Way
from notices.channels.webhook import Webhook
from notices.channels.wecom import WeCom

# each makes its client from the settings, or None where the channel is not configured
WAYS: dict[str, Callable[[], Way | None]] = {
    "EMAIL": email.client,
    "SMS": sms.client,
    "ZHEDING": zheding.client,
    "DINGTALK": DingTalk,
    "WECOM": WeCom,
    "FEISHU": Feishu,
    "WEBHOOK": Webhook,
}


def way(channel: str) -> Way | None:
    """渠道: the client of EMAIL, SMS, ZHEDING, DINGTALK, WECOM, FEISHU or WEBHOOK; None: is off."""
    make = WAYS.get(channel)
    return None if make is None else make()
