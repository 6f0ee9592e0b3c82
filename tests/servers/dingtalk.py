"""A DingTalk group robot on this machine: token, signature, twenty a minute, codes in HTTP 200."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

from common import clock
from tests.servers.plain import Asked
from tests.servers.robots import RobotServer, body_of

TOKEN, SECRET = "566cc69da782ec", "SEC0aa1f0e9d6c1"
HOUR = 3_600_000


class DingTalkServer(RobotServer):
    """The robot of one group; `is_signing` as its owner chose."""

    is_signing = True
    keyword = ""
    left = 20

    @property
    def address(self) -> str:
        return f"{self.url}/robot/send?access_token={TOKEN}"

    def trouble(self, asked: Asked) -> tuple[int, str]:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = body_of(asked)
        if query.get("access_token") != TOKEN or parts.path != "/robot/send":
            return 300005, "token is not exist"
        if body is None or asked.method != "POST":
            return 43004, "无效的HTTP HEADER Content-Type"
        if self.is_signing and not signed(query):
            return 310000, "sign not match"
        if body.get("msgtype") != "text" or len(asked.body) > 20_000:
            return 400105, "不支持的消息类型"
        if self.keyword not in self.text(body):
            return 310000, "keywords not in content"
        self.left -= 1
        return (130101, "send too fast, exceed 20 times per minute") if self.left < 0 else (0, "")


def signed(query: dict[str, str]) -> bool:
    """By the rule of the platform, not by the code under test."""
    stamp = query.get("timestamp", "0")
    if abs(int(stamp) - clock.now().timestamp() * 1000) > HOUR:
        return False
    text = f"{stamp}\n{SECRET}".encode()
    made = base64.b64encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest())
    return hmac.compare_digest(made.decode(), query.get("sign", ""))
