"""审批: what I may decide or asked for, and deciding it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, body_of, links, seen_version
from common.errors import Impossible, NotVisible, NotYours, Stale
from common.openapi import Operation
from grids.models import Person
from tickets import actions, boards
from tickets.api import around, describe, represent, shapes
from tickets.api.filters import ApprovalFilter, queries, read
from tickets.api.needs import fill, unfit
from tickets.api.refs import ID
from tickets.api.verbs import HEADERS, REFUSALS, at_most_once
from tickets.forms.decisions import COUNTERSIGN, FORMS, decision_forms
from tickets.models import Approval, Ticket
from tickets.models.approval import ApprovalState
from tickets.views.doors import person_of

ACTS: dict[str, Any] = {
    "countersign": actions.countersign, "grant": actions.grant, "refuse": actions.refuse,
}  # fmt: skip


class Approvals(ApiView):
    """审批列表."""

    scope = "tickets:read"
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_approvals", gettext_lazy("审批列表"), "approvals", {200: shapes.ApprovalPage},
            about=gettext_lazy("待我审批的（默认，按到期排列），或我提出的（新的在前）。"),
            query=queries(ApprovalFilter), refusals=(422,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = person_of(request._request), clock.now()
        form = read(ApprovalFilter, request)
        is_mine = form.cleaned_data["role"] == "asker"
        rows = boards.asked_by(person, at) if is_mine else boards.to_decide(person, at)
        order = boards.BY_ASKED if is_mine else boards.BY_DUE
        page = boards.page(boards.with_request(rows), order, **form.paging())
        return Response(
            {
                "results": around.requests(person, page.rows, at=at),
                **links(request, previous=page.previous, next=page.next),
            }
        )


class Decision(ApiView):
    """决定: one of the three."""

    scope = "tickets:write"
    arguments: ClassVar[dict[str, Any]] = {"id": ID}
    decision: ClassVar[str]

    def post(self, request: Request, id: int) -> Response:
        person, at = person_of(request._request), clock.now()

        def ready() -> Callable[[], dict[str, Any]]:
            return _ready(request, person, id, self.decision, at)

        try:
            done = at_most_once(request, person, ready, at=at)
        except Stale as stale:
            number = find(person, id, at=at).ticket.number
            stale.current = represent.found(person, number, at=at)
            raise
        ticket = represent.again(person, done["ticket"], at=at)
        told: shapes.Decided = {
            "decision": self.decision, "approval": _again(person, id, at), "ticket": ticket,
        }  # fmt: skip
        return Response(told, headers={"ETag": f'"{ticket["version"]}"'} if ticket else {})


def find(person: Person, pk: int, *, at: datetime) -> Approval:
    """找申请: of a ticket this person may see."""
    visible = Ticket.objects.visible_to(person, at)
    rows = Approval.objects.filter(pk=pk, ticket__in=visible).select_related("ticket")
    found = rows.first()
    if found is None:
        raise NotVisible(_("没有这项申请，请核对编号。"))
    return found


def _ready(
    request: Request, person: Person, pk: int, decision: str, at: datetime
) -> Callable[[], dict[str, Any]]:
    approval = find(person, pk, at=at)
    if approval.state != ApprovalState.PENDING:
        said = {"state": approval.get_state_display()}
        raise Impossible(_("这项申请%(state)s，不能再决定。") % said)
    offered = {form.decision for form in decision_forms(approval, person, at=at)}
    if decision not in offered:
        _refuse(approval, decision, person, at)
    seen = seen_version(request, approval.ticket.version, is_demanded=True)
    form = FORMS[decision]()
    fill(form, body_of(request))
    words = {} if decision == COUNTERSIGN else {"text": form.cleaned_data["text"]}

    def act() -> dict[str, Any]:
        with unfit():
            ACTS[decision](approval, by=person, at=at, seen=seen, **words)
        return {"ticket": approval.ticket_id}

    return act


def _refuse(approval: Approval, decision: str, person: Person, at: datetime) -> None:
    """不是您的: the action itself says why; should it think otherwise, nothing was done."""
    words = {"text": "-"} if decision == "refuse" else {}
    with transaction.atomic():
        ACTS[decision](approval, by=person, at=at, **words)
        raise NotYours(_("这项申请现在不由您决定。"))


def _again(person: Person, pk: int, at: datetime) -> shapes.ApprovalShown | None:
    visible = Ticket.objects.visible_to(person, at)
    rows = Approval.objects.filter(pk=pk, ticket__in=visible)
    found = list(boards.with_request(rows))
    return around.requests(person, found, at=at)[0] if found else None


def view_of(decision: str) -> type[Decision]:
    """门: of one decision."""
    operation = Operation(
        f"{decision}_approval", FORMS[decision].zh, "approvals", {200: shapes.Decided},
        about=gettext_lazy("If-Match 写工单的版本（ticket_version）。"),
        body=lambda: describe.decision_body(decision),
        is_body_required=any(one.required for one in FORMS[decision].base_fields.values()),
        headers=HEADERS, refusals=REFUSALS, has_tag=True,
    )  # fmt: skip
    known = {"decision": decision, "operations": {"POST": operation}}
    return type(f"{decision.title()}Decision", (Decision,), known)


VIEWS: dict[str, type[Decision]] = {decision: view_of(decision) for decision in FORMS}
