"""Everything the house keeps of one ticket, as plain values, read in one snapshot."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q

from common.secrets import mask_name, mask_phone
from grids.models import Person, Post, Unit
from tickets.attachments.storing import KEPT, path
from tickets.models import (
    Approval,
    Assist,
    Attachment,
    CheckIn,
    Clock,
    Event,
    ExternalRef,
    Follower,
    Participation,
    PatrolPoint,
    Pause,
    Rating,
    Reveal,
    Seal,
    Supervision,
    Ticket,
    TicketLink,
    Words,
)
from tickets.models.attachment import facts
from tickets.record import microseconds
from tickets.reveals import Contact
from tickets.standing import OUTSIDERS

BESIDE: dict[str, type[Model]] = {
    "clocks": Clock, "approvals": Approval, "assists": Assist, "participation": Participation,
    "ratings": Rating, "supervisions": Supervision, "followers": Follower, "links": TicketLink,
    "reveals": Reveal, "external": ExternalRef, "check_ins": CheckIn,
}  # fmt: skip
Values = dict[str, Any]


@dataclass(frozen=True)
class File:
    """附件文件: where it lies in the store, and where in the bundle."""

    stored: str
    name: str


@dataclass
class Gathered:
    """收集: one ticket, as `verify.py` reads it."""

    ticket: Ticket
    events: list[Event]
    words: list[Words]
    attachments: list[Attachment]
    parts: dict[str, Any] = field(default_factory=dict)
    files: dict[int, File] = field(default_factory=dict)


def gather(ticket: Ticket, contact: Contact | None) -> Gathered:
    """收集: call it inside a snapshot. Contacts are masked unless they were revealed."""
    found = Gathered(
        ticket,
        list(Event.objects.filter(ticket=ticket).order_by("seq")),
        list(Words.objects.filter(ticket=ticket).select_related("event").order_by("id")),
        list(Attachment.objects.filter(ticket=ticket).select_related("event").order_by("id")),
    )
    found.files = {row.pk: _file(row) for row in found.attachments if row.name}
    found.parts = {
        "ticket": next(_rows(Ticket, pk=ticket.pk)),
        "events": [_event(ticket, row) for row in found.events],
        "words": [_words(row) for row in found.words],
        "attachments": [_attachment(row, found.files.get(row.pk)) for row in found.attachments],
        "seals": [_seal(row) for row in seals_of(ticket)],
        **{name: list(_rows(model, ticket=ticket)) for name, model in BESIDE.items()},
        "pauses": list(_rows(Pause, clock__ticket=ticket)),
        "contacts": _contacts(ticket, contact),
    }
    found.parts["names"] = _names(found.parts)
    return found


def seals_of(ticket: Ticket) -> Iterator[Seal]:
    """封存: every seal that holds a head of this ticket, oldest first."""
    line = f"{ticket.number} "
    mine = Q(heads__startswith=line) | Q(heads__contains=f"\n{line}")
    yield from Seal.objects.filter(mine).order_by("pk").iterator(chunk_size=20)


def _event(ticket: Ticket, row: Event) -> Values:
    """The canonical form, and the hash over it."""
    return {
        "number": ticket.number, "seq": row.seq, "verb": row.verb, "by": row.by,
        "at": microseconds(row.at), "from": row.from_state, "to": row.to_state,
        "data": row.data, "prev": row.prev_hash, "hash": row.hash,
    }  # fmt: skip


def _words(row: Words) -> Values:
    return {"seq": row.event.seq, "kind": row.kind, "text": row.text, "salt": row.salt}


def _attachment(row: Attachment, file: File | None) -> Values:
    return {
        "id": row.pk, "seq": row.event.seq, "facts": facts(row), "salt": row.salt,
        "file": file.name if file else "", "erased_at": _plain(row.erased_at),
    }  # fmt: skip


def _file(row: Attachment) -> File:
    stored = path(row.name, KEPT, row.media_type)
    return File(stored, f"files/{row.pk}-{row.kind.lower()}.{stored.rpartition('.')[2]}")


def _seal(row: Seal) -> Values:
    return {
        "seal": row.pk, "at": microseconds(row.at), "count": row.ticket_count,
        "heads": row.heads, "prev": row.prev_hash, "hash": row.hash,
    }  # fmt: skip


def _rows(model: Any, **which: Any) -> Iterator[Values]:
    for row in model.objects.filter(**which).order_by("pk").values():
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _contacts(ticket: Ticket, contact: Contact | None) -> Values:
    reporter = ticket.reporter
    told = contact or Contact(
        mask_name((reporter.name if reporter else "") or ""),
        mask_phone((reporter.phone if reporter else "") or ""),
    )
    return {"is_masked": contact is None, "name": told.name, "phone": told.phone}


def _names(parts: dict[str, Any]) -> Values:
    """名称: who the numbers in the rows are; residents are not named."""
    people: set[int] = set()
    units: set[int] = set()
    for event in parts["events"]:
        kind, _sep, key = event["by"].partition(":")
        people |= {int(key)} if kind == "person" and key.isdigit() else set()
        people |= {event["data"]["for"]} if event["data"].get("for") else set()
    for name in ("ticket", *BESIDE):
        rows = [parts["ticket"]] if name == "ticket" else parts[name]
        for row in rows:
            people |= {row[key] for key in PERSON_KEYS if row.get(key)}
            units |= {row[key] for key in ("unit_id", "about_unit_id") if row.get(key)}
    points = {row["point_id"] for row in parts["check_ins"]}
    staff = Post.objects.filter(person__in=people).exclude(kind__in=OUTSIDERS)
    known = Person.objects.filter(pk__in=staff.values("person_id"))
    return {
        "people": {str(row.pk): str(row) for row in known},
        "units": {str(row.pk): row.name for row in Unit.objects.filter(pk__in=units)},
        "points": {str(row.pk): row.name for row in PatrolPoint.objects.filter(pk__in=points)},
    }


PERSON_KEYS = (
    "person_id", "handler_id", "replied_by_id", "reported_by_id", "about_person_id",
    "asked_by_id", "countersigned_by_id", "decider_id", "answered_by_id", "opened_by_id",
)  # fmt: skip
