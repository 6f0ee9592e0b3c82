"""告知: what happened before there were notices is no news; the outbox begins empty."""

from django.db import migrations

DONE = "UPDATE tickets_event SET announced_at = at WHERE announced_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_phone_lookup"), ("notices", "0003_notice")]
    operations = [migrations.RunSQL(DONE, migrations.RunSQL.noop)]
