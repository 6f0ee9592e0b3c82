"""Who looked for a number is kept: no row is changed or deleted by the app."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON tickets_phonelookup FROM hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0011_attachment'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PhoneLookup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone_hash', models.CharField(help_text='带密钥的摘要，不存号码本身。', max_length=64, verbose_name='电话检索')),
                ('reason', models.CharField(help_text='为什么要查。', max_length=120, verbose_name='理由')),
                ('found', models.PositiveSmallIntegerField(help_text='给查找人看了几张工单。', verbose_name='找到')),
                ('at', models.DateTimeField(help_text='何时查的。', verbose_name='时间')),
                ('person', models.ForeignKey(help_text='谁查的。', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='查找人')),
            ],
            options={
                'verbose_name': '按电话查找记录',
                'verbose_name_plural': '按电话查找记录',
                'ordering': ['-at'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='phonelookup',
            trigger=pgtrigger.compiler.Trigger(name='phone_lookup_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete or update rows from % table', TG_TABLE_NAME;", hash='2000c8dc27286da960b91af731df3b6862b4c3cd', operation='DELETE OR UPDATE', pgid='pgtrigger_phone_lookup_kept_8c018', table='tickets_phonelookup', when='BEFORE')),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
