"""One row a ticket for all it is found by, so that words may stand in different texts of it.

Filled from what the texts carried until now; `manage.py reindex_search` fills the rest.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import tickets.models.tokens
from django.db import migrations, models

FILL = """
INSERT INTO tickets_findable (ticket_id, tokens)
SELECT w.ticket_id, (
  string_agg(w.tokens::text, ' ') || coalesce(
    (SELECT string_agg(' ''~u' || p.unit_id || '''', '')
     FROM tickets_participation p WHERE p.ticket_id = w.ticket_id), '')
)::tsvector
FROM tickets_words w WHERE w.tokens IS NOT NULL AND w.salt <> ''
GROUP BY w.ticket_id HAVING bool_or(w.kind = 'REPORT') ORDER BY w.ticket_id;
"""
MEMORY = "SET LOCAL maintenance_work_mem = '512MB'"
USUAL = "SET LOCAL maintenance_work_mem TO DEFAULT"


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0015_external'),
    ]

    operations = [
        migrations.CreateModel(
            name='Findable',
            fields=[
                ('ticket', models.OneToOneField(db_constraint=False, help_text='哪张工单；脱敏后没有这一行。', on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='tickets.ticket', verbose_name='工单')),
                ('tokens', tickets.models.tokens.TokensField(editable=False, help_text='诉求、补充、答复、地址、编号的词元，和区划、单位、本人的标记。', verbose_name='词元')),
            ],
            options={
                'verbose_name': '查找件',
                'verbose_name_plural': '查找件',
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name='words',
            name='words_tokens',
        ),
        migrations.AlterField(
            model_name='words',
            name='tokens',
            field=tickets.models.tokens.TokensField(editable=False, help_text='交给查找件的词元；写入后即为空，内部文字没有。', null=True, verbose_name='词元'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participation',
            trigger=pgtrigger.compiler.Trigger(name='participation_found', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            UPDATE tickets_findable\n            SET tokens = tokens || array_to_tsvector(ARRAY['~u' || NEW.unit_id])\n            WHERE ticket_id = NEW.ticket_id\n              AND NOT tokens @@ quote_literal('~u' || NEW.unit_id)::tsquery;\n            RETURN NULL;\n        ", hash='8015d414e718ca258ce50a8ba527bc92a8080d60', operation='INSERT', pgid='pgtrigger_participation_found_b75ce', table='tickets_participation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='words',
            trigger=pgtrigger.compiler.Trigger(name='words_found', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.tokens IS NOT NULL)', func="\n            IF NEW.kind = 'REPORT' THEN\n                INSERT INTO tickets_findable AS f (ticket_id, tokens)\n                VALUES (NEW.ticket_id, NEW.tokens)\n                ON CONFLICT (ticket_id) DO UPDATE SET tokens = f.tokens || EXCLUDED.tokens;\n            ELSE\n                UPDATE tickets_findable SET tokens = tokens || NEW.tokens\n                WHERE ticket_id = NEW.ticket_id;\n            END IF;\n            NEW.tokens = NULL; -- they are kept once, for the whole ticket\n            RETURN NEW;\n        ", hash='d19f44ec1f42e9d5691013cbb274f69f845cc22d', operation='INSERT', pgid='pgtrigger_words_found_2ed54', table='tickets_words', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='words',
            trigger=pgtrigger.compiler.Trigger(name='words_lost', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.text = '' AND NEW.salt = '')", func='\n            DELETE FROM tickets_findable WHERE ticket_id = NEW.ticket_id;\n            RETURN NULL;\n        ', hash='89410fffe7c0548e0201b9f3af6f3ae6a63af570', operation='UPDATE OF "text"', pgid='pgtrigger_words_lost_74404', table='tickets_words', when='AFTER')),
        ),
        migrations.RunSQL(MEMORY, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='findable',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['tokens'], name='findable_tokens'),
        ),
        migrations.RunSQL(USUAL, migrations.RunSQL.noop),
    ]
