"""推送: to another system, signed so that it knows who spoke, when, and that nothing was changed.

`X-Hubin-Signature: t=<seconds>,v1=<hex HMAC-SHA256 of "t.body">`; `X-Hubin-Delivery` is the same
at every try. Any 2xx is a receipt.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from django.utils.translation import gettext as _

from common.errors import NotYours
from notices.channels.asking import aimed, packed, post, refuse_status
from notices.channels.messages import Message, NotSent, Sent, Target

HEADER = re.compile(r"t=(\d{1,12}),v1=[0-9a-f]{64}", re.ASCII)
DRIFT = timedelta(minutes=5)


@dataclass(frozen=True)
class Webhook:
    """推送."""

    def send(self, message: Message, target: Target | None = None, *, at: datetime) -> Sent:
        there = aimed(target)
        if not there.secret:
            said = _("这个推送没有签名密钥，请在渠道设置里补上。")
            raise NotSent("no_secret", said, is_final=True)
        body = packed({
            "id": message.dedupe_key, "sent_at": at.isoformat(), "kind": message.template,
            "title": message.title, "text": message.text, "url": message.url,
            "data": dict(message.params),
        })  # fmt: skip
        headers = {
            "X-Hubin-Signature": signature(there.secret, body, at),
            "X-Hubin-Delivery": message.dedupe_key,
        }
        answer = post(there.url, body, headers=headers)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            refuse_status(answer, at=at)
        return Sent()


def signature(secret: str, body: bytes, at: datetime) -> str:
    """签名: pure."""
    stamp = int(at.timestamp())
    made = hmac.new(secret.encode(), f"{stamp}.".encode() + body, "sha256")
    return f"t={stamp},v1={made.hexdigest()}"


def check(secret: str, header: str, body: bytes, *, at: datetime) -> None:
    """核对签名: of what comes in; raises NotYours saying which of the two is wrong."""
    found = HEADER.fullmatch(header)
    if found is None:
        raise NotYours(_("缺少签名：请求头 X-Hubin-Signature 应为 t=秒数,v1=签名。"))
    if abs(at.timestamp() - int(found[1])) > DRIFT.total_seconds():
        raise NotYours(_("签名的时间与本系统相差超过 5 分钟，请校准时钟后重新签名。"))
    made = signature(secret, body, datetime.fromtimestamp(int(found[1]), tz=UTC))
    if not hmac.compare_digest(made, header):
        raise NotYours(_("签名不符，请核对密钥，并对收到的原文签名。"))
