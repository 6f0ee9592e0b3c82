"""Windows and verification as data: rows a clerk can edit instead of figures in code."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

NATURES = [('ENQUIRY', '咨询'), ('HELP', '求助'), ('COMPLAINT', '投诉'), ('TIP', '举报'), ('SUGGESTION', '建议'), ('PRAISE', '表扬')]
VERIFIERS = [('SITE', '现场核查'), ('DESK', '受理员核查'), ('REPORTER', '诉求人确认'), ('NONE', '免核查')]
PROMISES = [('ACCEPT', '受理'), ('DISPATCH', '派单'), ('CLAIM', '签收'), ('ARRIVE', '到场'), ('RESOLVE', '办结'), ('ASSIST', '协办'), ('VERIFY', '核查'), ('REPLY', '答复'), ('RATE', '评价'), ('FOLLOW_UP', '回访'), ('SUSPEND', '挂账'), ('TOTAL', '全程'), ('SEND_BACK', '退单窗口'), ('APPROVAL', '审批'), ('INQUIRE', '询问有效期'), ('REOPEN', '重办窗口')]


class Migration(migrations.Migration):
    dependencies = [('tickets', '0002_record_guard')]

    operations = [
        migrations.AddField(
            model_name='category',
            name='sample_percent',
            field=models.PositiveSmallIntegerField(default=10, help_text='自行处置的工单抽中核查的比例，0 到 100；其余 24 小时后通过。', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='抽查百分比'),
        ),
        migrations.AddField(
            model_name='follower',
            name='via',
            field=models.ForeignKey(blank=True, help_text='关注的工单被并走时，填在原工单上的关注。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.follower', verbose_name='原关注'),
        ),
        migrations.AlterField(
            model_name='timelimit',
            name='promise',
            field=models.CharField(choices=PROMISES, help_text='这条时限管哪一段。', max_length=12, verbose_name='时限种类'),
        ),
        migrations.AlterField(
            model_name='clock',
            name='promise',
            field=models.CharField(choices=PROMISES, help_text='管哪一段。', max_length=12, verbose_name='时限种类'),
        ),
        migrations.CreateModel(
            name='VerifyRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=NATURES, help_text='对哪种诉求类型。', max_length=12, verbose_name='诉求类型')),
                ('verify_by', models.CharField(choices=VERIFIERS, help_text='代替类别上的核查方式。', max_length=8, verbose_name='核查方式')),
                ('category', models.ForeignKey(blank=True, help_text='小类或大类；空为所有类别。小类优先于大类，大类优先于空。', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='verify_rules', to='tickets.category', verbose_name='类别')),
            ],
            options={
                'verbose_name': '核查规则',
                'verbose_name_plural': '核查规则',
                'ordering': ['category__code', 'nature'],
                'constraints': [models.UniqueConstraint(fields=('category', 'nature'), name='verify_rule_once', nulls_distinct=False)],
            },
        ),
    ]
