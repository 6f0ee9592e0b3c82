"""在看: who else has this ticket open; a hint among colleagues, never a lock."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from common.errors import NotYours
from grids.models import Person
from tickets import permits
from tickets.models import Looking, Ticket

GONE_AFTER = timedelta(seconds=45)
"""Two questions of an open page and a little more."""
KEPT = timedelta(days=1)
MOST = 5
LOOK = """
WITH mine AS (
    INSERT INTO tickets_looking (ticket_id, person_id, seen_at) VALUES (%(ticket)s, %(me)s, %(at)s)
    ON CONFLICT (ticket_id, person_id)
    DO UPDATE SET seen_at = greatest(tickets_looking.seen_at, excluded.seen_at)
)
SELECT p.name FROM tickets_looking l JOIN grids_person p ON p.id = l.person_id
WHERE l.ticket_id = %(ticket)s AND l.person_id <> %(me)s AND l.seen_at > %(since)s AND p.is_active
ORDER BY p.pinyin, p.name, p.id LIMIT %(most)s
"""


def look(ticket: Ticket, person: Person, *, at: datetime) -> list[str]:
    """看一眼: leaves word that this person looks, and tells who else does; one statement.

    Raises `NotYours` for whoever knows the ticket as its reporter or follower only.
    """
    if not permits.is_inside(person, ticket, at=at):
        raise NotYours(_("谁在看只对工作人员显示。"))
    asked: dict[str, Any] = {
        "ticket": ticket.pk, "me": person.pk, "at": at, "since": at - GONE_AFTER, "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LOOK, asked)
        return [str(name) for (name,) in cursor.fetchall()]


def digest(names: Sequence[str]) -> str:
    """摘要 of what is shown; empty for nobody."""
    return hashlib.sha256(repr(names).encode()).hexdigest()[:16] if names else ""


def forget(*, at: datetime) -> int:
    """遗忘: who looked at what is nobody's business the day after."""
    count, _models = Looking.objects.filter(seen_at__lt=at - KEPT).delete()
    return count
