"""动作: one address per verb of the table; not visible 404, impossible 409, not yours 403,
stale 412 (not said 428), needs 422 — in this order (DESIGN §3.5).
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, body_of, idempotency_key, seen_version
from common.errors import Impossible, Refused, Stale
from common.idempotency import is_known, once
from common.openapi import Operation
from common.wire import StrictJson
from tickets import actions, observing, permits, standing
from tickets.api import describe, represent, shapes
from tickets.api.needs import fill, unfit
from tickets.api.principals import reader_of
from tickets.api.refs import NUMBER
from tickets.forms.verbs import verb_form
from tickets.models import Assist, Ticket
from tickets.models.assist import AssistState
from tickets.standing import Reader
from tickets.states import TRANSITIONS, Move
from tickets.views.doors import find

REFUSALS = (400, 404, 409, 410, 412, 413, 415, 422, 428)
HEADERS = ("If-Match", "Idempotency-Key")


class Verb(ApiView):
    """动作: of one ticket."""

    scope = "tickets:write"
    is_for_clients = True
    arguments: ClassVar[dict[str, Any]] = {"number": NUMBER}
    move: ClassVar[Move]

    def post(self, request: Request, number: str) -> Response:
        return perform(request, number, self.move.verb)


@dataclass(frozen=True)
class Wish:
    """要做的: which verb on which ticket, by whom, with what; `about` one of its helpers."""

    request: Request
    person: Reader
    number: str
    verb: str
    at: datetime
    about: Assist | None = None

    def ready(self) -> Callable[[], dict[str, Any]]:
        """备好: visible, allowed, fresh and complete, files opened; what is left is the act."""
        request, person, at = self.request, self.person, self.at
        ticket = find(person, self.number, at=at)
        if self.about is not None and self.about.state != AssistState.OPEN:
            raise Impossible(gettext("这项协办已经结束。"))
        move = permits.require(person, ticket, self.verb, at=at)
        who = standing.of(person, ticket, at=at)
        seen = seen_version(request, ticket.version, is_demanded=bool(who - permits.OUTSIDE))
        form = verb_form(self.verb, ticket, person, at=at)
        if self.about is not None:
            form.fields.pop("assist", None)
        key = idempotency_key(request) or uuid4().hex
        body, moment = observed(request, is_told=self.verb in actions.OBSERVED)
        fill(form, body, files=request.FILES, hidden={"key": key})
        about = {"assist": self.about} if self.about is not None else {}
        given = form.arguments() | moment | about
        given.pop("idempotency_key", None)  # `at_most_once` sees to it

        def act() -> dict[str, Any]:
            do = actions.ON_TICKET[self.verb]
            with unfit():
                made = do(ticket, by=person, at=at, seen=seen, **given)
            is_another = isinstance(made, Ticket) and made.pk != ticket.pk
            return {
                "ticket": ticket.pk,
                "is_requested": move.approval and ticket.has_request,
                "new": made.number if is_another else None,
            }

        return act


def perform(request: Request, number: str, verb: str, *, about: Assist | None = None) -> Response:
    """做: once per Idempotency-Key; a stale asker is told how the ticket stands now."""
    wish = Wish(request, reader_of(request), number, verb, clock.now(), about)
    try:
        done = at_most_once(request, wish.person, wish.ready, at=wish.at)
    except Stale as stale:
        stale.current = represent.found(wish.person, number, at=wish.at)
        raise
    return answer(wish.person, verb, number, done, at=wish.at)


def observed(request: Request, *, is_told: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """现场时间: the body without it, and it; not asked for where nothing is seen out there."""
    body = body_of(request)
    if not is_told or observing.FIELD not in body:
        return body, {}
    rest = {name: value for name, value in body.items() if name != observing.FIELD}
    with unfit():
        return rest, {observing.FIELD: observing.read(body[observing.FIELD])}


def at_most_once(
    request: Request, person: Reader, ready: Callable[[], Callable[[], dict[str, Any]]], *,
    at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """至多一次: with an Idempotency-Key, in one transaction with it.

    What comes with files is made ready before the transaction: films take their time.
    """
    key = idempotency_key(request)
    if not key:
        return ready()()
    name = f"api:{key}"
    said = [request.path, body_of(request), digests_of(request)]
    if not request.FILES:
        return once(person.actor_ref, name, said, at=at, act=lambda: ready()())
    try:
        act = ready()
    except Refused as refused:
        if not is_known(person.actor_ref, name):
            raise
        act = _refusing(refused)  # done before: `once` has the result and does not ask again
    return once(person.actor_ref, name, said, at=at, act=act)


def _refusing(refused: Refused) -> Callable[[], dict[str, Any]]:
    def act() -> dict[str, Any]:
        raise refused

    return act


def digests_of(request: Request) -> list[list[str]]:
    """What files were sent, whatever they are called."""
    found = []
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest = hashlib.sha256()
            for piece in file.chunks():
                digest.update(piece)
            found.append([name, digest.hexdigest()])
    return found


def answer(
    person: Reader, verb: str, number: str, done: Mapping[str, Any], *, at: datetime
) -> Response:
    """结果: with the ticket as it is now, where it is still this person's to see."""
    ticket = represent.again(person, done["ticket"], at=at)
    told: shapes.Done = {
        "verb": verb, "number": number, "is_requested": done["is_requested"],
        "new": done["new"], "ticket": ticket,
    }  # fmt: skip
    headers = {"ETag": f'"{ticket["version"]}"'} if ticket else {}
    return Response(told, headers=headers)


def view_of(move: Move) -> type[Verb]:
    """门: of one verb."""
    operation = Operation(
        f"{move.verb}_ticket", move.zh, "verbs", {200: shapes.Done},
        about=_("要填什么以工单的 allowed_actions 为准；需要审批的先成为一项申请。")
        if move.approval else _("要填什么以工单的 allowed_actions 为准。"),
        body=None if describe.has_to_take_files(move.verb)
        else lambda: describe.verb_body(move.verb),
        form=(lambda: describe.verb_body(move.verb, with_files=True))
        if describe.takes_files(move.verb) else None,
        is_body_required=bool(move.needs),
        headers=HEADERS, refusals=REFUSALS, has_tag=True,
    )  # fmt: skip
    name = "".join(part.title() for part in move.verb.split("_"))
    known: dict[str, Any] = {"move": move, "operations": {"POST": operation}}
    if describe.takes_files(move.verb):
        known["parser_classes"] = (StrictJson, MultiPartParser)
    return type(f"{name}Verb", (Verb,), known)


VIEWS: dict[str, type[Verb]] = {move.verb: view_of(move) for move in TRANSITIONS if move.button}
