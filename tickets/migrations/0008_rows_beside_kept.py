"""What was asked, demanded or taken part in is not rewritten: the app may only write its ending."""

from django.db import migrations

ENDINGS = {
    "tickets_approval": "state, countersigned_by_id, countersigned_at, decider_id, decided_at",
    "tickets_assist": "state, answered_by_id, ended_at",
    "tickets_supervision": "state, answered_at, lifted_at",
    "tickets_participation": "ended_at",
    "tickets_follower": "ended_at",
    "tickets_pause": "ended_at",
}
RIGHTS = (
    "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hubin_app') THEN\n"
    + "".join(
        f"REVOKE UPDATE ON {table} FROM hubin_app;\n"
        f"GRANT UPDATE ({columns}) ON {table} TO hubin_app;\n"
        for table, columns in ENDINGS.items()
    )
    + "END IF; END $$;"
)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_ratings_kept")]
    operations = [migrations.RunSQL(RIGHTS, migrations.RunSQL.noop)]
