"""A breach is written once, an ended clock stays; of a clock the app may write only its course."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    REVOKE UPDATE ON tickets_clock FROM hubin_app;
    GRANT UPDATE (state, ended_at, breached_at, due_at, extension_days, value, kind, counting,
      calendar, unit_id, person_id) ON tickets_clock TO hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0008_rows_beside_kept'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='clock',
            trigger=pgtrigger.compiler.Trigger(name='clock_breached_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.breached_at IS NOT NULL AND NEW.breached_at IS DISTINCT FROM OLD.breached_at)', func="RAISE EXCEPTION 'hubin: a breach is written once and stays';", hash='3744c11cf1c77f0c934825de6292a9f326cf1cbc', operation='UPDATE', pgid='pgtrigger_clock_breached_once_48419', table='tickets_clock', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clock',
            trigger=pgtrigger.compiler.Trigger(name='clock_over', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.ended_at IS NOT NULL AND (NEW.state, NEW.ended_at, NEW.due_at, NEW.breached_at) IS DISTINCT FROM (OLD.state, OLD.ended_at, OLD.due_at, OLD.breached_at))', func="RAISE EXCEPTION 'hubin: a clock that has ended is never changed';", hash='fc86fb73a2c8dbe6ce1d3cfc68ad20eda20ff42b', operation='UPDATE', pgid='pgtrigger_clock_over_c4589', table='tickets_clock', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clock',
            trigger=pgtrigger.compiler.Trigger(name='clock_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='389dcc49c424a0e0d5e161a700e7e2d2ffb9874c', operation='DELETE', pgid='pgtrigger_clock_kept_fe9f3', table='tickets_clock', when='BEFORE')),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
