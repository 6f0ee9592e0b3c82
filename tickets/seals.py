"""Seals: hourly links over the heads that changed (DESIGN §3.4)."""

import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection, transaction

from tickets.models import Seal, Ticket
from tickets.record import seal_hash

EVERY = timedelta(hours=1)
BATCH = 5_000
BLOCK = 64 * 1024
LOCK = 0x48756269  # "Hubi": one sealer at a time


def seal(*, at: datetime) -> int:
    """封存: seals every changed head, in links of at most 5,000; returns how many links.

    The line also goes to a file outside the database, which is what makes a rewritten chain
    detectable even by the owner of the database.
    """
    made = 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            row = _link(at)
        if row is None:
            break
        made += 1
    write_missing(Path(settings.HUBIN_SEAL_FILE))
    return made


def seal_overdue(*, at: datetime) -> int:
    """补封: seals where the newest seal is older than an hour, or where there is none."""
    newest = Seal.objects.order_by("-id").values_list("at", flat=True).first()
    return seal(at=at) if newest is None or at - newest >= EVERY else 0


def line(row: Seal) -> str:
    """封存行: one JSON line as it stands in the file."""
    return json.dumps(
        {
            "seal": row.pk, "at": row.at.isoformat(), "tickets": row.ticket_count,
            "prev": row.prev_hash, "hash": row.hash, "heads": row.heads.splitlines(),
        },
        ensure_ascii=False,
    )  # fmt: skip


def _link(at: datetime) -> Seal | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_ticket SET sealed_seq = seq WHERE id IN (SELECT id FROM"
            " tickets_ticket WHERE seq > sealed_seq ORDER BY id LIMIT %s FOR UPDATE)"
            " RETURNING number, seq, head",
            [BATCH],
        )
        changed = sorted(cursor.fetchall())
    if not changed:
        return None
    heads = "\n".join(f"{number} {seq} {head}" for number, seq, head in changed)
    last = Seal.objects.order_by("-id").first()
    prev, count = (last.hash if last else ""), Ticket.objects.count()
    return Seal.objects.create(
        at=at, ticket_count=count, heads=heads, prev_hash=prev,
        hash=seal_hash(prev=prev, at=at, count=count, heads=heads),
    )  # fmt: skip


def write_missing(path: Path) -> int:
    """补写: appends every seal after the last one in the file; returns how many.

    A crash between commit and append leaves a gap that the next run fills.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _mend(file)
        rows = list(Seal.objects.filter(pk__gt=_last_seal(file)).order_by("pk"))
        for row in rows:
            file.write(line(row).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return len(rows)


def _mend(file: BinaryIO) -> None:
    """A crash while appending leaves a piece of a line: it is taken off and written anew."""
    _start, tail = next(_lines_backwards(file), (0, b""))
    if not tail or tail.endswith(b"\n"):
        return
    if _number(tail):
        file.write(b"\n")  # only its end was missing
    else:
        file.truncate(_start)


def _last_seal(file: BinaryIO) -> int:
    """The newest seal in the file; a whole line that is none stays, for verify_chain to name."""
    return next((number for _at, text in _lines_backwards(file) if (number := _number(text))), 0)


def _number(text: bytes) -> int:
    try:
        return int(json.loads(text)["seal"])
    except (ValueError, KeyError, TypeError):
        return 0


def _lines_backwards(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line with where it begins, the last one first: the file grows for years."""
    end = file.seek(0, os.SEEK_END)
    held = b""  # read, but its beginning not yet found
    while end:
        start = max(end - BLOCK, 0)
        file.seek(start)
        held = file.read(end - start) + held
        end = start
        while (cut := held.rfind(b"\n", 0, -1)) >= 0:
            yield start + cut + 1, held[cut + 1 :]
            held = held[: cut + 1]
    if held:
        yield 0, held
