"""飞书群机器人: a post, so that nothing in the text can call people; signed in the body.

A hundred messages a minute, five a second; refusals come as HTTP 200 or 400 with a code.
https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

import hmac
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notices.channels.asking import Fault, aimed, ask, code_of, fit, packed, refuse
from notices.channels.messages import Message, Sent, Target

LONGEST = 18_000  # of the 20 KB a body may have
TOO_FAST = "11232"
MALFORMED = "9499"
FAULTS = {
    TOO_FAST: Fault(_("飞书机器人发得太快，一分钟后再试。"), False, timedelta(minutes=1)),
    MALFORMED: Fault(_("飞书不接受这条内容。")),
    "19001": Fault(_("没有这个飞书机器人，请到群里重新复制地址。")),
    "19002": Fault(_("飞书不接受这条内容。")),
    "19021": Fault(_("飞书机器人的签名不符，请核对密钥和服务器的时间。")),
    "19022": Fault(_("飞书机器人的 IP 白名单里没有本系统的出口地址。")),
    "19024": Fault(_("飞书机器人要求的关键词不在内容里。")),
    "11247": Fault(_("飞书内部出错，稍后自动再试。"), False),
}


@dataclass(frozen=True)
class Feishu:
    """飞书群机器人."""

    def send(self, message: Message, target: Target | None = None, *, at: datetime) -> Sent:
        there = aimed(target)
        body = {"msg_type": "post", "content": {"post": {"zh_cn": _post(message)}}}
        told = ask(there.url, packed(signature(there.secret, at) | body), at=at)
        code = code_of(told, "code", "StatusCode")
        # the same code stands for both, told apart by its words only
        if code == MALFORMED and "frequency limited" in str(told.get("msg")):
            code = TOO_FAST
        if code != "0":
            refuse(code, FAULTS)
        return Sent()


def signature(secret: str, at: datetime) -> dict[str, str]:
    """签名: of nothing, with seconds and secret as the key; pure."""
    if not secret:
        return {}
    stamp = str(int(at.timestamp()))
    made = hmac.digest(f"{stamp}\n{secret}".encode(), b"", "sha256")
    return {"timestamp": stamp, "sign": b64encode(made).decode()}


def _post(message: Message) -> dict[str, Any]:
    lines: list[list[dict[str, str]]] = [
        [{"tag": "text", "text": line}] for line in fit(message.text, LONGEST).split("\n")
    ]
    if message.url:
        lines.append([{"tag": "a", "text": gettext("打开"), "href": message.url}])
    return {"title": message.title, "content": lines}
