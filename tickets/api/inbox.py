"""消息: what I was told, for programs, and marking it read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, TypedDict

from django.db.models import QuerySet
from django.forms import ChoiceField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, Unfit, body_of, links
from common.openapi import Operation, Schema
from grids.models import Person
from notices import inbox as notices
from notices.models import Notice
from tickets import boards, inbox, tallies
from tickets.api.filters import FLAGS, PageFilter, queries, read
from tickets.views.doors import person_of

MOST = 1000
LARGEST = 2**63 - 1


class NoticeShown(TypedDict):
    """消息: 工单已不对您开放时，工单和内容为 null."""

    id: int
    at: datetime
    read_at: datetime | None
    role: str
    role_text: str
    ticket: str | None
    seq: int | None
    verb: str | None
    title: str | None
    who: str | None
    details: list[str]


class NoticePage(TypedDict):
    """一页消息: unread 是未读条数，1000 以上为 999+."""

    results: list[NoticeShown]
    next: str | None
    previous: str | None
    unread: str


class Marked(TypedDict):
    """标记的结果."""

    marked: int
    unread: str


class InboxFilter(PageFilter):
    """消息筛选."""

    unread = ChoiceField(label=gettext_lazy("只要未读"), required=False, choices=FLAGS)


class Inbox(ApiView):
    """消息列表."""

    scope = "me:read"
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_inbox", gettext_lazy("我的消息"), "me", {200: NoticePage},
            about=gettext_lazy("新的在前；同一件事只告知一次。"),
            query=queries(InboxFilter), refusals=(422,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = person_of(request._request), clock.now()
        form = read(InboxFilter, request)
        page = boards.page(asked(person, form), inbox.BY_TIME, **form.paging())
        return Response(
            {
                "results": [_shown(item) for item in inbox.told(person, page.rows, at=at)],
                **links(request, previous=page.previous, next=page.next),
                "unread": tallies.tally(person, at, tallies.UNREAD)[tallies.UNREAD],
            }
        )


def asked(person: Person, form: InboxFilter) -> QuerySet[Notice]:
    """消息: those of the filter."""
    rows = notices.of(person)
    unread = form.cleaned_data["unread"]
    return rows.filter(read_at__isnull=unread == "true") if unread else rows


def read_body() -> Schema:
    """标为已读的内容."""
    number = {"type": "integer", "minimum": 1, "maximum": LARGEST}
    return {
        "type": "object",
        "properties": {
            "ids": {"type": "array", "items": number, "minItems": 1, "maxItems": MOST},
            "all": {"type": "boolean", "const": True},
            "upto": number,
        },
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


class InboxRead(ApiView):
    """标为已读."""

    scope = "me:read"
    write_scope = "tickets:write"
    operations: ClassVar[dict[str, Operation]] = {
        "POST": Operation(
            "read_inbox", gettext_lazy("消息标为已读"), "me", {200: Marked},
            about=gettext_lazy("ids、all 和 upto 三选一；upto 是看到的最新一条。重发无妨。"),
            body=read_body, refusals=(400, 422),
        )
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        person, at = person_of(request._request), clock.now()
        marked = notices.mark_read(person, at=at, **_which(body_of(request)))
        unread = tallies.tally(person, at, tallies.UNREAD)[tallies.UNREAD]
        told: Marked = {"marked": marked, "unread": unread}
        return Response(told)


def _which(body: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(body) - {"ids", "all", "upto"}:
        raise Unfit({name: [_("没有这一项，可用：ids、all、upto。")] for name in sorted(unknown)})
    if len(body) != 1:
        raise Unfit({"detail": [_("ids、all 和 upto 请写明其中一项。")]})
    if "ids" in body:
        ids = body["ids"]
        is_list = isinstance(ids, list) and 0 < len(ids) <= MOST
        if not (is_list and all(_is_id(one) for one in ids)):
            sentence = _("请给出 1 到 %(most)s 个消息编号，如 [12, 13]。") % {"most": MOST}
            raise Unfit({"ids": [sentence]})
        return {"ids": ids}
    if "upto" in body:
        if not _is_id(body["upto"]):
            raise Unfit({"upto": [_("请给出一个消息编号。")]})
        return {"upto": body["upto"]}
    if body["all"] is not True:
        raise Unfit({"all": [_("全部标为已读请写 true。")]})
    return {}


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST


def _shown(item: inbox.News) -> NoticeShown:
    notice, ticket = item.notice, item.ticket
    return {
        "id": notice.pk, "at": notice.at, "read_at": notice.read_at,
        "role": notice.role, "role_text": item.role,
        "ticket": ticket.number if ticket else None, "seq": item.seq or None,
        "verb": item.verb or None, "title": item.title or None, "who": item.who or None,
        "details": item.details,
    }  # fmt: skip
