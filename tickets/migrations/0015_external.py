"""Other systems: who they are, their numbers and codes, which tickets they handed in."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON tickets_externalref FROM hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grids', '0002_api_token'),
        ('tickets', '0014_export'),
    ]

    operations = [
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='如“12345 热线”；记录里显示这个名称。', max_length=60, unique=True, verbose_name='名称')),
                ('source', models.CharField(choices=[('PAGE', '网页'), ('QR', '扫码'), ('PHONE', '电话'), ('VISIT', '来访'), ('GRID_APP', '网格巡查'), ('OPEN311', '开放接口'), ('SENSOR', '物联感知'), ('REGISTER', '登记系统'), ('INSPECTION', '联合检查'), ('IMPORT', '历史迁入'), ('HOTLINE', '12345 热线'), ('CITY', '数字城管'), ('POLICE', '110 非警务'), ('PARTNER', '其他系统')], help_text='它交来的工单记作什么渠道。', max_length=12, verbose_name='来源')),
                ('origin', models.CharField(choices=[('RESIDENT', '诉求人'), ('PATROL', '主动发现'), ('MACHINE', '物联')], default='RESIDENT', help_text='转来的是诉求人的诉求，还是巡查或设备发现的问题；只有诉求人的要答复。', max_length=8, verbose_name='由谁提出')),
                ('takes_unknown_codes', models.BooleanField(default=False, help_text='不选：代码没有对照就退回；选上：照收，代码写给受理员看。', verbose_name='代码没有对照也收')),
                ('is_active', models.BooleanField(default=True, help_text='停用后令牌一律无效。', verbose_name='启用')),
                ('made_at', models.DateTimeField(help_text='何时登记的。', verbose_name='登记时间')),
            ],
            options={
                'verbose_name': '来源系统',
                'verbose_name_plural': '来源系统',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ClientToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='哪个程序在用，如“热线对接”。', max_length=60, verbose_name='名称')),
                ('prefix', models.CharField(help_text='认出它用的前几位。', max_length=12, verbose_name='开头')),
                ('key_hash', models.CharField(help_text='令牌的 SHA-256；令牌本身不保存。', max_length=64, unique=True, verbose_name='摘要')),
                ('scopes', models.JSONField(default=list, help_text='可以做哪几类事。', verbose_name='权限范围')),
                ('made_at', models.DateTimeField(help_text='何时发的。', verbose_name='发放时间')),
                ('expires_at', models.DateTimeField(help_text='到此时失效，最长一年。', verbose_name='到期')),
                ('used_at', models.DateTimeField(blank=True, help_text='最多每小时记一次。', null=True, verbose_name='最近使用')),
                ('revoked_at', models.DateTimeField(blank=True, help_text='吊销后不再有效，不能恢复。', null=True, verbose_name='吊销时间')),
            ],
            options={
                'verbose_name': '来源系统的令牌',
                'verbose_name_plural': '来源系统的令牌',
                'ordering': ['-made_at', '-id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CodeMap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('CATEGORY', '类别'), ('DIVISION', '区划'), ('NATURE', '诉求类型'), ('URGENCY', '紧急程度'), ('UNIT', '承办单位')], help_text='是什么的代码。', max_length=8, verbose_name='种类')),
                ('theirs', models.CharField(help_text='对方系统里的代码。', max_length=64, verbose_name='对方代码')),
                ('ours', models.CharField(help_text='类别、区划、单位填代码，诉求类型和紧急程度填英文代码，如 COMPLAINT。', max_length=64, verbose_name='本系统代码')),
            ],
            options={
                'verbose_name': '代码对照',
                'verbose_name_plural': '代码对照',
                'ordering': ['client', 'kind', 'theirs'],
            },
        ),
        migrations.CreateModel(
            name='ExternalRef',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='系统有几种编号时，是哪一种；默认 case。', max_length=24, verbose_name='种类')),
                ('theirs', models.CharField(help_text='对方系统里的编号。', max_length=64, verbose_name='外部编号')),
                ('body_hash', models.CharField(help_text='交来的内容；同号再来时比对是否同一份。', max_length=64, verbose_name='内容摘要')),
                ('at', models.DateTimeField(help_text='何时交来的。', verbose_name='时间')),
            ],
            options={
                'verbose_name': '外部编号',
                'verbose_name_plural': '外部编号',
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='ticket',
            name='ticket_fixed',
        ),
        migrations.AlterField(
            model_name='routingrule',
            name='source',
            field=models.CharField(blank=True, choices=[('PAGE', '网页'), ('QR', '扫码'), ('PHONE', '电话'), ('VISIT', '来访'), ('GRID_APP', '网格巡查'), ('OPEN311', '开放接口'), ('SENSOR', '物联感知'), ('REGISTER', '登记系统'), ('INSPECTION', '联合检查'), ('IMPORT', '历史迁入'), ('HOTLINE', '12345 热线'), ('CITY', '数字城管'), ('POLICE', '110 非警务'), ('PARTNER', '其他系统')], help_text='空为不限。', max_length=12, verbose_name='来源'),
        ),
        migrations.AlterField(
            model_name='sourcepolicy',
            name='source',
            field=models.CharField(choices=[('PAGE', '网页'), ('QR', '扫码'), ('PHONE', '电话'), ('VISIT', '来访'), ('GRID_APP', '网格巡查'), ('OPEN311', '开放接口'), ('SENSOR', '物联感知'), ('REGISTER', '登记系统'), ('INSPECTION', '联合检查'), ('IMPORT', '历史迁入'), ('HOTLINE', '12345 热线'), ('CITY', '数字城管'), ('POLICE', '110 非警务'), ('PARTNER', '其他系统')], help_text='渠道。', max_length=12, unique=True, verbose_name='来源'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='source',
            field=models.CharField(choices=[('PAGE', '网页'), ('QR', '扫码'), ('PHONE', '电话'), ('VISIT', '来访'), ('GRID_APP', '网格巡查'), ('OPEN311', '开放接口'), ('SENSOR', '物联感知'), ('REGISTER', '登记系统'), ('INSPECTION', '联合检查'), ('IMPORT', '历史迁入'), ('HOTLINE', '12345 热线'), ('CITY', '数字城管'), ('POLICE', '110 非警务'), ('PARTNER', '其他系统')], help_text='渠道。', max_length=12, verbose_name='来源'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='client',
            field=models.ForeignKey(blank=True, db_index=False, help_text='由哪个系统交来；其余为空。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='tickets.client', verbose_name='来源系统'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticket',
            trigger=pgtrigger.compiler.Trigger(name='ticket_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."is_anonymous" IS DISTINCT FROM (NEW."is_anonymous") OR OLD."is_historic" IS DISTINCT FROM (NEW."is_historic") OR OLD."is_on_behalf" IS DISTINCT FROM (NEW."is_on_behalf") OR OLD."is_sampled" IS DISTINCT FROM (NEW."is_sampled") OR OLD."is_settled" IS DISTINCT FROM (NEW."is_settled") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."origin" IS DISTINCT FROM (NEW."origin") OR OLD."reported_at" IS DISTINCT FROM (NEW."reported_at") OR OLD."reported_by_id" IS DISTINCT FROM (NEW."reported_by_id") OR OLD."reporter_id" IS DISTINCT FROM (NEW."reporter_id") OR OLD."reporter_person_id" IS DISTINCT FROM (NEW."reporter_person_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."source_profile" IS DISTINCT FROM (NEW."source_profile"))', func="RAISE EXCEPTION 'hubin: how ticket % was born is never changed', OLD.number;", hash='9accf8d9f3f3c9d0cb35b9a17c30f6162c6b0c3f', operation='UPDATE', pgid='pgtrigger_ticket_fixed_c8739', table='tickets_ticket', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('client__isnull', False)), fields=['client', 'due_at', 'id'], name='client_due'),
        ),
        migrations.AddField(
            model_name='clienttoken',
            name='client',
            field=models.ForeignKey(help_text='哪个系统在用；系统停用时同时失效。', on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='tickets.client', verbose_name='来源系统'),
        ),
        migrations.AddField(
            model_name='codemap',
            name='client',
            field=models.ForeignKey(help_text='哪个系统的代码。', on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='tickets.client', verbose_name='来源系统'),
        ),
        migrations.AddField(
            model_name='externalref',
            name='client',
            field=models.ForeignKey(help_text='哪个系统的编号。', on_delete=django.db.models.deletion.PROTECT, related_name='refs', to='tickets.client', verbose_name='来源系统'),
        ),
        migrations.AddField(
            model_name='externalref',
            name='ticket',
            field=models.ForeignKey(help_text='对应哪张工单。', on_delete=django.db.models.deletion.PROTECT, related_name='external_refs', to='tickets.ticket', verbose_name='工单'),
        ),
        migrations.AddConstraint(
            model_name='clienttoken',
            constraint=models.UniqueConstraint(fields=('client', 'name'), name='client_token_name_once'),
        ),
        migrations.AddConstraint(
            model_name='codemap',
            constraint=models.UniqueConstraint(fields=('client', 'kind', 'theirs'), name='code_map_once'),
        ),
        migrations.AddIndex(
            model_name='externalref',
            index=models.Index(fields=['theirs'], name='external_ref_theirs'),
        ),
        migrations.AddConstraint(
            model_name='externalref',
            constraint=models.UniqueConstraint(fields=('client', 'kind', 'theirs'), name='external_ref_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='externalref',
            trigger=pgtrigger.compiler.Trigger(name='external_ref_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete or update rows from % table', TG_TABLE_NAME;", hash='27ee502fef2ec30e4fbb5f9ab8f61c965c5148cf', operation='DELETE OR UPDATE', pgid='pgtrigger_external_ref_kept_a674a', table='tickets_externalref', when='BEFORE')),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
