"""异常: what shift leaders, inspectors, leaders and administrators must look at."""

from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, links
from common.openapi import Operation
from notices import incidents
from notices.models import Incident
from tickets import boards
from tickets.api import shapes_reference as shapes
from tickets.api.filters import IncidentFilter, queries, read
from tickets.incidents import BY_LAST
from tickets.views.doors import person_of


class Incidents(ApiView):
    """异常列表."""

    scope = "incidents:read"
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_incidents", _("异常列表"), "incidents", {200: shapes.IncidentPage},
            about=_("只对值班长、督查员、领导和系统管理员开放；最近发生的在前。"),
            query=queries(IncidentFilter), refusals=(422,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = person_of(request._request), clock.now()
        incidents.require(person, at=at)
        form = read(IncidentFilter, request)
        page = boards.page(asked(form), BY_LAST, **form.paging())
        return Response(
            {
                "results": [_shown(row) for row in page.rows],
                **links(request, previous=page.previous, next=page.next),
            }
        )


def asked(form: IncidentFilter) -> QuerySet[Incident]:
    """异常: those of the filter."""
    is_ended = form.cleaned_data["status"] == boards.ENDED
    return incidents.listed(is_ended=is_ended)


def _shown(row: Incident) -> shapes.IncidentShown:
    return {
        "id": row.pk, "kind": row.kind, "subject": row.subject, "detail": row.detail,
        "count": row.count, "first_at": row.first_at, "last_at": row.last_at,
        "ended_at": row.ended_at, "note": row.note,
    }  # fmt: skip
