"""Wrongs that no process of ours could do: past the guards of the database."""

from django.db import connection


def bent(table: str, sql: str) -> None:
    """The statement, with no trigger asked."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
