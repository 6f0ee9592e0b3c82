"""Another system that is told of everything; it remembers how often it heard what."""

import hashlib
import hmac
import re
import threading
from collections import Counter

from tests.servers.plain import Asked, Reply, Server

SECRET = "whsec-0123456789abcdef"
SIGNED = re.compile(r"t=(\d+),v1=([0-9a-f]{64})")


class Receiver(Server):
    """接收方: takes what is signed, whatever the time: that one jumps."""

    def __init__(self) -> None:
        super().__init__(self.serve)
        self.heard: Counter[str] = Counter()
        self.strange = 0
        self.lock = threading.Lock()

    def serve(self, asked: Asked) -> Reply:
        found = SIGNED.fullmatch(asked.headers.get("x-hubin-signature", ""))
        if found is None or not hmac.compare_digest(made(found[1], asked.body), found[2]):
            self.strange += 1
            return Reply(401)
        with self.lock:
            self.heard[asked.headers["x-hubin-delivery"]] += 1
        return Reply(204)


def made(stamp: str, body: bytes) -> str:
    """The signature that belongs to it."""
    return hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
