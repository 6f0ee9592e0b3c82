"""企业微信群机器人: text by an address whose key is all there is to show.

Twenty messages a minute; HTTP 200 whatever happens.
https://developer.work.weixin.qq.com/document/path/91770
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from notices.channels.asking import Fault, aimed, say
from notices.channels.messages import Message, Sent, Target

LONGEST = 2048  # bytes of a text
NO_ROBOT = Fault(_("没有这个企业微信机器人，或它已被移出群，请到群里重新复制地址。"))
UNFIT = Fault(_("企业微信不接受这条内容。"))
TOO_FAST = Fault(_("企业微信机器人每分钟最多 20 条，一分钟后再试。"), False, timedelta(minutes=1))
FAULTS = {
    "-1": Fault(_("企业微信系统繁忙，稍后自动再试。"), False),
    "45009": Fault(
        _("企业微信机器人每分钟最多 20 条，一分钟后再试。"), False, timedelta(minutes=1)
    ),
    "45033": Fault(_("企业微信机器人同时调用太多，稍后再试。"), False, timedelta(seconds=10)),
    "93000": NO_ROBOT,
    "93004": NO_ROBOT,
    "93008": NO_ROBOT,
    "40008": UNFIT,
    "40058": UNFIT,
    "44004": UNFIT,
    "45002": UNFIT,
}


@dataclass(frozen=True)
class WeCom:
    """企业微信群机器人."""

    def send(self, message: Message, target: Target | None = None, *, at: datetime) -> Sent:
        return say(aimed(target).url, message, FAULTS, longest=LONGEST, at=at)
