"""Another system that is told of things: it knows the secret, and believes nothing unsigned."""

import hashlib
import hmac
import json
import re
from typing import Any

from common import clock
from tests.servers.plain import Asked, Reply, Server

SECRET = "whsec-0123456789abcdef"
HEAD = re.compile(r"t=(\d+),v1=([0-9a-f]{64})")


class WebhookServer(Server):
    """The receiver; `status` is what it answers to what it believes."""

    def __init__(self) -> None:
        super().__init__(self.serve)
        self.taken: dict[str, Any] = {}
        """By delivery: twins are dropped."""
        self.mood: Reply | None = None
        self.status = 204

    @property
    def address(self) -> str:
        return f"{self.url}/from/hubin"

    def serve(self, asked: Asked) -> Reply:
        if self.mood is not None:
            return self.mood
        if not signed(asked):
            return Reply(401)
        self.taken.setdefault(asked.headers["x-hubin-delivery"], json.loads(asked.body))
        return Reply(self.status)


def signed(asked: Asked) -> bool:
    """Five minutes of drift, and the bytes as they came."""
    found = HEAD.fullmatch(asked.headers.get("x-hubin-signature", ""))
    if found is None or abs(clock.now().timestamp() - int(found[1])) > 300:
        return False
    made = hmac.new(SECRET.encode(), found[1].encode() + b"." + asked.body, hashlib.sha256)
    return hmac.compare_digest(made.hexdigest(), found[2])
