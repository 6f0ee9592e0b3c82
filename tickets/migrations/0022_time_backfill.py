"""What clocks, tickets and timers of before need; the recompute sweep makes their dates exact."""

from django.db import migrations

CLOCKS = """
UPDATE tickets_clock SET
  counted_from = started_at,
  soon_at = LEAST(due_at, started_at + (due_at - started_at) * 0.8),
  terms = CASE WHEN promise IN ('TOTAL', 'SUSPEND') OR scope = 'ASSIST'
      OR promise = 'VERIFY' AND EXISTS (SELECT FROM tickets_ticket t WHERE t.id = ticket_id
        AND t.is_settled AND t.unit_id IS NULL AND t.verify_by = 'NONE')
    THEN '@' || to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00'
    ELSE '' END,
  extended = CASE WHEN extension_days > 0 AND promise <> 'TOTAL'
    THEN extension_days::text ELSE '' END,
  has_paused = EXISTS (SELECT FROM tickets_pause p WHERE p.clock_id = tickets_clock.id),
  next_at = CASE WHEN state = 'RUNNING' THEN now() END;
"""
"""Of 全程 nobody kept what it was made of; the others end when somebody said. So they stay what
was told."""

TICKETS = """
UPDATE tickets_ticket t SET
  soon_at = LEAST(c.soon_at, t.due_at), due_promise = c.promise,
  due_calendar = CASE
    WHEN c.kind IN ('URGENT_HOUR', 'NATURAL_DAY') AND c.counting <> 'CIVIL' THEN ''
    ELSE c.calendar END
FROM (
  SELECT DISTINCT ON (ticket_id) ticket_id, promise, kind, counting, calendar, soon_at
  FROM tickets_clock
  WHERE state = 'RUNNING' AND scope = 'LEAD' AND ended_at IS NULL
  ORDER BY ticket_id, due_at, id
) c
WHERE c.ticket_id = t.id AND t.due_at IS NOT NULL;
"""

TIMERS = """
INSERT INTO tickets_timer
  (ticket_id, clock_id, generation, nth, again, verb, due_at, state)
SELECT ticket_id, id, generation, 0, 0, 'lapse', now(), 'ARMED'
FROM tickets_clock WHERE state = 'RUNNING';
"""
"""The step before the first: it fires at once and arms the next that is still to come."""

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    GRANT UPDATE (counted_from, terms, extended, grace_from, grace_until, soon_at, is_provisional,
      computed_rev, legal_value, legal_kind, legal_counting, legal_due_at, legal_breached_at,
      generation, fired_nth, has_paused, next_at) ON tickets_clock TO hubin_app;
    GRANT UPDATE (due_at) ON tickets_assist TO hubin_app;
    REVOKE UPDATE, DELETE, TRUNCATE ON tickets_timer FROM hubin_app;
    GRANT UPDATE (generation, nth, again, verb, due_at, state) ON tickets_timer TO hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0021_time_columns")]

    operations = [
        migrations.RunSQL(CLOCKS, migrations.RunSQL.noop),
        migrations.RunSQL(TICKETS, migrations.RunSQL.noop),
        migrations.RunSQL(TIMERS, migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
