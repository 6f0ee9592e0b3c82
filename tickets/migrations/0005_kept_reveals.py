"""What is looked at, decided, rated or taken part in stays: no row of it is deleted by the app."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON tickets_reveal FROM hubin_app;
    REVOKE DELETE, TRUNCATE ON tickets_approval, tickets_rating, tickets_participation,
      tickets_clock, tickets_pause, tickets_follower, tickets_followkey, tickets_assist,
      tickets_supervision, tickets_ticketlink FROM hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_reporter_without_contact")]
    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="reveal",
            trigger=pgtrigger.compiler.Trigger(
                name="reveal_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete or update rows from % table',"
                    " TG_TABLE_NAME;",
                    hash="b6c203d34a60aec50e296b0d262b536fe51f37ff",
                    operation="DELETE OR UPDATE",
                    pgid="pgtrigger_reveal_kept_4a6dd",
                    table="tickets_reveal",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
