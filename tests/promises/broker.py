"""Processes beside the test: what they are told of the database, and whether they are gone."""

import os

from django.db import connection

TRIES = 5000  # each asks the database once


def in_this_database(**more: str) -> dict[str, str]:
    """The surroundings of a process that works on the database of the tests."""
    known = connection.settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**known)
    return os.environ | {"DATABASE_URL": address} | more


def until_alone() -> None:
    """Return as soon as no other session of this database is in a transaction."""
    for _try in range(TRIES):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            )
            if cursor.fetchone()[0] == 0:
                return
    raise AssertionError("Somebody is still in a transaction.")
