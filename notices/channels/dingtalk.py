"""钉钉群机器人: text by an address with a token, signed where the robot has a secret.

Twenty messages a minute, else ten minutes of silence; HTTP 200 whatever happens.
https://open.dingtalk.com/document/robots/custom-robot-access
"""

import hmac
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from notices.channels.asking import Fault, aimed, say
from notices.channels.messages import Message, Sent, Target

LONGEST = 18_000  # of the 20,000 bytes a body may have
TOO_FAST = Fault(
    _("钉钉机器人每分钟最多 20 条，超过后限流 10 分钟。"), False, timedelta(minutes=10)
)
NO_ROBOT = Fault(_("没有这个钉钉机器人或 access_token 不对，请到群里重新复制地址。"))
STOPPED = Fault(_("钉钉机器人已停用或群已解散，请到群里启用，或换一个机器人。"))
UNFIT = Fault(_("钉钉不接受这条内容。"))
FAULTS = {
    "-1": Fault(_("钉钉系统繁忙，稍后自动再试。"), False),
    "130101": TOO_FAST,
    "410100": TOO_FAST,
    "90030": Fault(_("钉钉机器人的调用额度用完了，一小时后再试。"), False, timedelta(hours=1)),
    "310000": Fault(
        _("钉钉机器人的安全设置不符：加签密钥不对、缺自定义关键词，或出口地址不在白名单。")
    ),
    "300001": NO_ROBOT,
    "400101": NO_ROBOT,
    "400106": NO_ROBOT,
    "400013": STOPPED,
    "400102": STOPPED,
    "400105": UNFIT,
    "40035": UNFIT,
    "430101": UNFIT,
    "430102": UNFIT,
    "430103": UNFIT,
    "430104": UNFIT,
}


@dataclass(frozen=True)
class DingTalk:
    """钉钉群机器人."""

    def send(self, message: Message, target: Target | None = None, *, at: datetime) -> Sent:
        return say(signed(aimed(target), at), message, FAULTS, longest=LONGEST, at=at)


def signed(target: Target, at: datetime) -> str:
    """加签: milliseconds and their signature behind the address; pure."""
    if not target.secret:
        return target.url
    stamp = str(int(at.timestamp() * 1000))
    made = hmac.digest(target.secret.encode(), f"{stamp}\n{target.secret}".encode(), "sha256")
    tail = urlencode({"timestamp": stamp, "sign": b64encode(made).decode()})
    return f"{target.url}{'&' if '?' in target.url else '?'}{tail}"
