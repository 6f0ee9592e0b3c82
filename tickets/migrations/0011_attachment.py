"""附件: append-only like the record, erasable by rule; categories may ask for an after-photo."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

GUARD = """
CREATE TRIGGER hubin_no_truncate BEFORE TRUNCATE ON tickets_attachment
  FOR EACH STATEMENT EXECUTE FUNCTION hubin_refuse_truncate();
"""
UNGUARD = "DROP TRIGGER hubin_no_truncate ON tickets_attachment;"

RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON tickets_attachment FROM hubin_app;
    GRANT UPDATE (name, salt, taken_at, lat, lng, erased_at) ON tickets_attachment TO hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0010_words_tokens'),
    ]

    operations = [
        migrations.AddField(
            model_name='category',
            name='needs_after_photo',
            field=models.BooleanField(default=False, help_text='办结时必须有处置后照片。', verbose_name='办结要照片'),
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('NEAR', '近景'), ('FAR', '全景'), ('REFERENCE', '参照'), ('BEFORE', '处置前'), ('AFTER', '处置后'), ('AUDIO', '录音'), ('VIDEO', '视频'), ('PDF', 'PDF 文件')], help_text='照片是哪一种，或是录音、视频、PDF。', max_length=10, verbose_name='种类')),
                ('media_type', models.CharField(help_text='清理后文件的格式，由内容判定。', max_length=40, verbose_name='格式')),
                ('sha256', models.CharField(help_text='收到的原件的 SHA-256。', max_length=64, verbose_name='原件摘要')),
                ('size', models.PositiveIntegerField(help_text='收到的原件有多大。', verbose_name='原件字节数')),
                ('width', models.PositiveIntegerField(blank=True, help_text='清理后的像素；录音和 PDF 为空。', null=True, verbose_name='宽')),
                ('height', models.PositiveIntegerField(blank=True, help_text='清理后的像素；录音和 PDF 为空。', null=True, verbose_name='高')),
                ('duration_ms', models.PositiveIntegerField(blank=True, help_text='录音和视频的长度。', null=True, verbose_name='时长毫秒')),
                ('name', models.CharField(blank=True, help_text='随机；删除文件后为空。', max_length=60, verbose_name='存储名')),
                ('copies', models.JSONField(default=dict, help_text='每个副本的 SHA-256：清理件、显示件、缩略图、公开件。', verbose_name='副本')),
                ('salt', models.CharField(blank=True, help_text='记录里存各项的带盐摘要；脱敏后为空。', max_length=32, verbose_name='盐')),
                ('taken_at', models.DateTimeField(blank=True, help_text='照片里记的时间，未经核实；脱敏后为空。', null=True, verbose_name='拍摄时间')),
                ('lat', models.FloatField(blank=True, help_text='照片里记的位置，WGS-84；脱敏后为空。', null=True, verbose_name='拍摄纬度')),
                ('lng', models.FloatField(blank=True, help_text='照片里记的位置，WGS-84；脱敏后为空。', null=True, verbose_name='拍摄经度')),
                ('is_far', models.BooleanField(default=False, help_text='拍摄位置离工单地点超过 100 米。', verbose_name='异地拍摄')),
                ('by', models.CharField(help_text='不透明的引用，如 person:12。', max_length=40, verbose_name='操作者')),
                ('at', models.DateTimeField(help_text='服务器收到的时间。', verbose_name='时间')),
                ('erased_at', models.DateTimeField(blank=True, help_text='按规则删除文件和位置的时间。', null=True, verbose_name='脱敏时间')),
                ('event', models.ForeignKey(help_text='随哪条流转记录而来。', on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='tickets.event', verbose_name='记录')),
                ('ticket', models.ForeignKey(help_text='属于哪张工单。', on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='tickets.ticket', verbose_name='工单')),
            ],
            options={
                'verbose_name': '附件',
                'verbose_name_plural': '附件',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['ticket', 'id'], name='tickets_att_ticket__6bac80_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('name', ''), _negated=True), fields=('name',), name='attachment_name_once'), models.CheckConstraint(condition=models.Q(models.Q(('lat', None), ('lng', None)), models.Q(('lat__isnull', False), ('lng__isnull', False)), _connector='OR'), name='attachment_has_a_whole_position')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='attachment_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0639793e06884492c592fef2ea02c4d762dba7ca', operation='DELETE', pgid='pgtrigger_attachment_kept_76637', table='tickets_attachment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='attachment_only_erased', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NEW.salt <> '' OR NEW.erased_at IS NULL OR NEW.taken_at IS NOT NULL\n               OR NEW.lat IS NOT NULL OR NEW.lng IS NOT NULL\n               OR NEW.name NOT IN (OLD.name, '')\n               OR to_jsonb(NEW) - '{name,salt,taken_at,lat,lng,erased_at}'::text[]\n                  <> to_jsonb(OLD) - '{name,salt,taken_at,lat,lng,erased_at}'::text[] THEN\n                RAISE EXCEPTION 'hubin: an attachment may only be erased';\n            END IF;\n            RETURN NEW;\n        ", hash='e337941007efc0c04b4fb28c38b60dca5c3939b6', operation='UPDATE', pgid='pgtrigger_attachment_only_erased_61b9a', table='tickets_attachment', when='BEFORE')),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
