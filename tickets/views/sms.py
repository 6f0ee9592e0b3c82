"""Where the text message gateway hands in what reporters send back; for programs, signed."""

import json
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from common import clock, problems
from common.attempts import Allowance, failed, known, wait
from common.errors import Invalid, NotVisible, NotYours, Refused, TooMany
from common.idempotency import once
from common.secrets import lookup_hash, phone
from notices.channels import webhook
from tickets import replies

CALLER = "sms_reply"
MOST_BYTES = 4096
LONGEST = {"id": 64, "phone": 20, "text": 1000}
UNSIGNED = Allowance("sms_unsigned", limit=20, window=timedelta(minutes=10))
OF_NUMBER = Allowance("sms_number", limit=20, window=timedelta(hours=1))


class TooLarge(Refused):
    """太大."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too_large"


class Malformed(Refused):
    """读不懂."""

    code = "malformed"


class WrongMethod(Refused):
    """方法不对."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    code = "method"

    @property
    def headers(self) -> dict[str, str]:
        return {"Allow": "POST"}


@csrf_exempt
@login_not_required
def reply(request: HttpRequest) -> HttpResponse:
    """短信回复: once per message id; a rating, or a word to the desk."""
    try:
        return JsonResponse(_taken(request, at=clock.now()))
    except Refused as refused:
        answer = problems.bare(request, refused.status, refused.code, refused.sentence)
        for name, value in refused.headers.items():
            answer[name] = value
        return answer


def _taken(request: HttpRequest, *, at: datetime) -> dict[str, Any]:
    if request.method != "POST":
        raise WrongMethod(_("这里只接受 POST。"))
    _check(request, at)
    given = _given(request.body)
    number_hash = lookup_hash(phone(given["phone"]))
    if failed(OF_NUMBER, number_hash, at=at):
        said = _("这个号码一小时内的回复太多，请稍后再转。")
        raise TooMany(said, wait=wait(OF_NUMBER, number_hash, at=at), field="phone")
    return once(
        CALLER, given["id"], [number_hash, lookup_hash(given["text"])], at=at,
        act=lambda: {"result": replies.take(given["phone"], given["text"], at=at)},
    )  # fmt: skip


def _check(request: HttpRequest, at: datetime) -> None:
    """Whoever cannot sign is not listened to, and not for long."""
    if not settings.HUBIN_SMS_REPLY_KEY:
        raise NotVisible(_("这里没有开通短信回复，开通请设置 HUBIN_SMS_REPLY_KEY。"))
    who = get_client_ip_address(request) or ""
    if known(UNSIGNED, who, at=at)[1] > UNSIGNED.limit:
        said = _("签名错误太多，请十分钟后再试。")
        raise TooMany(said, wait=wait(UNSIGNED, who, at=at))
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise TooLarge(_("内容太大，一条短信回复最多 4096 字节。"))
    header = request.headers.get("X-Hubin-Signature", "")
    try:
        webhook.check(settings.HUBIN_SMS_REPLY_KEY, header, request.body, at=at)
    except NotYours:
        failed(UNSIGNED, who, at=at)
        raise


def _given(body: bytes) -> dict[str, str]:
    """The message; every complaint names its field."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Malformed(_('内容应为 JSON 对象：{"id": "…", "phone": "…", "text": "…"}。'))
    for name, longest in LONGEST.items():
        value = found.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            said = _("%(name)s 应为 1 到 %(longest)s 个字符的文字。")
            raise Invalid(said % {"name": name, "longest": longest}, field=name)
        if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise Invalid(_("%(name)s 里有不能保存的字符。") % {"name": name}, field=name)
    return {name: found[name] for name in LONGEST}
