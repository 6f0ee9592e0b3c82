"""What other systems hand in: once per their number, in their codes (DESIGN §6)."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import Impossible, Invalid
from common.law import cache
from grids.models import Division, Unit
from grids.tokens import find, issue
from tickets import law
from tickets.models import Client, ClientToken, CodeMap, ExternalRef, Ticket
from tickets.words import CodeKind, Nature, Urgency

STAMP = "clients"
BEGIN = "hbc_"
SCOPES = ("tickets:read", "tickets:write", "reference:read")
CASE = "case"
CODED = {kind.lower(): kind for kind in CodeKind}
"""What of another system's codes is called in a report."""
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{0,63}")
KIND = re.compile(r"[a-z][a-z0-9_-]{0,23}")


class HandedIn(Impossible):
    """已交来: this number is a ticket already, handed in with the same content."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(_("这个外部编号已经有工单。"), field="external")
        self.ticket = ticket


@dataclass(frozen=True)
class Theirs:
    """对方编号: what another system calls it; `digest` of all that it sent."""

    id: str
    kind: str = CASE
    digest: str = ""

    def recorded(self) -> dict[str, str]:
        """For the record: which number it was, without the number itself."""
        return {"kind": self.kind, "sha256": hashlib.sha256(self.id.encode()).hexdigest()}


def read(given: Any, *, digest: str) -> Theirs:
    """读取: `{"id": …, "kind": …}`; `Invalid` names `external`."""
    if not isinstance(given, dict) or not set(given) <= {"id", "kind"}:
        raise Invalid(_('请写明你方的编号，如 {"id": "HL-2026-00017"}。'), field="external")
    number, kind = given.get("id"), given.get("kind")
    kind = CASE if kind is None else kind
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        raise Invalid(
            _("external 的 id 请用 1 到 64 个字母、数字、点、冒号、短横或下划线。"),
            field="external",
        )
    if not isinstance(kind, str) or not KIND.fullmatch(kind):
        raise Invalid(
            _("external 的 kind 请用 1 到 24 个小写字母、数字、短横或下划线，字母开头。"),
            field="external",
        )
    return Theirs(number, kind, digest)


@contextmanager
def once(
    ticket: Ticket, by: Actor, theirs: Theirs | None, *, at: datetime
) -> Iterator[dict[str, object]]:
    """一号一单: the body makes the ticket; gives what its record says of the other system's number.

    In one transaction with it: of parallel twins the second is refused and leaves nothing.
    """
    if theirs is None or not isinstance(by, Client):
        yield {}
        return
    yield {"external": theirs.recorded()}
    _keep(ticket, by, theirs, at)


def check(client: Client, theirs: Theirs) -> None:
    """核对: new to us; else `HandedIn` for the same content, `Invalid` for another."""
    rows = ExternalRef.objects.select_related("ticket")
    row = rows.filter(client=client, kind=theirs.kind, theirs=theirs.id).first()
    if row is None:
        return
    if row.body_hash == theirs.digest:
        raise HandedIn(row.ticket)
    raise Invalid(
        _("外部编号“%(id)s”已用于工单 %(number)s，这次的内容不同；要补充请用 inform。")
        % {"id": theirs.id, "number": row.ticket.number},
        field="external",
    )


def translate(client: Client, kind: CodeKind, code: str) -> str:
    """对照: our code for theirs, empty where a clerk has not said."""
    known: dict[tuple[int, str, str], str] = cache.get(
        f"{STAMP}.codes",
        lambda: {(row.client_id, row.kind, row.theirs): row.ours for row in CodeMap.objects.all()},
        stamp=STAMP,
    )
    return known.get((client.pk, kind, code), "")


def knows(kind: str, code: str) -> bool:
    """本系统有此代码: in use now."""
    match kind:
        case CodeKind.CATEGORY:
            rows = law.categories().values()
            return any(row.code == code and row.parent_id and row.is_active for row in rows)
        case CodeKind.DIVISION:
            return Division.objects.filter(code=code).exists()
        case CodeKind.UNIT:
            return Unit.objects.filter(code=code, is_active=True).exists()
        case CodeKind.NATURE:
            return code in Nature.values
        case _:
            return code in Urgency.values


def make_token(
    client: Client, name: str, *, at: datetime, days: int = 366
) -> tuple[ClientToken, str]:
    """发令牌: for another system; shown once. Raises `Invalid`."""
    return issue(
        ClientToken, BEGIN, name, list(SCOPES), among=SCOPES, at=at, days=days, client=client
    )


def open_token(text: str, *, at: datetime) -> ClientToken | None:
    """用令牌: if it is good now; one statement, hourly a second."""
    return find(ClientToken, BEGIN, text, owner="client", at=at)


def _keep(ticket: Ticket, client: Client, theirs: Theirs, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_externalref (client_id, kind, theirs, ticket_id, body_hash, at)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (client_id, kind, theirs) DO NOTHING",
            [client.pk, theirs.kind, theirs.id, ticket.pk, theirs.digest, at],
        )
        is_first = cursor.rowcount == 1
    if not is_first:
        check(client, theirs)
