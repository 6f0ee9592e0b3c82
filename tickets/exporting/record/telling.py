"""The page of a bundle: the record in Chinese and in English, readable without anything else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from tickets import timeline
from tickets.exporting.record.gathering import Gathered
from tickets.models import Event, Ticket, Words
from tickets.record import EPOCH, MICROSECOND
from tickets.tellings import details
from tickets.words import WordsKind

LANGUAGES = ("zh-hans", "en")
PICTURE = "image/jpeg"


@dataclass(frozen=True)
class Line:
    """一条记录, as the page tells it."""

    event: Event
    title: str
    who: str
    facts: list[str]
    words: list[tuple[str, str]]
    files: list[tuple[str, str, bool]]  # kind, name in the bundle, whether it is a picture


def page(found: Gathered, *, at: datetime) -> bytes:
    """网页: no script, nothing from outside of the bundle."""
    told = []
    for language in LANGUAGES:
        with translation.override(language):
            words = {**_words(found), "language": language, "at": at}
            told.append(render_to_string("tickets/record/_told.html", words))
    text = render_to_string("tickets/record/index.html", {"told": told, "ticket": found.ticket})
    return text.encode()


def _words(found: Gathered) -> dict[str, Any]:
    ticket, parts = found.ticket, found.parts
    return {
        "ticket": ticket, "lines": lines(found), "contact": parts["contacts"],
        "clocks": ticket.clocks.select_related("unit").order_by("id"),
        "approvals": ticket.approvals.select_related("asked_by", "decider").order_by("id"),
        "assists": ticket.assists.select_related("unit").order_by("id"),
        "participations": ticket.participations.select_related("unit", "person").order_by("id"),
        "visits": ticket.check_ins.select_related("point", "person").order_by("visited_at", "id"),
        "seals": [
            {"pk": row["seal"], "at": _moment(row["at"]), "hash": row["hash"]}
            for row in parts["seals"]
        ],
    }  # fmt: skip


def lines(found: Gathered) -> list[Line]:
    """时间线: every event, internal ones as well."""
    names = timeline.names_of(found.events, Ticket.objects.all(), can_read=True)
    return [
        Line(
            event, timeline.title_of(event), _who(event, found, names),
            details(event, names),
            [(row.get_kind_display(), _said(row)) for row in found.words
             if row.event_id == event.pk],
            [(row.get_kind_display(), found.files[row.pk].name, row.media_type == PICTURE)
             for row in found.attachments if row.event_id == event.pk and row.pk in found.files],
        )
        for event in found.events
    ]  # fmt: skip


def _who(event: Event, found: Gathered, names: timeline.Names) -> str:
    kind, _sep, key = event.by.partition(":")
    if kind == "system":
        return _("系统")
    if kind == "key":
        return _("诉求人")
    if kind == "client":
        return names.clients.get(int(key)) or _("来源系统")
    people = found.parts["names"]["people"]
    name = people.get(key) or _("居民 %(key)s") % {"key": key}
    absent = people.get(str(event.data.get("for")))
    return timeline.standing_in(name, absent) if absent else str(name)


def _said(row: Words) -> str:
    if not row.salt:
        return _("已按规定脱敏")
    return row.text.replace("|", " ") if row.kind == WordsKind.PLACE else row.text


def _moment(micros: int) -> datetime:
    return EPOCH + micros * MICROSECOND
