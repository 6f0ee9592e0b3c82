"""What clocks, tickets and timers of before need; the recompute sweep makes their lights exact."""

from django.db import migrations

CLOCKS = """
WITH stood AS (
  SELECT clock_id, max(ended_at) AS until FROM tickets_pause GROUP BY clock_id
), amended AS (
  SELECT DISTINCT e.ticket_id, due.key
  FROM tickets_event e, jsonb_object_keys(e.data -> 'due') AS due (key) WHERE e.verb = 'amend'
), known AS (
  SELECT c.id, GREATEST(c.started_at, stood.until) AS since, stood.clock_id IS NOT NULL AS has_stood,
    c.promise IN ('TOTAL', 'SUSPEND') OR c.scope = 'ASSIST'
    OR c.promise = 'VERIFY' AND t.is_settled AND t.unit_id IS NULL AND t.verify_by = 'NONE'
    OR stood.until IS NOT NULL OR amended.key IS NOT NULL AS is_told
  FROM tickets_clock c
  JOIN tickets_ticket t ON t.id = c.ticket_id
  LEFT JOIN stood ON stood.clock_id = c.id
  LEFT JOIN amended ON amended.ticket_id = c.ticket_id AND amended.key = concat_ws('/',
    c.promise, c.cycle, c.leg, c.lap, coalesce(c.assist_id::text, 'LEAD'))
)
UPDATE tickets_clock c SET
  counted_from = known.since,
  soon_at = LEAST(due_at, known.since + (due_at - known.since) * 0.8),
  terms = CASE WHEN known.is_told
    THEN '@' || to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00'
    ELSE '' END,
  extended = CASE WHEN extension_days > 0 AND NOT known.is_told
    THEN extension_days::text ELSE '' END,
  has_paused = known.has_stood,
  next_at = CASE WHEN state = 'RUNNING' THEN now() END
FROM known WHERE known.id = c.id;
"""
"""A date stays what was told where its row does not say what it was made of: 全程 was a sum, others
ended when somebody said, an amendment may have counted from then; and a pause moved no date,
which those of before therefore must not do now."""

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
