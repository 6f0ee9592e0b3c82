"""Who took what out is kept: no row is changed or deleted by the app."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON tickets_export FROM hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0013_outbox_begins'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('TICKETS', '工单列表'), ('SEARCH', '查找结果'), ('APPROVALS', '审批列表'), ('ASSISTS', '协办列表'), ('INBOX', '消息列表'), ('INCIDENTS', '异常列表'), ('RECORD', '审计包')], help_text='哪个列表，或审计包。', max_length=10, verbose_name='内容')),
                ('form', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'XLSX'), ('zip', 'ZIP')], help_text='文件的格式。', max_length=4, verbose_name='格式')),
                ('asked', models.JSONField(default=dict, help_text='当时的筛选条件；审计包为工单编号和清单摘要。', verbose_name='条件')),
                ('rows', models.PositiveIntegerField(help_text='交出的数据行数，不含表头。', verbose_name='行数')),
                ('is_capped', models.BooleanField(default=False, help_text='还有更多，超过上限的没有导出。', verbose_name='已截断')),
                ('at', models.DateTimeField(help_text='何时导出的。', verbose_name='时间')),
                ('person', models.ForeignKey(blank=True, help_text='谁导出的；空为在服务器上用命令导出。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导出人')),
            ],
            options={
                'verbose_name': '导出记录',
                'verbose_name_plural': '导出记录',
                'ordering': ['-at'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='export',
            trigger=pgtrigger.compiler.Trigger(name='export_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete or update rows from % table', TG_TABLE_NAME;", hash='b38f385395212f5de70d9e38d79e21479869d185', operation='DELETE OR UPDATE', pgid='pgtrigger_export_kept_12f86', table='tickets_export', when='BEFORE')),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
