"""Another system and a mail server that are told of everything; they remember what came when.

Now and then one of them takes what it is sent and never says so, as when a line breaks.
"""

import base64
import hashlib
import hmac
import re
import threading
import time
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from tests.chaos.findings import Heard
from tests.servers.plain import Asked, Reply, Server
from tests.servers.smtp import MailServer

SECRET = "whsec-0123456789abcdef"
SIGNED = re.compile(r"t=(\d+),v1=([0-9a-f]{64})")
UNANSWERED = frozenset({15, 150, 600})
"""The how manyeth messages are taken without an answer."""


class Ear:
    """耳: all that came, in order."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.is_healed = False
        self._lock = threading.Lock()

    def hears(self, key: str) -> bool:
        """False: it is to stay without an answer."""
        with self._lock:
            is_lost = len(self.heard) + 1 in UNANSWERED and not self.is_healed
            self.heard.append(Heard(key, time.monotonic(), was_answered=not is_lost))
        return not is_lost

    @property
    def lost_answers(self) -> int:
        """没有回答的."""
        return sum(not one.was_answered for one in self.heard)


class Receiver(Server):
    """接收方: takes what is signed, whatever the time: that one jumps."""

    def __init__(self) -> None:
        super().__init__(self.serve)
        self.ear = Ear()

    def serve(self, asked: Asked) -> Reply:
        found = SIGNED.fullmatch(asked.headers.get("x-hubin-signature", ""))
        if found is None or not hmac.compare_digest(made(found[1], asked.body), found[2]):
            return Reply(401)
        is_answered = self.ear.hears(asked.headers["x-hubin-delivery"])
        return Reply(204) if is_answered else Reply(reset=True)


class Mailbox(MailServer):
    """邮箱: of everybody who has one; what it is sent under which Message-ID."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        super().__init__(port=parts.port or 0)
        said = f"\0{unquote(parts.username or '')}\0{unquote(parts.password or '')}"
        self.secret = base64.b64encode(said.encode()).decode()
        self.ear = Ear()

    def take(self, recipient: str, letter: EmailMessage) -> None:
        if not self.ear.hears(str(letter["Message-ID"]).strip()):
            raise ConnectionAbortedError("taken, and never said so")


def made(stamp: str, body: bytes) -> str:
    """The signature that belongs to it."""
    return hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
