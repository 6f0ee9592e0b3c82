"""Three indexes to read along, since the figures joined every ticket and walked every event.

`ticket_figures`: what the figures ask of a ticket stands in the index (7 MB of 100,000 tickets),
so that a month is counted without reading the table. `event_turning` and `event_handed`: which
verb came next, and who had the ticket last, each by one look into an index: the score cards had
read all events of every ticket they count.
"""


from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grids', '0011_sessions'),
        ('tickets', '0037_exports_of_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('verb__in', ('resolve', 'rework', 'dispatch', 'redirect', 'send_back'))), fields=['ticket', 'seq'], include=('verb', 'at'), name='event_turning'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('data__set__has_key', 'unit_id')), fields=['ticket', 'seq'], name='event_handed'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('state__in', ['MERGED', 'VOIDED']), _negated=True), fields=['id'], include=('subdistrict', 'unit', 'category', 'division', 'about_person', 'about_unit', 'is_historic'), name='ticket_figures'),
        ),
    ]
