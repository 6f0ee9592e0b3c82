"""One process at a time, by a lock of PostgreSQL that ends with the connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SPACE = 0x48554249
"""Hubin's own among advisory locks."""


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """独占: whether nobody else is at it in this database; whoever holds it keeps it to the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [SPACE, name])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [SPACE, name])
