"""One question to a provider, and what can go wrong with it told in one form.

All of it goes through `common.outgoing`. Providers answer HTTP 200 and say inside that they did
nothing: each channel hands in what its provider's codes mean.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import outgoing
from common.outgoing import Answer, Unreachable
from notices.channels.messages import Message, NotSent, Sent, Target

JSON = "application/json; charset=utf-8"
LONGEST_WAIT = timedelta(days=1)
AGAIN = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
WHY: dict[str, Any] = {
    "timeout": gettext_lazy("对方 5 秒内没有答完，稍后自动再试。"),
    "connection": gettext_lazy("与对方的连接断了或连不上，稍后自动再试。"),
    "dns": gettext_lazy("找不到对方的主机名，请核对地址；稍后自动再试。"),
    "address": gettext_lazy(
        "这个地址不许访问：外网须用 https，内网主机须写进 HUBIN_EGRESS_ALLOW。"
    ),
    "bad_url": gettext_lazy("地址不是完整的网址，请在渠道设置里改正。"),
    "tls": gettext_lazy("对方的证书不可信；自建的证书机构须写进 HUBIN_EGRESS_CA。"),
    "too_large": gettext_lazy("对方的应答太大，可能不是该服务的地址，请核对。"),
    "encoding": gettext_lazy("对方的应答读不出来，可能不是该服务的地址，请核对。"),
    "garbage": gettext_lazy("对方的应答读不懂，可能不是该服务的地址，请核对。"),
}


@dataclass(frozen=True)
class Fault:
    """错误代码的含义: what helps, and whether later may do."""

    sentence: Any
    is_final: bool = True
    retry_after: timedelta | None = None
    is_addressees: bool = False


def post(
    url: str, body: bytes, *, kind: str = JSON, headers: Mapping[str, str] | None = None
) -> Answer:
    """发出: any answer, whatever its status; NotSent when there was none."""
    try:
        return outgoing.call(
            "POST", url, headers={"Content-Type": kind, **(headers or {})}, body=body
        )
    except Unreachable as told:
        raise unreachable(told) from None


def ask(
    url: str, body: bytes, *, at: datetime, kind: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """询问: the JSON object answered; a refusal may come as 4xx with its code inside."""
    answer = post(url, body, kind=kind, headers=headers)
    is_told = answer.status == HTTPStatus.OK or (
        HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        and answer.status not in AGAIN
    )
    try:
        told = answer.json() if is_told else None
        if isinstance(told, dict):
            return told
    except Unreachable:
        told = None
    if answer.status != HTTPStatus.OK:
        refuse_status(answer, at=at)
    raise unreachable(Unreachable("garbage", answer.host))


def refuse_status(answer: Answer, *, at: datetime) -> NoReturn:
    """状态码拒绝: busy and broken ask for later, all else is final."""
    status = answer.status
    is_later = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in AGAIN
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        said = _("对方说发得太快（HTTP 429），按它要求的时间再试。")
    elif is_later:
        said = _("对方暂时不能办（HTTP %(status)s），稍后自动再试。") % {"status": status}
    elif status < HTTPStatus.BAD_REQUEST:
        said = _("对方要转去别处（HTTP %(status)s），不跟随；请填最终的地址。") % {"status": status}
    else:
        said = _("对方拒绝（HTTP %(status)s），请核对地址和密钥。") % {"status": status}
    wait = retry_after(answer, at=at) if is_later else None
    raise NotSent(f"status {status}", said, is_final=not is_later, retry_after=wait)


def refuse(code: str, faults: Mapping[str, Fault]) -> NoReturn:
    """代码拒绝: an unknown code asks for later; the tries are counted anyway."""
    known = faults.get(code)
    if known is None:
        said = _("对方答复错误代码 %(code)s，稍后自动再试。") % {"code": code[:80]}
        raise NotSent(code, said, is_final=False)
    raise NotSent(
        code, str(known.sentence), is_final=known.is_final, retry_after=known.retry_after,
        is_addressees=known.is_addressees,
    )  # fmt: skip


def retry_after(answer: Answer, *, at: datetime) -> timedelta | None:
    """何时再试: seconds or a date, as RFC 9110 §10.2.3 has it; None where it is neither."""
    told = answer.headers.get("retry-after", "").strip()
    try:
        if told.isascii() and told.isdigit():
            wait = timedelta(seconds=int(told[:9]))
        else:
            until = parsedate_to_datetime(told)
            wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - at
    except ValueError:
        return None
    return min(wait, LONGEST_WAIT) if wait > timedelta(0) else None


def code_of(told: Mapping[str, Any], *names: str) -> str:
    """应答代码: the first of these that is there; NotSent ("garbage") where none is."""
    for name in names:
        if isinstance(told.get(name), int | str) and not isinstance(told[name], bool):
            return str(told[name])
    raise unreachable(Unreachable("garbage"))


def aimed(target: Target | None) -> Target:
    """去处: robots and webhooks have one each."""
    if target is None or not target.url:
        raise NotSent("no_target", _("没有填写去处的地址，请在渠道设置里补上。"), is_final=True)
    return target


def packed(body: Any) -> bytes:
    """装成 JSON: as it is read on the other side, Chinese unescaped."""
    return json.dumps(body, ensure_ascii=False).encode()


def say(
    url: str, message: Message, faults: Mapping[str, Fault], *, longest: int, at: datetime
) -> Sent:
    """群文本: as DingTalk and WeCom both take it; a long text is cut, its link is not."""
    tail = f"\n{message.url}" if message.url else ""
    text = fit(f"{message.title}\n{message.text}", longest - len(tail.encode())) + tail
    told = ask(url, packed({"msgtype": "text", "text": {"content": text}}), at=at)
    code = code_of(told, "errcode")
    if code != "0":
        refuse(code, faults)
    return Sent()


def fit(text: str, most: int) -> str:
    """截短: to so many bytes of UTF-8, never in the middle of a character."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - 3].decode(errors="ignore") + "…"


def unreachable(told: Unreachable) -> NotSent:
    """没有送到: what went wrong on the way, said in a sentence."""
    said = str(WHY.get(told.why, _("发送时出错，稍后自动再试。")))
    return NotSent(told.why, said, is_final=told.why == "bad_url")
