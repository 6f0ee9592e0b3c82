"""Give the application role its rights on every table of this schema, now and later.

Tables of the record take some of them back in their own migrations (DESIGN §3.4). Where the
role does not exist (a database used by one role only) nothing happens.
"""

from django.db import migrations

GRANT = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    GRANT USAGE ON SCHEMA public TO hubin_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO hubin_app;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO hubin_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
      GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hubin_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
      GRANT USAGE, SELECT ON SEQUENCES TO hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(GRANT, migrations.RunSQL.noop)]
