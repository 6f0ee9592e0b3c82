"""What the servers of the group robots share: what was taken, a mood, an answer in HTTP 200."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.servers.plain import Asked, Reply, Server

KIND = {"Content-Type": "application/json; charset=utf-8"}
MOODS: dict[str, tuple[Reply, str]] = {
    # how it misbehaves, and the code that is to come of it
    "resets": (Reply(reset=True), "connection"),
    "cuts": (Reply(200, b'{"errcode": 0, "code": 0}' + b" " * 9_000, cut=True), "connection"),
    "drips": (Reply(200, drip=True, headers={"Content-Length": "9999"}), "timeout"),
    "silent": (Reply(silent=True), "timeout"),
    "page": (Reply(200, b"<html>ok</html>", {"Content-Type": "text/html"}), "garbage"),
    "list": (Reply(200, b"[0]", KIND), "garbage"),
    "nothing": (Reply(200, b"{}", KIND), "garbage"),
    "broken": (Reply(502, b"Bad Gateway"), "status 502"),
    "busy": (Reply(503, headers={"Retry-After": "7"}), "status 503"),
}
"""All of them ask for later."""


@dataclass
class Text:
    """A message it took."""

    text: str
    asked: Asked


class RobotServer(Server):
    """A robot's address; subclasses say what is wrong with a request, and how they answer."""

    def __init__(self) -> None:
        super().__init__(self.serve)
        self.taken: list[Text] = []
        self.mood: Reply | None = None
        self.code = 0
        """A code for every request that is all right."""

    def serve(self, asked: Asked) -> Reply:
        if self.mood is not None:
            return self.mood
        code, said = self.trouble(asked)
        if not code and self.code:
            code, said = self.code, "told in words"
        if not code:
            self.taken.append(Text(self.text(json.loads(asked.body)), asked))
        return self.told(code, said)

    def trouble(self, asked: Asked) -> tuple[int, str]:
        """A code and words; 0 where nothing is wrong."""
        raise NotImplementedError

    def text(self, body: Mapping[str, Any]) -> str:
        """What the group reads."""
        return str(body["text"]["content"])

    def told(self, code: int, said: str) -> Reply:
        return answered({"errcode": code, "errmsg": said or "ok"})


def answered(what: Mapping[str, Any], status: int = 200) -> Reply:
    return Reply(status, json.dumps(what).encode(), KIND)


def body_of(asked: Asked) -> Mapping[str, Any] | None:
    """A JSON object, sent as one; else None."""
    try:
        found = json.loads(asked.body)
    except ValueError:
        return None
    is_said = asked.headers.get("content-type", "").startswith("application/json")
    return found if isinstance(found, dict) and is_said else None
