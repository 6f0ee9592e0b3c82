"""动作: one address per verb of the table; not visible 404, impossible 409, not yours 403,
stale 412 (not said 428), needs 422 — in this order (DESIGN §3.5).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, body_of, idempotency_key, seen_version
from common.errors import Impossible, Stale
from common.idempotency import once
from common.openapi import Operation
from grids.models import Person
from tickets import actions, permits, standing
from tickets.api import describe, represent, shapes
from tickets.api.needs import fill, unfit
from tickets.api.refs import NUMBER
from tickets.forms.verbs import verb_form
from tickets.models import Assist, Ticket
from tickets.models.assist import AssistState
from tickets.states import TRANSITIONS, Move
from tickets.views.doors import find, person_of

REFUSALS = (400, 404, 409, 410, 412, 413, 415, 422, 428)
HEADERS = ("If-Match", "Idempotency-Key")


class Verb(ApiView):
    """动作: of one ticket."""

    scope = "tickets:write"
    arguments: ClassVar[dict[str, Any]] = {"number": NUMBER}
    move: ClassVar[Move]

    def post(self, request: Request, number: str) -> Response:
        return perform(request, number, self.move.verb, body_of(request))


def perform(
    request: Request, number: str, verb: str, body: Mapping[str, Any], *,
    about: Assist | None = None,
) -> Response:  # fmt: skip
    """做: once per Idempotency-Key; a stale asker is told how the ticket stands now."""
    person, at = person_of(request._request), clock.now()

    def act() -> dict[str, Any]:
        return _act(request, person, number, verb, body, at, about)

    try:
        done = at_most_once(request, person, body, act, at=at)
    except Stale as stale:
        stale.current = represent.found(person, number, at=at)
        raise
    return answer(person, verb, number, done, at=at)


def at_most_once(
    request: Request, person: Person, body: Any, act: Callable[[], dict[str, Any]], *, at: datetime
) -> dict[str, Any]:
    """至多一次: with an Idempotency-Key, in one transaction with it."""
    key = idempotency_key(request)
    if not key:
        return act()
    return once(person.actor_ref, f"api:{key}", [request.path, body], at=at, act=act)


def answer(
    person: Person, verb: str, number: str, done: Mapping[str, Any], *, at: datetime
) -> Response:
    """结果: with the ticket as it is now, where it is still this person's to see."""
    ticket = represent.again(person, done["ticket"], at=at)
    told: shapes.Done = {
        "verb": verb, "number": number, "is_requested": done["is_requested"],
        "new": done["new"], "ticket": ticket,
    }  # fmt: skip
    headers = {"ETag": f'"{ticket["version"]}"'} if ticket else {}
    return Response(told, headers=headers)


def _act(
    request: Request, person: Person, number: str, verb: str, body: Mapping[str, Any],
    at: datetime, about: Assist | None,
) -> dict[str, Any]:  # fmt: skip
    ticket = find(person, number, at=at)
    if about is not None and about.state != AssistState.OPEN:
        raise Impossible(gettext("这项协办已经结束。"))
    move = permits.require(person, ticket, verb, at=at)
    who = standing.of(person, ticket, at=at)
    seen = seen_version(request, ticket.version, is_demanded=bool(who - permits.OUTSIDE))
    form = verb_form(verb, ticket, person, at=at)
    if about is not None:
        form.fields.pop("assist", None)
    fill(form, body)
    given = form.arguments() | ({"assist": about} if about is not None else {})
    with unfit():
        made = actions.ON_TICKET[verb](ticket, by=person, at=at, seen=seen, **given)
    is_another = isinstance(made, Ticket) and made.pk != ticket.pk
    return {
        "ticket": ticket.pk,
        "is_requested": move.approval and ticket.has_request,
        "new": made.number if is_another else None,
    }


def view_of(move: Move) -> type[Verb]:
    """门: of one verb."""
    operation = Operation(
        f"{move.verb}_ticket", move.zh, "verbs", {200: shapes.Done},
        about=_("要填什么以工单的 allowed_actions 为准；需要审批的先成为一项申请。")
        if move.approval else _("要填什么以工单的 allowed_actions 为准。"),
        body=lambda: describe.verb_body(move.verb), is_body_required=bool(move.needs),
        headers=HEADERS, refusals=REFUSALS, has_tag=True,
    )  # fmt: skip
    name = "".join(part.title() for part in move.verb.split("_"))
    return type(f"{name}Verb", (Verb,), {"move": move, "operations": {"POST": operation}})


VIEWS: dict[str, type[Verb]] = {move.verb: view_of(move) for move in TRANSITIONS if move.button}
