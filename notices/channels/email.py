"""邮件: a letter in text and HTML; the same delivery has the same Message-ID at every try.

5xx of the server is final, 4xx asks for later, as RFC 5321 §4.2.1 has it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import mailing
from common.mailing import Mail, MailRefused
from common.outgoing import Unreachable
from notices.channels.asking import unreachable
from notices.channels.messages import Message, NotSent, Sent, Target

SAID: dict[str, Any] = {
    "recipient": _("邮件服务器不收寄给这个地址的信，请核对这个人的邮箱。"),
    "sender": _("邮件服务器不许以 HUBIN_EMAIL_FROM 的名义寄信，请核对。"),
    "login": _("邮件服务器不认用户名或密码，请核对 HUBIN_EMAIL_URL。"),
    "encryption": _("邮件服务器不会 STARTTLS，请核对 HUBIN_EMAIL_URL 的开头。"),
    "data": _("邮件服务器不接受这封信的内容。"),
    "connect": _("邮件服务器不接待本系统，请与邮件管理员联系。"),
}


@dataclass(frozen=True)
class Email:
    """邮件."""

    url: str
    sender: str

    def send(self, message: Message, target: Target | None = None, *, at: datetime) -> Sent:
        _check(message.to)
        mail = Mail(
            self.sender, message.to, message.title, _with_link(message), message.html,
            message.dedupe_key,
        )  # fmt: skip
        try:
            return Sent(mailing.send(mail, url=self.url, at=at))
        except MailRefused as told:
            raise _refused(told) from None
        except Unreachable as told:
            raise unreachable(told) from None


def client() -> Email | None:
    """邮件: None as long as no server is named."""
    if not settings.HUBIN_EMAIL_URL:
        return None
    return Email(settings.HUBIN_EMAIL_URL, settings.HUBIN_EMAIL_FROM)


def _check(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        said = gettext("这个人没有填邮箱，或邮箱不是完整的地址。")
        raise NotSent("bad_address", said, is_final=True, is_addressees=True) from None


def _with_link(message: Message) -> str:
    is_there = not message.url or message.url in message.text
    return message.text if is_there else f"{message.text}\n\n{message.url}\n"


def _refused(told: MailRefused) -> NotSent:
    said = str(SAID[told.step])
    if not told.is_final:
        said = gettext("邮件服务器暂时不收（%(code)s），稍后自动再试。") % {"code": told.code}
    return NotSent(
        f"{told.step} {told.code}", said, is_final=told.is_final,
        is_addressees=told.step == "recipient",
    )  # fmt: skip
