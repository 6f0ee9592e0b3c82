"""E-mail leaves the house by the rules of `common.outgoing`: a checked address, five seconds.

Encrypted (`smtps://`, or `smtp+tls://` for STARTTLS) to any public server; unencrypted
(`smtp://`) only to hosts of the inside that `HUBIN_EGRESS_ALLOW` names.
"""

import hashlib
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from common import outgoing
from common.outgoing import Unreachable

SCHEMES = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
NAME = "hubin"  # how we greet: the machine's own name is nobody's business
PERMANENT = 500


class MailRefused(Exception):
    """邮件被拒: the server's code and at which step: connect, login, sender, recipient, data."""

    def __init__(self, code: int, step: str) -> None:
        super().__init__(f"{step} {code}")
        self.code = code
        self.step = step

    @property
    def is_final(self) -> bool:
        return self.code >= PERMANENT


@dataclass(frozen=True)
class MailServer:
    """邮件服务器: where it is and who we are there."""

    scheme: str
    host: str
    port: int
    user: str
    password: str


@dataclass(frozen=True)
class Mail:
    """一封信."""

    sender: str
    to: str
    subject: str
    text: str
    html: str = ""
    key: str = ""  # the same letter has the same Message-ID


def split(url: str) -> MailServer:
    """拆地址: or `Unreachable` ("bad_url")."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreachable("bad_url") from None
    if parts.scheme not in SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query:
        raise Unreachable("bad_url")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.scheme, parts.hostname, port or SCHEMES[parts.scheme], user, password)


def send(mail: Mail, *, url: str, at: datetime) -> str:
    """寄信: its Message-ID, once the server took it. Raises MailRefused or Unreachable."""
    server = split(url)
    letter = _letter(mail, at)
    backend = Backend(server)
    outgoing.within(lambda: _deliver(backend, letter), cut=backend.cut, host=server.host)
    return str(letter.extra_headers["Message-ID"])


class Backend(EmailBackend):
    """Django's own, but it connects to the address that was checked, and parting is no failure."""

    def __init__(self, server: MailServer) -> None:
        super().__init__(
            host=server.host, port=server.port, username=server.user, password=server.password,
            use_tls=server.scheme == "smtp+tls", use_ssl=server.scheme == "smtps",
            timeout=settings.HUBIN_EGRESS_SECONDS,
        )  # fmt: skip
        self.sockets: list[socket.socket] = []

    @property
    def connection_class(self) -> Any:
        kind = _Encrypted if self.use_ssl else _Upgraded if self.use_tls else _Inside
        return partial(kind, sockets=self.sockets)

    @property
    def ssl_context(self) -> Any:
        return outgoing.trust()

    def cut(self) -> None:
        """Nobody waits any more."""
        for sock in self.sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        # the letter was taken before: who waits for a goodbye may send it twice
        with suppress(OSError, smtplib.SMTPException):
            connection.putcmd("QUIT")
        connection.close()


class _Inside(smtplib.SMTP):
    """Not encrypted: may stay inside only."""

    scheme = "http"

    def __init__(self, *given: Any, sockets: list[socket.socket], **more: Any) -> None:
        self.sockets = sockets
        super().__init__(*given, **more)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = _connect(outgoing.Target(self.scheme, host, port, ""), timeout)
        self.sockets.append(sock)
        return sock


class _Upgraded(_Inside):
    """Not a word but STARTTLS before it is encrypted."""

    scheme = "https"


class _Encrypted(_Upgraded):
    """Encrypted from the first byte on."""

    def __init__(self, *given: Any, context: ssl.SSLContext, **more: Any) -> None:
        self.context = context
        super().__init__(*given, **more)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return self.context.wrap_socket(plain, server_hostname=host)


def _connect(target: outgoing.Target, timeout: float) -> socket.socket:
    """To the very address that was checked."""
    failed = OSError("no address")
    for address in outgoing.addresses(target):
        try:
            return socket.create_connection((address, target.port), timeout)
        except OSError as error:
            failed = error
    raise failed


def _letter(mail: Mail, at: datetime) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        " ".join(mail.subject.split()), mail.text, mail.sender, [mail.to],
        headers={
            "Message-ID": _message_id(mail, at), "Date": format_datetime(at),
            "Auto-Submitted": "auto-generated",
        },
    )  # fmt: skip
    if mail.html:
        letter.attach_alternative(mail.html, "text/html")
    return letter


def _message_id(mail: Mail, at: datetime) -> str:
    said = mail.key or f"{mail.to}\n{mail.subject}\n{at.isoformat()}"
    domain = parseaddr(mail.sender)[1].rpartition("@")[2] or NAME
    return f"<{hashlib.sha256(said.encode()).hexdigest()[:32]}@{domain}>"


def _deliver(backend: Backend, letter: EmailMultiAlternatives) -> None:
    try:
        backend.send_messages([letter])
    except Unreachable:
        raise
    except smtplib.SMTPRecipientsRefused as told:
        raise MailRefused(next(iter(told.recipients.values()))[0], "recipient") from None
    except smtplib.SMTPNotSupportedError:
        raise MailRefused(PERMANENT, "encryption") from None
    except smtplib.SMTPResponseException as told:
        raise MailRefused(told.smtp_code, _step(told)) from None
    except OSError as error:  # smtplib's own kinds are such, too
        raise Unreachable(outgoing.why(error), str(backend.host)) from None
    finally:
        backend.close()


def _step(told: smtplib.SMTPResponseException) -> str:
    steps = (
        (smtplib.SMTPSenderRefused, "sender"), (smtplib.SMTPDataError, "data"),
        (smtplib.SMTPAuthenticationError, "login"),
    )  # fmt: skip
    return next((step for kind, step in steps if isinstance(told, kind)), "connect")
