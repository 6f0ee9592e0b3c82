"""What other systems hand in and look up, by their own numbers and codes (DESIGN §6)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import uuid4

from django.forms import CharField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, Unfit, body_of, idempotency_key, unchanged
from common.errors import Impossible, Invalid, NotVisible
from common.listing import listed
from common.openapi import Operation
from common.texts import visible
from tickets import actions, external
from tickets.api import represent, shapes
from tickets.api.filters import queries, read, with_number
from tickets.api.needs import fill, unfit
from tickets.api.principals import reader_of
from tickets.api.refs import THEIRS
from tickets.api.verbs import digests_of
from tickets.external import CODED, HandedIn, Theirs
from tickets.forms.base import ChainForm
from tickets.forms.external import FindingForm, client_form
from tickets.forms.report import ReportForm
from tickets.models import Client, Ticket
from tickets.standing import Reader
from tickets.words import CodeKind

NO_FIELD = frozenset({CodeKind.UNIT})
"""Kinds of which a report has no field: they are told to the desk."""


class KindFilter(ChainForm):
    """种类筛选."""

    kind = CharField(
        label=gettext_lazy("种类"), required=False, max_length=24,
        help_text=gettext_lazy("系统有几种编号时，是哪一种。"),
    )  # fmt: skip


class ByExternal(ApiView):
    """按外部编号找工单."""

    scope = "tickets:read"
    is_for_clients = True
    arguments: ClassVar[dict[str, Any]] = {"theirs": THEIRS}
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "get_ticket_by_external", gettext_lazy("按外部编号找工单"), "tickets",
            {200: shapes.TicketShown}, query=queries(KindFilter),
            about=gettext_lazy("来源系统用自己的编号；工作人员用任何系统的编号。"),
            headers=("If-None-Match",), refusals=(404, 409, 422), has_tag=True,
        )
    }  # fmt: skip

    def get(self, request: Request, theirs: str) -> Response:
        who, at = reader_of(request), clock.now()
        number = _number_of(who, theirs, read(KindFilter, request).cleaned_data["kind"], at)
        told = represent.found(who, number, at=at)
        tag = represent.tag_of(told)
        return unchanged(request, tag) or Response(told, headers={"ETag": tag})


def hand_in(request: Request, client: Client, *, at: datetime) -> Response:
    """转入: a ticket from another system, once per its number, in its codes."""
    body = body_of(request)
    theirs = _theirs(request, body)
    form = client_form(client)(at=at)
    try:
        external.check(client, theirs)
        plain, notes = _translated(client, body)
        fill_report(form, request, plain)
        ticket, token = _report(
            form, client, at, idempotency_key=idempotency_key(request), theirs=theirs, notes=notes
        )
    except HandedIn as known:
        return created(request, client, known.ticket, "", at=at, status=HTTPStatus.OK)
    return created(request, client, ticket, token, at=at)


def created(
    request: Request, who: Reader, ticket: Ticket, token: str, *, at: datetime,
    status: HTTPStatus = HTTPStatus.CREATED,
) -> Response:  # fmt: skip
    """新工单: with its follow key, which is shown once."""
    told: shapes.Created = {
        "number": ticket.number,
        "ticket": represent.again(who, ticket, at=at),
        "follow_key": token or None,
        "follow_url": request.build_absolute_uri(reverse("follow", args=[token]))
        if token else None,
    }  # fmt: skip
    there = reverse("api_ticket", args=[ticket.number])
    return Response(told, status=status, headers={"Location": there})


def fill_report(form: ReportForm, request: Request, given: Mapping[str, Any]) -> None:
    """填上报: what a page shows as chosen already need not be said."""
    known = {
        name: str(one.initial)
        for name, one in form.fields.items()
        if one.required and one.initial is not None and not callable(one.initial)
    }
    said = known | {name: value for name, value in given.items() if value is not None}
    key = idempotency_key(request) or uuid4().hex
    fill(form, said, files=request.FILES, hidden={"key": key})


def _number_of(who: Reader, theirs: str, kind: str, at: datetime) -> str:
    client = who if isinstance(who, Client) else None
    rows = with_number(Ticket.objects.visible_to(who, at), theirs, client, kind=kind)
    found = list(rows.order_by("pk").values_list("number", flat=True)[:9])
    if not found:
        raise NotVisible(_("没有外部编号“%(id)s”的工单，请核对编号。") % {"id": theirs})
    if len(found) > 1:
        said = {"id": theirs, "numbers": listed(found)}
        raise Impossible(_("外部编号“%(id)s”对应几张工单：%(numbers)s。请按工单编号查。") % said)
    return str(found[0])


def _theirs(request: Request, body: dict[str, Any]) -> Theirs:
    said = json.dumps([body, digests_of(request)], sort_keys=True, ensure_ascii=False)
    given = _object(body.pop("external", None), "id")
    with unfit():
        return external.read(given, digest=hashlib.sha256(said.encode()).hexdigest())


def _object(given: Any, alone: str) -> Any:
    """In a form with files all is text: JSON, or the one thing that is mostly said."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given) if given.startswith("{") else {alone: given}
    except ValueError:
        return None


def _report(form: FindingForm, client: Client, at: datetime, **more: Any) -> tuple[Ticket, str]:
    known = {"source": client.source, "origin": client.origin}
    with unfit():
        return actions.report(by=client, at=at, **{**form.arguments(client), **known, **more})


def _translated(client: Client, body: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """对照: the body in our codes, and what of theirs is for the desk to read."""
    plain = dict(body)
    given = plain.pop("external_codes", None)
    codes = {} if given is None else _object(given, "category")
    if not isinstance(codes, dict):
        raise Unfit({"external_codes": [_('请写成 {"category": "贵方代码"}。')]})
    errors: list[str] = []
    notes: list[str] = []
    for name, code in codes.items():
        if code is None:
            continue
        try:
            _put(client, name, code, plain, notes)
        except Invalid as refused:
            errors.append(refused.sentence)
    if errors:
        raise Unfit({"external_codes": errors})
    return plain, notes


def _put(client: Client, name: str, code: Any, plain: dict[str, Any], notes: list[str]) -> None:
    if name not in CODED:
        known = {"name": name, "known": listed(CODED)}
        raise Invalid(_("没有代码种类“%(name)s”，可用：%(known)s。") % known)
    kind = CODED[name]
    code = visible(code) if isinstance(code, str) else ""
    said = {"kind": kind.label, "code": code}
    if not 0 < len(code) <= 64:
        raise Invalid(_("%(kind)s代码要填文字，最多 64 字。") % {"kind": kind.label})
    if plain.get(name) is not None:
        raise Invalid(_("%(kind)s请只填一样：本系统的代码，或贵方的代码。") % said)
    ours = external.translate(client, kind, code)
    if ours and kind in NO_FIELD:
        notes.append(_("来源系统建议的%(kind)s：%(ours)s。") % {**said, "ours": ours})
    elif ours:
        plain[name] = ours
    elif client.takes_unknown_codes or kind in NO_FIELD:
        notes.append(_("来源系统的%(kind)s代码：%(code)s（没有对照）。") % said)
    else:
        raise Invalid(
            _("%(kind)s代码“%(code)s”没有对照，请管理员在代码对照里加上，或改填本系统的代码。")
            % said
        )
