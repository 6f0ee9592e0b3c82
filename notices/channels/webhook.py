"""推送: to another system, signed so that it knows who spoke, when, and that nothing was changed.

`X-Hubin-Signature: t=<seconds>,v1=<hex HMAC-SHA256 of "t.body">`; `X-Hubin-Delivery` is the same
at every try. Any 2xx is a receipt.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.utils.translation import gettext as _

from notices.channels.asking import aimed, packed, post, refuse_status
from notices.channels.messages import Message, NotSent, Sent, Target


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
