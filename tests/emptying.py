"""Empties the test database although the record refuses to be truncated.

Imported once by conftest. Only the owner can do this, which is what tests connect as.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import TransactionTestCase

GUARDED = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'hubin_no_truncate'"
teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


@contextmanager
def guard_lifted() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(GUARDED)
        tables = [table for (table,) in cursor.fetchall()]
    _switch(tables, "DISABLE")
    try:
        yield
    finally:
        _switch(tables, "ENABLE")


def _switch(tables: list[str], what: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {what} TRIGGER hubin_no_truncate")


def emptied(case: TransactionTestCase) -> None:
    with guard_lifted():
        teardown(case)


TransactionTestCase._fixture_teardown = emptied  # type: ignore[attr-defined]
