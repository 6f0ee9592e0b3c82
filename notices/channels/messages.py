"""What is sent, to whom, and what came of it: the one form that all channels share (DESIGN §5).

Whoever renders makes a `Message`, whoever keeps addresses makes a `Target`; a channel takes both
and either returns `Sent` or raises `NotSent`. Nothing here is stored, nothing here knows a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """通知: rendered for one addressee and one channel.

    `to` is an e-mail address, a telephone number or the platform's user id; robots and webhooks
    have a `Target` instead. `template` and `params` are all that a text message is made of: the
    key in HUBIN_SMS_TEMPLATES, and the values in the order in which the template takes them.
    `dedupe_key` is the same each time the same delivery is tried: the other side may drop twins.
    """

    title: str
    text: str
    html: str = ""
    to: str = ""
    url: str = ""
    dedupe_key: str = ""
    template: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """去处: a robot or another system; the secret signs and is never told."""

    url: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Sent:
    """已发: accepted by the provider, under the provider's own number where it tells one."""

    provider_id: str = ""


class NotSent(Exception):
    """没有发出: the provider's code, and a sentence for who may mend it.

    Final: no later try helps. Otherwise `retry_after` is what the provider asks for, None where it
    says nothing. `is_addressees`: it is this address's own trouble; the channel works.
    Neither code nor sentence bears an address, a key or a text.
    """

    def __init__(
        self, code: str, sentence: str = "", *, is_final: bool,
        retry_after: timedelta | None = None, is_addressees: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(code)
        self.code = code[:80]
        self.sentence = sentence
        self.is_final = is_final
        self.retry_after = retry_after
        self.is_addressees = is_addressees


class Way(Protocol):
    """渠道: one way out of the house."""

    def send(self, message: Message, target: Target | None = None, *, at: datetime) -> Sent:
        """发送: taken by the provider when it returns; else NotSent."""
