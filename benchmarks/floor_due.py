"""The floor of due timers: bare SQL that writes the same rows under the same guards."""

import time
from datetime import datetime

import psycopg

from benchmarks import filling

TICKETS = """
SELECT id, seq FROM tickets_ticket WHERE id IN (
  SELECT ticket_id FROM tickets_timer WHERE state = 'ARMED' AND due_at <= %(at)s
  ORDER BY due_at, id LIMIT 400)
ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED
"""
CLOCKS = """
SELECT c.id, c.ticket_id, row_number() OVER (PARTITION BY c.ticket_id ORDER BY c.id)
FROM tickets_clock c
WHERE c.ticket_id = ANY(%(tickets)s) AND c.state = 'RUNNING' AND c.next_at <= %(at)s
"""
EVENTS = """
INSERT INTO tickets_event
  (ticket_id, seq, verb, by, at, from_state, to_state, data, prev_hash, hash, announced_at)
SELECT t.id, t.seq + n.nth, 'warn', 'system', %(at)s, t.state, t.state,
  '{"clock": "RESOLVE/1/1/1/LEAD", "nth": 3, "again": 0, "overdue": true}', t.head,
  md5(t.head || n.nth) || md5(t.head), %(at)s
FROM unnest(%(of)s::bigint[], %(nth)s::int[]) AS n (ticket_id, nth)
JOIN tickets_ticket t ON t.id = n.ticket_id
"""
HEADS = """
UPDATE tickets_ticket t SET seq = t.seq + n.nth, head = md5(t.head || n.nth) || md5(t.head)
FROM (SELECT ticket_id, max(nth) AS nth FROM unnest(%(of)s::bigint[], %(nth)s::int[])
  AS one (ticket_id, nth) GROUP BY ticket_id) n
WHERE n.ticket_id = t.id
"""
BREACHES = """
UPDATE tickets_clock SET breached_at = COALESCE(breached_at, due_at), fired_nth = 3,
  next_at = due_at + interval '1 day' WHERE id = ANY(%(clocks)s)
"""
TIMERS = """
INSERT INTO tickets_timer
  (ticket_id, clock_id, generation, nth, again, verb, due_at, state, fired_at, event_seq)
SELECT ticket_id, clock_id, generation, nth, %(run)s, verb, due_at, 'FIRED', %(at)s, 1
FROM tickets_timer WHERE clock_id = ANY(%(clocks)s) AND state = 'ARMED'
"""
ARMED = """
UPDATE tickets_timer SET nth = 4, due_at = due_at + interval '1 day', verb = 'escalate'
WHERE clock_id = ANY(%(clocks)s) AND state = 'ARMED'
"""
RUN = 1000
"""Which time these steps came, so that they are no others."""


def fire(at: datetime, seconds: float) -> int:
    """到点: batches of a hundred tickets for so many seconds; how many timers."""
    fired, begun = 0, time.monotonic()
    with psycopg.connect(filling.address()) as connection:
        while time.monotonic() - begun < seconds:
            tickets = connection.execute(TICKETS, {"at": at}).fetchall()
            if not tickets:
                break
            given = {"at": at, "tickets": [row[0] for row in tickets], "run": RUN}
            clocks = connection.execute(CLOCKS, given).fetchall()
            given |= {
                "clocks": [row[0] for row in clocks], "of": [row[1] for row in clocks],
                "nth": [row[2] for row in clocks],
            }  # fmt: skip
            for sql in (EVENTS, HEADS, BREACHES, TIMERS, ARMED):
                connection.execute(sql, given)
            connection.commit()
            fired += len(clocks)
    return fired
