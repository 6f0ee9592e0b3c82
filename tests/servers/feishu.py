"""A Feishu group robot on this machine: signed in the body, codes in HTTP 200 and 400."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from common import clock
from tests.servers.plain import Asked, Reply
from tests.servers.robots import RobotServer, answered, body_of

HOOK, SECRET = "/open-apis/bot/v2/hook/3a9fe2c4", "8Ab2qYk0"
AS_400 = (9499, 19001)


class FeishuServer(RobotServer):
    """The robot of one group; `said` in the words of the platform where a test asks for a code."""

    is_signing = True
    said = "told in words"

    @property
    def address(self) -> str:
        return self.url + HOOK

    def trouble(self, asked: Asked) -> tuple[int, str]:
        body = body_of(asked)
        if asked.path != HOOK:
            return 19001, "param invalid: incoming webhook access token invalid"
        if body is None or len(asked.body) > 20_480:
            return 9499, "Bad Request"
        if self.is_signing and not signed(body):
            return 19021, "sign match fail or timestamp is not within one hour from current time"
        return (9499, "Bad Request") if not self.text(body) else (0, "")

    def text(self, body: Mapping[str, Any]) -> str:
        if body.get("msg_type") != "post":
            return ""
        post = body["content"]["post"]["zh_cn"]
        lines = ["".join(piece.get("href") or piece["text"] for piece in line)
                 for line in post["content"]]  # fmt: skip
        return "\n".join([post["title"], *lines])

    def told(self, code: int, said: str) -> Reply:
        if not code:
            return answered({"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {},
                             "msg": "success"})  # fmt: skip
        words = self.said if self.code else said
        return answered({"code": code, "msg": words, "data": {}}, 400 if code in AS_400 else 200)


def signed(body: Mapping[str, Any]) -> bool:
    """By the rule of the platform: the text is the key, and nothing is signed."""
    stamp = str(body.get("timestamp", "0"))
    if abs(int(stamp) - clock.now().timestamp()) > 3600:
        return False
    made = hmac.new(f"{stamp}\n{SECRET}".encode(), digestmod=hashlib.sha256).digest()
    return base64.b64encode(made).decode() == body.get("sign")
