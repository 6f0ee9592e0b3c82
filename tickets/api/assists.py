"""协办: what helpers are asked, their answers, and letting them off."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, links
from common.errors import NotVisible
from common.openapi import Operation
from grids.models import Person
from tickets import boards
from tickets.api import around, describe, shapes
from tickets.api.filters import AssistFilter, queries, read
from tickets.api.refs import ID
from tickets.api.verbs import HEADERS, REFUSALS, perform
from tickets.models import Assist
from tickets.models.assist import AssistState
from tickets.states import MOVES
from tickets.views.doors import person_of


class Assists(ApiView):
    """协办列表."""

    scope = "tickets:read"
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_assists", gettext_lazy("协办列表"), "assists", {200: shapes.AssistPage},
            about=gettext_lazy("待反馈的按到期排列（默认），已结束的按结束时间倒排。"),
            query=queries(AssistFilter), refusals=(422,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = person_of(request._request), clock.now()
        form = read(AssistFilter, request)
        rows, order = asked(person, form, at=at)
        shown = rows.select_related("ticket", "answered_by")
        page = boards.page(shown, order, **form.paging())
        return Response(
            {
                "results": [around.assist(row, at=at) for row in page.rows],
                **links(request, previous=page.previous, next=page.next),
            }
        )


def asked(
    person: Person, form: AssistFilter, *, at: datetime
) -> tuple[QuerySet[Assist], boards.Order]:
    """协办: those of the filter, and their order."""
    wanted = form.cleaned_data
    is_ended = wanted["status"] == boards.ENDED
    rows: QuerySet[Assist] = boards.assists_of(person, at)
    running = Q(state=AssistState.OPEN)
    rows = rows.filter(~running if is_ended else running)
    if wanted["mine"]:
        units = {post.unit_id for post in person.posts_at(at) if post.unit_id}
        own = Q(unit__in=units)
        rows = rows.filter(own if wanted["mine"] == "true" else ~own)
    return rows, boards.BY_END if is_ended else boards.BY_DUE


class Answering(ApiView):
    """协办的动作: the verb of its ticket, about this one."""

    scope = "tickets:write"
    arguments: ClassVar[dict[str, Any]] = {"id": ID}
    verb: ClassVar[str]

    def post(self, request: Request, id: int) -> Response:
        person, at = person_of(request._request), clock.now()
        row = boards.assists_of(person, at).filter(pk=id).select_related("ticket").first()
        if row is None:
            raise NotVisible(_("没有这项协办，请核对编号。"))
        return perform(request, row.ticket.number, self.verb, about=row)


def view_of(verb: str, name: str) -> type[Answering]:
    """门: of one of the two verbs."""
    operation = Operation(
        f"{name}_assist_by_id", MOVES[verb].zh, "assists", {200: shapes.Done},
        about=gettext_lazy("If-Match 写工单的版本（ticket_version）。"),
        body=lambda: describe.verb_body(verb, without=("assist",)),
        is_body_required=name == "answer", headers=HEADERS, refusals=REFUSALS, has_tag=True,
    )  # fmt: skip
    known = {"verb": verb, "operations": {"POST": operation}}
    return type(f"{name.title()}Assist", (Answering,), known)


VIEWS = {name: view_of(f"{name}_assist", name) for name in ("answer", "waive")}
