"""A rating is given once and stays: neither changed nor deleted, and the application cannot."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    REVOKE UPDATE ON tickets_rating FROM hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0006_birth_facts_fixed'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='rating_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete or update rows from % table', TG_TABLE_NAME;", hash='93a63e99e1f42d83ee5be6eb4465707de35353d8', operation='DELETE OR UPDATE', pgid='pgtrigger_rating_kept_1b5de', table='tickets_rating', when='BEFORE')),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
