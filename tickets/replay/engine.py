"""What time does by itself in a replay: reminders, lapses and risen turns at their own moments."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

DUE = """
SELECT name, at FROM (
  SELECT 'timers' AS name, min(due_at) AS at FROM tickets_timer WHERE state = 'ARMED'
  UNION ALL SELECT 'timers', min(legal_due_at) + interval '1 microsecond' FROM tickets_clock AS c
    WHERE state = 'RUNNING' AND legal_due_at IS NOT NULL AND legal_breached_at IS NULL
    AND NOT EXISTS (
      SELECT FROM tickets_approval AS a WHERE a.ticket_id = c.ticket_id AND a.state = 'PENDING'
      AND a.kind = 'suspend' AND a.asked_at <= least(c.due_at, c.legal_due_at)
    )
  UNION ALL SELECT 'approvals', min(due_at) FROM tickets_approval
    WHERE state = 'PENDING' AND risen_at IS NULL
  UNION ALL SELECT 'inquiries', min(asked_until) FROM tickets_ticket WHERE asked_until IS NOT NULL
  UNION ALL SELECT 'turns', min(turn_rises_at) FROM tickets_ticket
    WHERE state = 'RESOLVED' AND risen_at IS NULL AND turn IN ('GRID', 'REPORTER')
) due WHERE at IS NOT NULL ORDER BY at LIMIT 1
"""


@dataclass(frozen=True)
class Due:
    """到期: which sweep, and since when."""

    name: str
    at: datetime


def next_due() -> Due | None:
    """下一件到期: the earliest of all kinds, in one statement over partial indexes."""
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        row = cursor.fetchone()
    return None if row is None else Due(*row)
