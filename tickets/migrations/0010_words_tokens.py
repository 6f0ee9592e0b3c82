"""What texts are found by. `manage.py reindex_search` fills it for texts written before."""

import django.contrib.postgres.indexes
import pgtrigger.compiler
import pgtrigger.migrations
import tickets.models.tokens
from django.db import migrations

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    GRANT UPDATE (tokens) ON tickets_words TO hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0009_clocks_kept'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='words',
            name='words_only_erased',
        ),
        migrations.AddField(
            model_name='words',
            name='tokens',
            field=tickets.models.tokens.TokensField(editable=False, help_text='查找用；内部文字不编入，脱敏后为空。', null=True, verbose_name='词元'),
        ),
        migrations.AddIndex(
            model_name='words',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['tokens'], name='words_tokens'),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='words',
            trigger=pgtrigger.compiler.Trigger(name='words_only_erased', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NEW.event_id = OLD.event_id AND NEW.kind = OLD.kind\n               AND NEW.ticket_id = OLD.ticket_id THEN\n                IF NEW.text = '' AND NEW.salt = '' THEN\n                    NEW.tokens = NULL; -- what is gone is not found either\n                    RETURN NEW;\n                END IF;\n                IF NEW.text = OLD.text AND NEW.salt = OLD.salt AND OLD.salt <> '' THEN\n                    RETURN NEW; -- found by something else, says the same\n                END IF;\n            END IF;\n            RAISE EXCEPTION 'hubin: words may only be erased';\n        ", hash='3bd3a9df4c361562b34e287ffb95b8085e352002', operation='UPDATE', pgid='pgtrigger_words_only_erased_a6740', table='tickets_words', when='BEFORE')),
        ),
    ]
