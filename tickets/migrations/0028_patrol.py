"""Places to be visited; who was there is kept: no row is changed or deleted by the app."""

import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import tickets.models.patrol
from django.conf import settings
from django.db import migrations, models


RIGHTS = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON tickets_checkin FROM hubin_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grids', '0010_single_keys'),
        ('tickets', '0027_figures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PatrolPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(help_text='印在码牌上，不变。', max_length=12, unique=True, verbose_name='代码')),
                ('name', models.CharField(help_text='到了能认出来的名字。', max_length=60, verbose_name='名称')),
                ('lat', models.FloatField(help_text='WGS-84，度。', validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='纬度')),
                ('lng', models.FloatField(help_text='WGS-84，度。', validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='经度')),
                ('radius_m', models.PositiveSmallIntegerField(default=60, help_text='米，10 到 500；更远的打卡照样保存，标为偏远。', validators=[django.core.validators.MinValueValidator(10), django.core.validators.MaxValueValidator(500)], verbose_name='半径')),
                ('every_days', models.PositiveSmallIntegerField(default=1, help_text='几天去一次，1 到 60；从上次到访算起。', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='间隔')),
                ('weekdays', models.CharField(default='1111111', help_text='星期一到星期日，1 为可去，0 为不去，如 1111100。', max_length=7, validators=[django.core.validators.RegexValidator('^[01]{7}$')], verbose_name='星期')),
                ('mark', models.CharField(default=tickets.models.patrol.new_mark, editable=False, help_text='印在二维码里；换码后旧码牌作废。', max_length=32, verbose_name='码')),
                ('valid_from', models.DateField(blank=True, help_text='含当日；空为一直。此前不算没去。', null=True, verbose_name='起始日')),
                ('is_active', models.BooleanField(default=True, help_text='停用后不再巡查。', verbose_name='启用')),
                ('building', models.ForeignKey(blank=True, help_text='在哪幢楼；上报问题时自动填入。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.building', verbose_name='楼栋')),
                ('division', models.ForeignKey(help_text='由走这个网格或社区的人巡查。', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '巡查点',
                'verbose_name_plural': '巡查点',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(help_text='服务器收到的时间。', verbose_name='收到')),
                ('visited_at', models.DateTimeField(help_text='手机记录的时间，未核实；当时就发出的与收到时间相同。', verbose_name='到访')),
                ('way', models.CharField(choices=[('QR', '扫码'), ('SPOT', '定位'), ('HAND', '手工登记')], help_text='扫码、定位，或两样都不行时手工登记。', max_length=4, verbose_name='方式')),
                ('lat', models.FloatField(blank=True, help_text='打卡时的位置，WGS-84；空为没有得到。', null=True, verbose_name='纬度')),
                ('lng', models.FloatField(blank=True, help_text='打卡时的位置，WGS-84；空为没有得到。', null=True, verbose_name='经度')),
                ('accuracy_m', models.PositiveIntegerField(blank=True, help_text='米，手机自报。', null=True, verbose_name='误差')),
                ('metres', models.PositiveIntegerField(blank=True, help_text='米，到巡查点；空为没有位置。', null=True, verbose_name='距离')),
                ('is_far', models.BooleanField(help_text='离巡查点太远；空为位置不明，无法确认。', null=True, verbose_name='偏远')),
                ('person', models.ForeignKey(help_text='谁到的；代班的是代班人。', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
                ('ticket', models.ForeignKey(blank=True, help_text='发现的问题；空为无异常。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='check_ins', to='tickets.ticket', verbose_name='工单')),
                ('point', models.ForeignKey(help_text='到了哪里。', on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='tickets.patrolpoint', verbose_name='巡查点')),
            ],
            options={
                'verbose_name': '打卡',
                'verbose_name_plural': '打卡',
                'ordering': ['-visited_at', '-id'],
            },
        ),
        migrations.AddIndex(
            model_name='patrolpoint',
            index=models.Index(condition=models.Q(('is_active', True)), fields=['division'], name='patrol_of'),
        ),
        migrations.AddConstraint(
            model_name='patrolpoint',
            constraint=models.CheckConstraint(condition=models.Q(('every_days__gte', 1), ('every_days__lte', 60)), name='patrol_every_days'),
        ),
        migrations.AddConstraint(
            model_name='patrolpoint',
            constraint=models.CheckConstraint(condition=models.Q(('radius_m__gte', 10), ('radius_m__lte', 500)), name='patrol_radius'),
        ),
        migrations.AddConstraint(
            model_name='patrolpoint',
            constraint=models.CheckConstraint(condition=models.Q(('weekdays__regex', '^[01]{7}$'), ('weekdays__contains', '1')), name='patrol_weekdays'),
        ),
        migrations.AddIndex(
            model_name='checkin',
            index=models.Index(fields=['point', '-visited_at'], name='check_in_of_point'),
        ),
        migrations.AddIndex(
            model_name='checkin',
            index=models.Index(fields=['person', '-at'], name='check_in_of_person'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(('visited_at__lte', models.F('at'))), name='check_in_not_future'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_far', None), ('lat', None), ('lng', None), ('metres', None)), models.Q(('lat__isnull', False), ('lng__isnull', False), ('metres__isnull', False)), _connector='OR'), name='check_in_whole_position'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkin',
            trigger=pgtrigger.compiler.Trigger(name='check_in_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete or update rows from % table', TG_TABLE_NAME;", hash='a482b5445a7e36ef46732662ae176675740796aa', operation='DELETE OR UPDATE', pgid='pgtrigger_check_in_kept_2f2b1', table='tickets_checkin', when='BEFORE')),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
