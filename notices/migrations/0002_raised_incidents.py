"""An incident is told from the nth failure on; those that are there were told at their first."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='incident',
            name='raised_at',
            field=models.DateTimeField(blank=True, help_text='需要人看的时间；空为还在自动重试，次数未到。', null=True, verbose_name='提出'),
        ),
        migrations.RunSQL(
            "UPDATE notices_incident SET raised_at = first_at", migrations.RunSQL.noop
        ),
    ]
