"""我: who I am, what I may, and what waits for me."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView
from common.openapi import Operation
from grids.models import Person
from notices import incidents
from tickets import boards, standing, tallies
from tickets.api import shapes, shapes_reference
from tickets.api.filters import TurnFilter, queries, read
from tickets.api.needs import needs
from tickets.api.refs import named
from tickets.api.refs import person as person_ref
from tickets.api.tickets import list_of
from tickets.forms.report import BehalfForm, OwnForm, PatrolForm, report_form
from tickets.views.doors import person_of

REPORTS_AS: dict[Any, Any] = {BehalfForm: "behalf", PatrolForm: "patrol", OwnForm: "own"}


class Myself(ApiView):
    """我."""

    scope = "me:read"
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "get_me", _("我"), "me", {200: shapes_reference.Me},
            about=_("我的岗位、上报时要填什么、有多少待办、待审批和未读消息（1000 以上为 999+）。"),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = person_of(request._request), clock.now()
        return Response(_me(person, at))


class Turns(ApiView):
    """我的待办."""

    scope = "me:read"
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_turns", _("我的待办"), "me", {200: shapes.TicketPage},
            about=_("轮到我的工单，最先到期的在前。"), query=queries(TurnFilter), refusals=(422,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = person_of(request._request), clock.now()
        return Response(list_of(request, read(TurnFilter, request), person, at))


def _me(person: Person, at: datetime) -> shapes_reference.Me:
    shape = report_form(person, at=at)
    counted = tallies.tally(person, at, boards.MINE, tallies.APPROVALS, tallies.UNREAD)
    return {
        "id": person.pk,
        "username": person.username,
        "name": person.name,
        "posts": [
            {
                "kind": post.kind,
                "kind_text": post.get_kind_display(),
                "unit": named(post.unit),
                "division": named(post.division),
                "standing_in_for": person_ref(post.person) if post.for_person_id else None,
            }
            for post in person.posts_at(at)
        ],
        "is_staff": standing.is_staff(person, at=at),
        "reports_as": REPORTS_AS.get(shape, "staff"),
        "report_needs": needs(shape.base_fields),
        "sees_incidents": incidents.may_see(person, at=at),
        "turns": counted[boards.MINE],
        "approvals": counted[tallies.APPROVALS],
        "unread": counted[tallies.UNREAD],
    }
