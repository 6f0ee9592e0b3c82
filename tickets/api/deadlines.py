"""时限: how each due date of a ticket came about."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView
from common.openapi import Operation
from tickets import dossier, explaining, permits
from tickets.api import shapes
from tickets.api.principals import reader_of
from tickets.api.refs import NUMBER
from tickets.views.doors import find


class Deadlines(ApiView):
    """时限说明."""

    scope = "tickets:read"
    is_for_clients = True
    arguments: ClassVar[dict[str, Any]] = {"number": NUMBER}
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_deadlines", _("时限说明"), "tickets", {200: shapes.DeadlineList},
            about=_("每个时限从何时起算、多少、哪些日子不计、暂停和延期，怎样得出到期时间。"),
            refusals=(404,),
        )
    }  # fmt: skip

    def get(self, request: Request, number: str) -> Response:
        person, at = reader_of(request), clock.now()
        ticket = find(person, number, at=at)
        found = dossier.deadlines(ticket, inside=permits.is_inside(person, ticket, at=at))
        told: shapes.DeadlineList = {
            "results": [
                {
                    "promise": one.clock.promise,
                    "label": one.clock.get_promise_display(),
                    "state": one.clock.state,
                    "due_at": one.clock.due_at,
                    "is_provisional": one.clock.is_provisional,
                    "sentences": explaining.explain(one.clock, one.pauses, at=at),
                }
                for one in found
            ]
        }
        return Response(told)
