"""Prepares clones for what time does to them: their dates add up, and their steps come due."""

from collections.abc import Callable
from datetime import datetime

import psycopg

from benchmarks import filling
from benchmarks.load import REPLICA
from common.rows import rows, write
from tickets.actions import _timers
from tickets.actions._dates import Dates, read_pauses
from tickets.models import Clock, Pause, Ticket

CHUNK = 500
SETTLED = ("due_at", "soon_at", "legal_due_at", "is_provisional", "computed_rev", "next_at")
SHOWN = """
UPDATE tickets_ticket t SET due_at = c.due_at, soon_at = c.soon_at, due_promise = c.promise
FROM (SELECT DISTINCT ON (ticket_id) * FROM tickets_clock
  WHERE state = 'RUNNING' AND scope = 'LEAD' ORDER BY ticket_id, due_at, id) c
WHERE c.ticket_id = t.id AND t.ended_at IS NULL
"""
CLOCKS = """
UPDATE tickets_clock SET
  has_paused = false, extended = '', grace_from = NULL, grace_until = NULL, fired_nth = 2,
  counted_from = %(at)s::timestamptz - interval '10 days',
  soon_at = %(at)s::timestamptz - interval '2 days',
  due_at = %(at)s::timestamptz - interval '1 second' * (id %% 60),
  next_at = %(at)s::timestamptz - interval '1 second' * (id %% 60),
  terms = '@' || to_char((%(at)s::timestamptz - interval '1 second' * (id %% 60))
    AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00'
WHERE state = 'RUNNING' AND breached_at IS NULL AND legal_breached_at IS NULL AND fired_nth < 3
  AND promise NOT IN ('RATE', 'SUSPEND') AND ticket_id %% %(parts)s = %(part)s
"""
"""Windows only run out; a step that has come does not come again."""
TIMERS = """
UPDATE tickets_timer t SET due_at = c.due_at, nth = 3, again = 0, verb = 'warn'
FROM tickets_clock c
WHERE c.id = t.clock_id AND t.state = 'ARMED' AND c.next_at = c.due_at AND c.fired_nth = 2
  AND c.ticket_id %% %(parts)s = %(part)s
"""


def settle(at: datetime) -> None:
    """理清: dates and next steps of clones by what holds now, wherever in time they were moved."""
    after = 0
    while clocks := rows(
        Clock, "WHERE state = 'RUNNING' AND id > %s ORDER BY id LIMIT %s", [after, CHUNK]
    ):
        after = clocks[-1].pk
        paused = [one.pk for one in clocks if one.has_paused]
        pauses = read_pauses(Pause.objects.filter(clock__in=paused))
        tickets = Ticket.objects.in_bulk({one.ticket_id for one in clocks})
        timers = []
        for clock in clocks:
            dates = Dates(tickets[clock.ticket_id])
            dates.know(pauses)
            dates.reckon(clock, at=at)
            step = dates.course(clock).next(at, fired_nth=clock.fired_nth)
            clock.next_at = step.due_at
            timers.append(_timers.live(clock, step))
        write(clocks, SETTLED)
        _timers.save(timers)
    _as_owner(lambda owner: owner.execute(SHOWN))


def run_out(at: datetime, part: int, parts: int) -> None:
    """到期: the overdue step of what runs is due, in one part of the tickets."""
    given = {"at": at, "part": part, "parts": parts}

    def act(owner: "psycopg.Connection[tuple[object, ...]]") -> None:
        owner.execute(CLOCKS, given)
        owner.execute(TIMERS, given)
        owner.execute(SHOWN)

    _as_owner(act)


def _as_owner(act: Callable[["psycopg.Connection[tuple[object, ...]]"], object]) -> None:
    with psycopg.connect(filling.address()) as owner:
        allowed = owner.execute(REPLICA).fetchone()
        if allowed and allowed[0]:
            owner.execute("SET session_replication_role = replica")
        act(owner)
        for table in ("tickets_clock", "tickets_timer", "tickets_ticket"):
            owner.execute(f"ANALYZE {table}")
