"""Walk the whole record in one snapshot, a few statements a batch, in constant memory."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.translation import ngettext

from common.snapshot import snapshot
from tickets.actions._move import BIRTH, TRACKED
from tickets.models import (
    Approval,
    Assist,
    Attachment,
    Clock,
    Event,
    Follower,
    Participation,
    Rating,
    Supervision,
    Ticket,
    Words,
)
from tickets.proof import beside, evidence, links, replay, said, sealed
from tickets.proof.facts import (
    ApprovalFacts,
    AssistFacts,
    AttachmentFacts,
    Beside,
    Breach,
    ClockFacts,
    EventFacts,
    FollowerFacts,
    PartFacts,
    RatingFacts,
    SupervisionFacts,
    Tally,
    TicketFacts,
    WordsFacts,
)
from tickets.proof.numbers import Numbers
from tickets.proof.seal_file import SealFile
from tickets.record import plain

BATCH = 500
BESIDE: dict[str, tuple[type[Any], type[Model]]] = {
    "ratings": (RatingFacts, Rating),
    "approvals": (ApprovalFacts, Approval),
    "assists": (AssistFacts, Assist),
    "supervisions": (SupervisionFacts, Supervision),
    "parts": (PartFacts, Participation),
    "followers": (FollowerFacts, Follower),
    "clocks": (ClockFacts, Clock),
    "attachments": (AttachmentFacts, Attachment),
}
PLAIN = ("pk", "number", "state", "seq", "head", "sealed_seq", "lat", "lng", "address")
ORPHANS = """
SELECT ticket_id, count(*) FROM (
  SELECT ticket_id FROM tickets_event UNION ALL SELECT ticket_id FROM tickets_words
  UNION ALL SELECT ticket_id FROM tickets_attachment
) AS kept
WHERE NOT EXISTS (SELECT FROM tickets_ticket t WHERE t.id = kept.ticket_id)
GROUP BY ticket_id ORDER BY ticket_id
"""


def verify(*, tally: Tally, seals: Path | None = None, with_files: bool = True) -> Iterator[Breach]:
    """核验: every breach of the record, one by one; `tally` counts what was looked at.

    `with_files`: reads every file that is kept, too.
    """
    file = SealFile(seals) if seals is not None else None
    checks = [_record(tally, with_files)]
    if file is not None:
        # the file first: a line that is there has its row in every later snapshot
        checks = [file.check(), *checks, file.check_tail()]
    for check in checks:
        for breach in check:
            tally.breaches += 1
            yield breach


def _record(tally: Tally, with_files: bool) -> Iterator[Breach]:
    numbers = Numbers()
    with snapshot():
        for ticket, events, words, rows in walk():
            tally.tickets += 1
            tally.events += len(events)
            tally.unsealed += ticket.seq > ticket.sealed_seq
            yield from numbers.add(ticket.number)
            yield from links.check(ticket, events)
            yield from replay.check(ticket, events, words)
            yield from said.check(ticket.number, events, words, tally)
            yield from beside.check(ticket.number, events, rows)
            yield from evidence.check(ticket.number, events, rows.attachments, tally)
            if with_files:
                yield from evidence.check_files(ticket.number, rows.attachments)
        yield from _orphans()
        yield from numbers.check()
        yield from sealed.check(tally)


def walk() -> Iterator[tuple[TicketFacts, list[EventFacts], list[WordsFacts], Beside]]:
    """Every ticket with its events by seq, its words and all else by id; a statement a table."""
    after = 0
    while batch := _tickets(after):
        ids = [ticket.pk for ticket in batch]
        events = _by_ticket(EventFacts, Event, ids, "seq")
        words = _by_ticket(WordsFacts, Words, ids, "id")
        rows = {name: _by_ticket(kind, model, ids, "id") for name, (kind, model) in BESIDE.items()}
        for ticket in batch:
            kept = Beside(**{name: found.get(ticket.pk, []) for name, found in rows.items()})
            yield ticket, events.get(ticket.pk, []), words.get(ticket.pk, []), kept
        after = ids[-1]


def _tickets(after: int) -> list[TicketFacts]:
    rows: Any = Ticket.objects.filter(pk__gt=after).order_by("pk")
    return [
        TicketFacts._make(
            (
                *(row[name] for name in PLAIN),
                {name: row[name] for name in TRACKED},
                {name: plain(row[name]) for name in BIRTH},
            )
        )
        for row in rows.values(*PLAIN, *TRACKED, *BIRTH)[:BATCH]
    ]


def _by_ticket(kind: Any, model: Any, ids: list[int], order: str) -> dict[int, list[Any]]:
    rows = model.objects.filter(ticket_id__in=ids).order_by("ticket_id", order)
    facts = (kind(*row) for row in rows.values_list(*kind._fields))
    return {pk: list(own) for pk, own in groupby(facts, key=lambda row: row.ticket_id)}


def _orphans() -> Iterator[Breach]:
    with connection.cursor() as cursor:
        cursor.execute(ORPHANS)
        found = cursor.fetchall()
    for ticket_id, count in found:
        said = ngettext(
            "还有 %(count)s 条记录和文本，工单不见了：被删除",
            "还有 %(count)s 条记录和文本，工单不见了：被删除",
            count,
        )
        yield Breach(f"ticket id {ticket_id}", said % {"count": count})
