"""Visits are forgotten by rule: only a function of the owner's deletes them, and counts them."""

import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON tickets_visitcount FROM hubin_app;
    GRANT EXECUTE ON FUNCTION tickets_forget_check_ins(timestamptz, text, integer) TO hubin_app;
  END IF;
END $$;
"""
FORGET = """
CREATE FUNCTION tickets_forget_check_ins(told timestamptz, zone text, most integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  kept integer;
  gone integer;
BEGIN
  SELECT days INTO kept FROM tickets_retentionrule WHERE what = 'CHECK_IN';
  IF kept IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM set_config('hubin.forgetting', 'check_in', true);
  WITH due AS (
    SELECT c.id FROM tickets_checkin c LEFT JOIN tickets_ticket t ON t.id = c.ticket_id
    WHERE c.visited_at <= told - make_interval(days => kept)
      AND (c.ticket_id IS NULL OR t.erased_at IS NOT NULL)
    ORDER BY c.visited_at LIMIT most FOR UPDATE OF c SKIP LOCKED
  ), erased AS (
    DELETE FROM tickets_checkin c USING due WHERE c.id = due.id
    RETURNING c.point_id, c.ticket_id, date_trunc('month', c.visited_at AT TIME ZONE zone) AS month
  ), counted AS (
    INSERT INTO tickets_visitcount (point_id, month, visits, findings)
    SELECT point_id, month::date, count(*), count(ticket_id) FROM erased
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (point_id, month) DO UPDATE SET
      visits = tickets_visitcount.visits + excluded.visits,
      findings = tickets_visitcount.findings + excluded.findings
  )
  SELECT count(*) INTO gone FROM erased;
  PERFORM set_config('hubin.forgetting', '', true);
  RETURN gone;
END $$;
REVOKE ALL ON FUNCTION tickets_forget_check_ins(timestamptz, text, integer) FROM PUBLIC;
"""
UNFORGET = "DROP FUNCTION tickets_forget_check_ins(timestamptz, text, integer);"
RULE = """
INSERT INTO tickets_retentionrule (code, what, origin, days)
SELECT 'check_in', 'CHECK_IN', '', 180 WHERE EXISTS (SELECT FROM tickets_retentionrule)
ON CONFLICT DO NOTHING;
"""
"""A house that has rules gets this one; an empty one gets it with its law."""


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0035_ticket_paper'),
    ]

    operations = [
        migrations.CreateModel(
            name='VisitCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='哪个月，写该月第一天。', verbose_name='月份')),
                ('visits', models.PositiveIntegerField(help_text='已按保存规则删除的打卡有几次；还在的不算在内。', verbose_name='到访次数')),
                ('findings', models.PositiveIntegerField(help_text='其中几次发现了问题，工单已脱敏。', verbose_name='发现问题')),
            ],
            options={
                'verbose_name': '到访数',
                'verbose_name_plural': '到访数',
                'ordering': ['-month'],
            },
        ),
        migrations.AlterModelOptions(
            name='retentionrule',
            options={'ordering': ['-what', 'category__code', 'origin'], 'verbose_name': '保存规则', 'verbose_name_plural': '保存规则'},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='checkin',
            name='check_in_kept',
        ),
        migrations.RemoveConstraint(
            model_name='retentionrule',
            name='retention_once',
        ),
        migrations.AddField(
            model_name='retentionrule',
            name='what',
            field=models.CharField(choices=[('TICKET', '工单内容'), ('CHECK_IN', '打卡')], db_default='TICKET', default='TICKET', help_text='打卡是工作人员的行踪，到期删除，只留按点按月的次数；不分类别和来源。', max_length=8, verbose_name='内容'),
        ),
        migrations.AlterField(
            model_name='export',
            name='what',
            field=models.CharField(choices=[('TICKETS', '工单列表'), ('SEARCH', '查找结果'), ('APPROVALS', '审批列表'), ('ASSISTS', '协办列表'), ('INBOX', '消息列表'), ('INCIDENTS', '异常列表'), ('FIGURES', '数据'), ('BEHIND', '数据明细'), ('SUSPENDED', '挂账台账'), ('REPORT', '数据报告'), ('CARDS', '评分卡'), ('PATROL', '巡查情况'), ('PAPER', '工单纸质件'), ('RECORD', '审计包')], help_text='哪个列表，或审计包。', max_length=10, verbose_name='内容'),
        ),
        migrations.AlterField(
            model_name='retentionrule',
            name='days',
            field=models.PositiveIntegerField(help_text='结束满多少天后脱敏，督办中的工单不动；打卡从到访算起，不少于 90 天。', validators=[django.core.validators.MinValueValidator(1)], verbose_name='天数'),
        ),
        migrations.AddIndex(
            model_name='checkin',
            index=models.Index(fields=['visited_at'], name='check_in_when'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkin',
            trigger=pgtrigger.compiler.Trigger(name='check_in_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='588d63ac689c5f22a7dccda8cab436a1e912569e', operation='UPDATE', pgid='pgtrigger_check_in_kept_2f2b1', table='tickets_checkin', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkin',
            trigger=pgtrigger.compiler.Trigger(name='check_in_erased', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('hubin.forgetting', true) IS DISTINCT FROM 'check_in')", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='053d6656f6758dac85678e944eedb618da5159fa', operation='DELETE', pgid='pgtrigger_check_in_erased_e197c', table='tickets_checkin', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.UniqueConstraint(fields=('what', 'category', 'origin'), name='retention_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(('what', 'TICKET'), models.Q(('category', None), ('days__gte', 90), ('origin', ''), ('what', 'CHECK_IN')), _connector='OR'), name='retention_of_check_ins', violation_error_message='打卡的保存规则不分类别和来源，天数不少于 90。'),
        ),
        migrations.AddField(
            model_name='visitcount',
            name='point',
            field=models.ForeignKey(help_text='到了哪里。', on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='tickets.patrolpoint', verbose_name='巡查点'),
        ),
        migrations.AddConstraint(
            model_name='visitcount',
            constraint=models.UniqueConstraint(fields=('point', 'month'), name='visit_count_once'),
        ),
        migrations.RunSQL(FORGET, UNFORGET),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(RULE, migrations.RunSQL.noop),
    ]
