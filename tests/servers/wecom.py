"""A WeCom group robot on this machine: a key, 2048 bytes, twenty a minute, codes in HTTP 200."""

from urllib.parse import parse_qs, urlsplit

from tests.servers.plain import Asked
from tests.servers.robots import RobotServer, body_of

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


class WeComServer(RobotServer):
    """The robot of one group."""

    left = 20

    @property
    def address(self) -> str:
        return f"{self.url}/cgi-bin/webhook/send?key={KEY}"

    def trouble(self, asked: Asked) -> tuple[int, str]:
        parts = urlsplit(asked.path)
        body = body_of(asked)
        if parts.path != "/cgi-bin/webhook/send" or parse_qs(parts.query).get("key") != [KEY]:
            return 93000, "invalid webhook url, hint: [1653710655173452988930371]"
        if body is None or body.get("msgtype") != "text":
            return 40008, "invalid message type"
        text = self.text(body)
        if not text:
            return 44004, "empty content"
        if len(text.encode()) > 2048:
            return 40058, "text.content exceed max length 2048"
        self.left -= 1
        return (45009, "api freq out of limit") if self.left < 0 else (0, "")
