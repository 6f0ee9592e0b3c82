"""批量: one verb on many tickets, each in a transaction of its own, each with its own outcome."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from common.errors import Impossible, Refused, Stale
from common.idempotency import once
from grids.models import Person
from tickets import actions, permits
from tickets.actions import _route
from tickets.models import Ticket

MOST = 50
Find = Callable[[str], Ticket]


@dataclass(frozen=True)
class Chosen:
    """选中的一张: with the version that was seen."""

    number: str
    version: int


@dataclass(frozen=True)
class Outcome:
    """一张的结果: what it was refused with; nothing where it was done."""

    number: str
    refused: str = ""


def accept(ticket: Ticket, *, by: Person, at: datetime, seen: int) -> None:
    """受理: in the category it was reported in."""
    actions.accept(ticket, by=by, at=at, seen=seen)


def dispatch(ticket: Ticket, *, by: Person, at: datetime, seen: int) -> None:
    """派单: to where the rules send it, and nowhere else."""
    if ticket.needs_hand:
        raise Impossible(_("退单或重办之后须人工选单位，请打开这张单独派。"))
    unit, rule, because = _route.route(ticket, at=at)
    actions.dispatch(ticket, by=by, at=at, seen=seen, unit=unit, rule=rule, because=because)


def claim(ticket: Ticket, *, by: Person, at: datetime, seen: int) -> None:
    """签收: into one's own hands; of two who try, the second is told."""
    actions.claim(ticket, by=by, at=at, seen=seen)


VERBS: dict[str, Callable[..., None]] = {"accept": accept, "dispatch": dispatch, "claim": claim}
DESK, UNIT = ("accept", "dispatch"), ("claim",)
"""What each page offers."""


def perform(
    verb: str, rows: Sequence[Chosen], *, by: Person, at: datetime, key: str, find: Find
) -> list[Outcome]:
    """逐张办理: what one is refused with stops none of the others; sent twice it is done once."""
    return [_one(verb, row, by=by, at=at, key=key, find=find) for row in rows]


def _one(verb: str, row: Chosen, *, by: Person, at: datetime, key: str, find: Find) -> Outcome:
    body = {"verb": verb, "version": row.version}
    act = partial(_act, verb, row, by=by, at=at, find=find)
    try:
        once(by.actor_ref, f"bulk:{key}:{row.number}", body, at=at, act=act)
    except Refused as refused:
        return Outcome(row.number, refused.sentence)
    return Outcome(row.number)


def _act(verb: str, row: Chosen, *, by: Person, at: datetime, find: Find) -> dict[str, Any]:
    ticket = find(row.number)
    permits.require(by, ticket, verb, at=at)
    if ticket.version != row.version:
        raise Stale(_("打开列表之后有了变化，请看过再决定。"))
    VERBS[verb](ticket, by=by, at=at, seen=row.version)
    return {"number": row.number}
