"""Empties the test database although the record refuses to lose a row.

Imported once by conftest. Only the owner can do this, which is what tests connect as. Django would
truncate every table, and that is what a test that commits would mostly be busy with.
"""

from django.db import connection
from django.test import TransactionTestCase

KEPT = ("django_migrations", "django_content_type", "auth_permission")
"""What the code says and no test writes."""
EMPTY = """
DO $$
DECLARE
    one regclass;
    filled regclass[] := '{}';
    is_filled boolean;
BEGIN
    FOR one IN
        SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            AND relname <> ALL (ARRAY[%s])
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %%s)', one) INTO is_filled;
        IF is_filled THEN
            filled := filled || one;
            EXECUTE format('ALTER TABLE %%s DISABLE TRIGGER USER', one);
        END IF;
    END LOOP;
    SET CONSTRAINTS ALL DEFERRED;
    FOREACH one IN ARRAY filled LOOP
        EXECUTE format('DELETE FROM %%s', one);
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    FOREACH one IN ARRAY filled LOOP
        EXECUTE format('ALTER TABLE %%s ENABLE TRIGGER USER', one);
    END LOOP;
END $$
"""


def emptied(case: TransactionTestCase) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EMPTY % ", ".join(f"'{name}'" for name in KEPT))


TransactionTestCase._fixture_teardown = emptied  # type: ignore[attr-defined]
