"""A ticket as one person may read it: `standing.sees` is asked for every field."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from grids.models import Person
from tickets import boards, dossier, permits, standing
from tickets.api import around
from tickets.api.needs import actions_of
from tickets.api.refs import light_of, named, person, remaining
from tickets.api.shapes import (
    Counts,
    ExternalShown,
    Place,
    ReporterShown,
    TicketRow,
    TicketShown,
)
from tickets.models import Client, Ticket
from tickets.models.queries import TicketQuerySet
from tickets.standing import Group, Reader
from tickets.views.doors import find
from tickets.words import Origin, WordsKind

SUMMARY = 120


def rows(who: Reader, tickets: Sequence[Ticket], *, at: datetime) -> list[TicketRow]:
    """工单列表: the same number of statements however many."""
    standing.remember(who, tickets, at=at)
    return [row(who, ticket, at=at) for ticket in tickets]


def row(who: Reader, ticket: Ticket, *, at: datetime) -> TicketRow:
    """工单一行."""
    can_read = Group.WORDS in standing.sees(who, ticket, at=at)
    inside = permits.is_inside(who, ticket, at=at)
    return {
        "number": ticket.number,
        "version": ticket.version,
        "state": ticket.state,
        "state_text": ticket.get_state_display(),
        "turn": ticket.turn,
        "turn_text": ticket.get_turn_display(),
        "nature": ticket.nature,
        "source": ticket.source,
        "origin": ticket.origin,
        "urgency": ticket.urgency,
        "category": named(ticket.category),
        "unit": named(ticket.unit),
        "handler": person(ticket.handler) if inside else None,
        "division": named(ticket.division),
        "community": named(ticket.community),
        "subdistrict": named(ticket.subdistrict),
        "summary": getattr(ticket, "summary", None) if can_read else None,
        "address": ticket.address if can_read else None,
        "is_sensitive": ticket.is_sensitive,
        "has_request": inside and ticket.has_request,
        "due_at": ticket.due_at,
        "remaining": remaining(ticket.due_at, ticket.due_calendar, at),
        "is_provisional": ticket.due_is_provisional,
        "light": light_of(ticket.due_at, ticket.soon_at, at),
        "reported_at": ticket.reported_at,
        "ended_at": ticket.ended_at,
        "external": _external(who, ticket, inside=inside),
    }


def listed(rows: TicketQuerySet) -> TicketQuerySet:
    """列表字段: everything a row shows, in the same statement."""
    return boards.listed(rows).with_external()


def again(who: Reader, ticket: Ticket | int, *, at: datetime) -> TicketRow | None:
    """现状: as it is after an act, None when it is no longer this person's to see."""
    if isinstance(ticket, Ticket) and _is_just_written(who, ticket, at):
        summary = dossier.latest(ticket, WordsKind.REPORT)[:SUMMARY]
        ticket.summary = summary  # type: ignore[attr-defined]
        return rows(who, [ticket], at=at)[0]
    pk = ticket.pk if isinstance(ticket, Ticket) else ticket
    found = listed(Ticket.objects.visible_to(who, at)).filter(pk=pk).first()
    return rows(who, [found], at=at)[0] if found is not None else None


def _is_just_written(who: Reader, ticket: Ticket, at: datetime) -> bool:
    """Nothing of it need be read again, and who wrote it stands to it in some way."""
    is_written = isinstance(who, Person) and dossier.has_texts(ticket)
    return is_written and bool(standing.of(who, ticket, at=at))


def shown(who: Reader, ticket: Ticket, *, at: datetime) -> TicketShown:
    """工单全文: everything this person may know of it and may do with it now."""
    helpers = dossier.helpers(ticket)
    standing.remember(who, [ticket], at=at)
    groups = standing.sees(who, ticket, at=at)
    inside = permits.is_inside(who, ticket, at=at)
    can_read = Group.WORDS in groups
    assists = [around.assist(one, at=at) for one in helpers] if inside else []
    return {
        **row(who, ticket, at=at),
        "seq": ticket.seq,
        "text": getattr(ticket, "text", "") or "" if can_read else None,
        "place": _place(ticket, can_read=can_read),
        "reporter": _reporter(ticket, groups),
        "is_anonymous": ticket.is_anonymous,
        "is_on_behalf": ticket.is_on_behalf,
        "reported_by": _reported_by(ticket) if inside else None,
        "about_unit": named(ticket.about_unit) if can_read else None,
        "duty_phone": ticket.unit.duty_phone if inside and ticket.unit else None,
        "verify_by": ticket.verify_by,
        "confirmation": ticket.confirmation,
        "result_code": ticket.result_code,
        "cycle": ticket.cycle,
        "counts": _counts(ticket) if inside else None,
        "dispatched_at": ticket.dispatched_at,
        "resolved_at": ticket.resolved_at,
        "replied_at": ticket.replied_at,
        "resume_at": ticket.resume_at,
        "clocks": around.clocks(ticket, inside=inside, at=at),
        "assists": assists,
        "approval": around.approval(ticket, who, at=at)
        if isinstance(who, Person) and inside
        else None,
        "supervision": around.supervision(ticket) if inside else None,
        "check_ins": around.visits(ticket) if inside and can_read else [],
        **around.others(ticket, who, at=at),
        "allowed_actions": actions_of(who, ticket, assists, at=at),
    }


def found(who: Reader, number: str, *, at: datetime) -> TicketShown:
    """工单全文, by its number; raises NotVisible."""
    ticket = find(who, number, at=at, with_text=True)
    ticket.summary = (ticket.text or "")[:SUMMARY]  # type: ignore[attr-defined]
    return shown(who, ticket, at=at)


def tag_of(told: TicketShown) -> str:
    """ETag: the version first, which is what If-Match compares; then a digest of all that is told.

    Notes and the clock change the answer without a new version; what is left of a limit, which
    changes with every second, is no news.
    """
    clocks = [{**one, "remaining": None} for one in told["clocks"]]
    lasting = {**told, "clocks": clocks, "remaining": None}
    text = json.dumps(lasting, cls=DjangoJSONEncoder, sort_keys=True, default=str)
    return f'"{told["version"]}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"'


def _place(ticket: Ticket, *, can_read: bool) -> Place:
    on_map = can_read and not ticket.is_sensitive  # what is sensitive appears in no map
    return {
        "lat": ticket.lat if on_map else None,
        "lng": ticket.lng if on_map else None,
        "address": ticket.address if can_read else None,
        "building": named(ticket.building) if can_read else None,
        "is_outside": ticket.is_outside,
    }


def _reporter(ticket: Ticket, groups: frozenset[Group]) -> ReporterShown | None:
    if ticket.origin != Origin.RESIDENT or Group.REPORTER not in groups:
        return None
    reporter = ticket.reporter
    sees_contact = Group.CONTACT in groups
    return {
        "name": reporter.masked_name if reporter else "",
        "phone": reporter.masked_phone if reporter and sees_contact else None,
        "is_anonymous": ticket.is_anonymous,
        "can_reveal": bool(sees_contact and reporter and (reporter.name or reporter.phone)),
    }


def _external(who: Reader, ticket: Ticket, *, inside: bool) -> list[ExternalShown]:
    rows: list[dict[str, Any]] = getattr(ticket, "external", None) or []
    mine = who.pk if isinstance(who, Client) else None
    return [
        {"system": row["system"], "kind": row["kind"], "id": row["id"]}
        for row in rows
        if inside or row["client"] == mine
    ]


def _reported_by(ticket: Ticket) -> Any:
    # a reporter with an account is never named here
    is_staffs = ticket.reported_by_id != ticket.reporter_person_id
    return person(ticket.reported_by) if is_staffs else None


def _counts(ticket: Ticket) -> Counts:
    return {
        "returns": ticket.returns, "redirects": ticket.redirects, "reworks": ticket.reworks,
        "contests": ticket.contests, "extensions": ticket.extensions,
    }  # fmt: skip
