"""What pgtrigger cannot say: no TRUNCATE of the record, and the rights of the application role.

Triggers stop accidents, privileges stop people (DESIGN §3.4): hubin_app may read and append
events, and touch nothing of them but `announced_at`.
"""

from django.db import migrations

KEPT = ("tickets_ticket", "tickets_event", "tickets_words", "tickets_seal")

TRUNCATE_GUARD = """
CREATE FUNCTION hubin_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'hubin: % holds the record and is never truncated', TG_TABLE_NAME;
END $$;
""" + "".join(
    f"CREATE TRIGGER hubin_no_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION hubin_refuse_truncate();\n"
    for table in KEPT
)

UNGUARD = "".join(f"DROP TRIGGER hubin_no_truncate ON {table};\n" for table in KEPT) + (
    "DROP FUNCTION hubin_refuse_truncate();"
)

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    REVOKE DELETE, TRUNCATE ON tickets_ticket, tickets_event, tickets_words, tickets_seal
      FROM hubin_app;
    REVOKE UPDATE ON tickets_event, tickets_words, tickets_seal FROM hubin_app;
    GRANT UPDATE (announced_at) ON tickets_event TO hubin_app;
    GRANT UPDATE (text, salt) ON tickets_words TO hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial"), ("common", "0001_privileges")]
    operations = [
        migrations.RunSQL(TRUNCATE_GUARD, UNGUARD),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
