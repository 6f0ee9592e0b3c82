"""附件: what was photographed, said and written; a new one is the verb `attach`."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView
from common.openapi import Operation, Query
from common.wire import StrictJson
from tickets.api import describe, shapes
from tickets.api.principals import reader_of
from tickets.api.refs import ID, NUMBER
from tickets.api.verbs import HEADERS, REFUSALS, perform
from tickets.attachments import showing
from tickets.attachments.serving import serve
from tickets.models import Attachment
from tickets.states import MOVES
from tickets.views.doors import find

FILE = {"type": "string", "format": "binary"}


class Attachments(ApiView):
    """附件列表和上传."""

    scope = "tickets:read"
    is_for_clients = True
    write_scope = "tickets:write"
    parser_classes = (StrictJson, MultiPartParser)
    arguments: ClassVar[dict[str, Any]] = {"number": NUMBER}
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_attachments", _("附件列表"), "attachments", {200: shapes.AttachmentList},
            about=_("您不该看的不在其中。"), refusals=(404,),
        ),
        "POST": Operation(
            "add_attachment", MOVES["attach"].zh, "attachments", {200: shapes.Done},
            about=_("照片、录音（60 秒内）、视频（15 秒内）或 PDF。"),
            form=lambda: describe.verb_body("attach", with_files=True),
            headers=HEADERS, refusals=REFUSALS, has_tag=True,
        ),
    }  # fmt: skip

    def get(self, request: Request, number: str) -> Response:
        person, at = reader_of(request), clock.now()
        ticket = find(person, number, at=at)
        files = showing.inside(ticket, person, at=at)
        return Response({"results": [_shown(one.row, number) for one in files]})

    def post(self, request: Request, number: str) -> Response:
        return perform(request, number, "attach")


class OneAttachment(ApiView):
    """附件的内容."""

    scope = "tickets:read"
    is_for_clients = True
    arguments: ClassVar[dict[str, Any]] = {"number": NUMBER, "id": ID}
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "get_attachment", _("附件的内容"), "attachments", {200: FILE, 206: FILE},
            about=_("默认是加了时间和地点的显示件；缩略图用 copy，清理过的原件用 original。"),
            query=(
                Query("copy", _("缩略图"), {"type": "string", "enum": ["thumb"]}),
                Query("original", _("清理过的原件"), {"type": "string", "enum": ["1"]}),
            ),
            headers=("If-None-Match",), refusals=(404, 410), has_tag=True,
            media_type="application/octet-stream",
        )
    }  # fmt: skip

    def get(self, request: Request, number: str, id: int) -> HttpResponseBase:
        person, at = reader_of(request), clock.now()
        ticket = find(person, number, at=at)
        row = showing.find_inside(ticket, person, id, at=at)
        is_outside = showing.is_outsider(person, ticket, at=at)
        return serve(request._request, row, is_outside=is_outside)


def _shown(row: Attachment, number: str) -> shapes.AttachmentShown:
    return {
        "id": row.pk, "kind": row.kind, "media_type": row.media_type, "at": row.at,
        "taken_at": row.taken_at, "is_far": row.is_far, "is_erased": row.is_erased,
        "width": row.width, "height": row.height, "duration_ms": row.duration_ms,
        "sha256": row.sha256, "href": reverse("api_attachment", args=[number, row.pk]),
    }  # fmt: skip
