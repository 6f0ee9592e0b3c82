"""工单: the list, a new one, one of them, its record, its reporter's contact."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, Links, body_of, idempotency_key, links, unchanged
from common.openapi import Operation
from common.wire import StrictJson
from grids.models import Person
from tickets import actions, boards, reveals, timeline
from tickets.api import clients, describe, represent, shapes
from tickets.api.filters import (
    ClientFilter,
    EventFilter,
    TicketFilter,
    TurnFilter,
    queries,
    read,
)
from tickets.api.needs import fill, unfit
from tickets.api.principals import reader_of
from tickets.api.refs import NUMBER
from tickets.api.verbs import observed
from tickets.forms.decisions import RevealForm
from tickets.forms.report import PatrolForm, ReportForm, report_form
from tickets.models import Client, Ticket
from tickets.models.queries import TicketQuerySet
from tickets.search import search
from tickets.standing import Reader
from tickets.views.doors import find, person_of
from tickets.walks import Walk

EVENTS = 100
TAG = _("工单")


class Tickets(ApiView):
    """工单列表和上报."""

    parser_classes = (StrictJson, MultiPartParser)

    scope = "tickets:read"
    is_for_clients = True
    write_scope = "tickets:write"
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_tickets", _("工单列表"), "tickets", {200: shapes.TicketPage},
            about=_("未结束的按到期排列，已结束的按结束时间倒排；按位置翻页，没有总数。"),
            query=queries(TicketFilter), refusals=(400, 422),
        ),
        "POST": Operation(
            "create_ticket", _("上报"), "tickets", {200: shapes.Created, 201: shapes.Created},
            about=_("要填什么看岗位：受理员代报，网格员报发现的问题，居民报自己的；见 /me/。"),
            body=describe.report_body, form=describe.report_form_body, headers=("Idempotency-Key",),
            refusals=(400, 409, 413, 415, 422),
        ),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = reader_of(request), clock.now()
        shape = ClientFilter if isinstance(person, Client) else TicketFilter
        return Response(list_of(request, read(shape, request), person, at))

    def post(self, request: Request) -> Response:
        person, at = reader_of(request), clock.now()
        if isinstance(person, Client):
            return clients.hand_in(request, person, at=at)
        form = report_form(person, at=at)()
        body, moment = observed(request, is_told=True)
        clients.fill_report(form, request, body)
        once = {"idempotency_key": idempotency_key(request), **moment}
        ticket, token = _report(form, person, once, at)
        return clients.created(request, person, ticket, token, at=at)


class OneTicket(ApiView):
    """工单."""

    scope = "tickets:read"
    is_for_clients = True
    arguments: ClassVar[dict[str, Any]] = {"number": NUMBER}
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "get_ticket", _("工单"), "tickets", {200: shapes.TicketShown},
            about=_("提交动作时在 If-Match 里带上这里的 ETag；allowed_actions 是您现在能做的。"),
            headers=("If-None-Match",), refusals=(404,), has_tag=True,
        )
    }  # fmt: skip

    def get(self, request: Request, number: str) -> Response:
        person, at = reader_of(request), clock.now()
        told = represent.found(person, number, at=at)
        tag = represent.tag_of(told)
        return unchanged(request, tag) or Response(told, headers={"ETag": tag})


class Events(ApiView):
    """流转记录."""

    scope = "tickets:read"
    is_for_clients = True
    arguments: ClassVar[dict[str, Any]] = {"number": NUMBER}
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_events", _("流转记录"), "tickets", {200: shapes.EventPage},
            about=_("按序号，一页一百条；您不该看的不在其中。"),
            query=queries(EventFilter), refusals=(404, 422),
        )
    }  # fmt: skip

    def get(self, request: Request, number: str) -> Response:
        person, at = reader_of(request), clock.now()
        ticket = find(person, number, at=at)
        after = read(EventFilter, request).cleaned_data["after"] or 0
        lines = timeline.lines(ticket, person, at=at, after=after, until=after + EVENTS)
        has_more = ticket.seq > after + EVENTS
        told: shapes.EventPage = {
            "results": [_event(line) for line in lines],
            **_neighbours(request, after, has_more=has_more),
        }
        return Response(told)


class Reveal(ApiView):
    """查看联系方式."""

    scope = "tickets:write"
    arguments: ClassVar[dict[str, Any]] = {"number": NUMBER}
    operations: ClassVar[dict[str, Operation]] = {
        "POST": Operation(
            "reveal_contact", _("查看联系方式"), "tickets", {200: shapes.ContactShown},
            about=_("理由会记录在案。"), body=describe.reveal_body,
            refusals=(400, 404, 409, 413, 415, 422),
        )
    }  # fmt: skip

    def post(self, request: Request, number: str) -> Response:
        person, at = person_of(request._request), clock.now()
        ticket = find(person, number, at=at)
        reveals.check(ticket, by=person, at=at)
        form = RevealForm()
        fill(form, body_of(request))
        reason = form.cleaned_data["reason"]
        contact = reveals.reveal(ticket, by=person, at=at, reason=reason)
        told: shapes.ContactShown = {"name": contact.name, "phone": contact.phone}
        return Response(told)


def list_of(request: Request, form: TurnFilter, person: Reader, at: datetime) -> shapes.TicketPage:
    """一页: by due date or end; where words are looked for, by how well they fit."""
    rows = form.rows(person, at)
    if form.cleaned_data.get("text"):
        assert isinstance(person, Person)
        assert isinstance(rows, Walk)
        return _found(request, form, rows.rows(), person, at)
    page = boards.page(rows, form.order, dressed=represent.listed, **form.paging())
    told: shapes.TicketPage = {
        "results": represent.rows(person, page.rows, at=at),
        **links(request, previous=page.previous, next=page.next),
    }
    return told | {"is_capped": form.is_capped} if form.question else told


def _found(
    request: Request, form: TurnFilter, rows: TicketQuerySet, person: Person, at: datetime
) -> shapes.TicketPage:
    with unfit(q="text"):
        found = search(rows, person, form.cleaned_data["text"], at=at)
    start, size = int(form.cleaned_data["after"] or 0), form.paging()["size"]
    wanted = found.ids[start : start + size]
    known = {row.pk: row for row in represent.listed(Ticket.objects.visible_to(person, at)).filter(
        pk__in=wanted
    )}  # fmt: skip
    shown = [known[pk] for pk in wanted if pk in known]
    following = str(start + size) if len(found.ids) > start + size else ""
    return {
        "results": represent.rows(person, shown, at=at),
        **links(request, previous="", next=following),
        "is_capped": found.is_capped,
    }


def _report(
    form: ReportForm, person: Person, once: dict[str, Any], at: datetime
) -> tuple[Ticket, str]:
    with unfit():
        if isinstance(form, PatrolForm) and form.cleaned_data["is_settled"]:
            return actions.settle(by=person, at=at, **form.settlement() | once), ""
        return actions.report(by=person, at=at, **form.arguments(person) | once)


def _event(line: timeline.Line) -> shapes.EventShown:
    return {
        "seq": line.seq, "at": line.at, "verb": line.verb, "title": line.title, "who": line.who,
        "from_state": line.from_state, "to_state": line.to_state, "details": line.details,
        "words": [{"label": label, "text": text} for label, text in line.words],
    }  # fmt: skip


def _neighbours(request: Request, after: int, *, has_more: bool) -> Links:
    here = request.build_absolute_uri(request.path)
    return {
        "next": f"{here}?after={after + EVENTS}" if has_more else None,
        "previous": f"{here}?after={max(after - EVENTS, 0)}" if after else None,
    }
