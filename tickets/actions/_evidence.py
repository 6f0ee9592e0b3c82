"""Attachments of an event: rows, what the record vouches for, and which photos a verb needs."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import Invalid
from grids.datum import to_wgs84
from tickets import record
from tickets.attachments import Prepared, sweeping
from tickets.attachments.storing import Kept
from tickets.models import Attachment, Event, Ticket
from tickets.models.attachment import PHONES_WRITE, facts
from tickets.words import FileKind

EARTH = 6_371_000  # metres
MISSING = {FileKind.BEFORE: "before_photos", FileKind.AFTER: "after_photos"}
LEG_BEGINS = ("claim", "assign", "rework", "reopen")


def rows(files: Iterable[Kept], ticket: Ticket, by: Actor, at: datetime) -> list[Attachment]:
    """附件行: not saved yet; whether a photo was taken elsewhere is said here, once."""
    found = []
    for kept in files:
        prepared, cleaned = kept.prepared, kept.prepared.cleaned
        spot = located(cleaned.lat, cleaned.lng, ticket)
        kept.is_bound = True
        found.append(
            Attachment(
                kind=prepared.kind, media_type=cleaned.media_type, sha256=prepared.sha256,
                size=prepared.size, width=cleaned.width, height=cleaned.height,
                duration_ms=cleaned.duration_ms, name=kept.name, copies=kept.copies,
                salt=record.salt(), taken_at=cleaned.taken_at, lat=spot.lat, lng=spot.lng,
                datum=spot.datum, is_far=spot.is_far, by=by.actor_ref, at=at,
            )
        )  # fmt: skip
    return found


def entry(row: Attachment) -> list[str]:
    """记录项: kind, SHA-256 of the original, salted digest of everything else."""
    return [str(row.kind), row.sha256, record.facts_digest(row.salt, facts(row))]


def of_event(attachments: list[Attachment], event: Event) -> list[Attachment]:
    """归属: each with its event and ticket."""
    for row in attachments:
        row.event, row.ticket = event, event.ticket
    return attachments


class Spot(NamedTuple):
    """拍摄点: WGS-84; `datum` is how it had to be read to be near the ticket."""

    lat: float | None
    lng: float | None
    datum: str = ""
    is_far: bool = False


def located(lat: float | None, lng: float | None, ticket: Ticket) -> Spot:
    """拍摄点: far is what is further from the ticket than allowed however it is read.

    Some phones write what they measure, some what the map on them shows, 500 m off; the photo
    does not say which. Unknown is not far.
    """
    if lat is None or lng is None or ticket.lat is None or ticket.lng is None:
        return Spot(lat, lng)
    for datum in PHONES_WRITE:
        point = to_wgs84(lat, lng, datum)
        if metres(point, (ticket.lat, ticket.lng)) <= settings.HUBIN_FAR_METRES:
            return Spot(round(point[0], 6), round(point[1], 6), datum)
    return Spot(lat, lng, is_far=True)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """距离: along a great circle."""
    lat, lng, other_lat, other_lng = (radians(part) for part in (*one, *other))
    half = (
        sin((other_lat - lat) / 2) ** 2
        + cos(lat) * cos(other_lat) * sin((other_lng - lng) / 2) ** 2
    )
    return 2 * EARTH * asin(sqrt(half))


def check_room(ticket: Ticket, files: Sequence[Prepared]) -> None:
    """件数: so many files a ticket, else `Invalid`."""
    most = settings.HUBIN_FILES_OF_TICKET
    if files and Attachment.objects.filter(ticket=ticket).count() + len(files) > most:
        said = {"most": most}
        raise Invalid(_("一张工单最多 %(most)s 个附件，不能再加。") % said, field="files")


def require(files: Sequence[Prepared], kind: FileKind) -> None:
    """要照片: one of that kind must be there, else `Invalid` naming the field."""
    if not any(prepared.kind == kind for prepared in files):
        raise Invalid(_("请附上%(kind)s照片。") % {"kind": kind.label}, field=MISSING[kind])


def require_after(ticket: Ticket, files: Sequence[Prepared]) -> None:
    """要处置后照片: among these or handed in since the handling began."""
    is_given = any(prepared.kind == FileKind.AFTER for prepared in files)
    if not is_given and not has_after(ticket):
        require(files, FileKind.AFTER)


def has_after(ticket: Ticket) -> bool:
    """已有处置后照片: handed in since the present handling began."""
    begins = ticket.events.filter(verb__in=LEG_BEGINS).order_by("-seq").values("seq")[:1]
    rows = Attachment.objects.filter(ticket=ticket, kind=FileKind.AFTER, by__startswith="person:")
    return rows.filter(event__seq__gt=begins).exists()


def erase(ticket: Ticket, *, at: datetime) -> None:
    """脱敏: where and when it was taken is emptied now, the files go once this is committed."""
    found = Attachment.objects.filter(ticket=ticket, erased_at=None)
    if found.update(salt="", taken_at=None, lat=None, lng=None, erased_at=at):
        transaction.on_commit(sweeping.remove_erased, robust=True)
