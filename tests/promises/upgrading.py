"""A house of before: real tickets in the tables as they were, brought to the tables of now."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from common import law

Target = tuple[str, str]
Columns = dict[str, list[str]]
BEFORE: Sequence[Target] = (
    ("common", "0003_attempts"), ("grids", "0007_logins_ended"), ("notices", "0004_retention"),
    ("tickets", "0018_along_each_way"),
)  # fmt: skip
"""When clocks had a due date and nothing else, and nobody was reminded of any."""
APPS = {name for name, _last in BEFORE}
COLUMNS = (
    "SELECT c.table_name, c.column_name FROM information_schema.columns c"
    " JOIN pg_tables t ON t.tablename = c.table_name AND t.schemaname = c.table_schema"
    " WHERE c.table_schema = 'public' AND c.is_generated = 'NEVER'"
    " AND c.table_name <> 'django_migrations' ORDER BY 1, 2"
)
COUNTED = (
    "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT max(id) FROM {0}))"
    " WHERE EXISTS (SELECT FROM {0})"
)


@contextmanager
def database(name: str) -> Iterator[None]:
    """A database of its own, which this process takes for the house's meanwhile."""
    with _admin() as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def moved_to(name: str) -> Iterator[None]:
    """Whatever asks the database asks that one."""
    known = connection.settings_dict["NAME"]
    _go(name)
    try:
        yield
    finally:
        _go(known)


def migrate(targets: Sequence[Target] = ()) -> None:
    """To these migrations, else to the last of each of the house's own."""
    executor = MigrationExecutor(connection)
    last = [node for node in executor.loader.graph.leaf_nodes() if node[0] in APPS]
    executor.migrate(list(targets) or last)


def columns() -> Columns:
    """The columns of each table."""
    found: Columns = {}
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            found.setdefault(table, []).append(f'"{column}"')
    return found


def taken(wanted: Columns) -> dict[str, bytes]:
    """All rows, as far as those tables can hold them."""
    found = {}
    with connection.cursor() as cursor:
        for table, names in wanted.items():
            with cursor.copy(f"COPY {table} ({', '.join(names)}) TO STDOUT") as copy:
                found[table] = b"".join(copy)
    return found


def put(wanted: Columns, rows: dict[str, bytes]) -> None:
    """Those rows and no others; guards look at what people do, not at this."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in wanted:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(wanted)}")
        for table, names in wanted.items():
            with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                copy.write(rows[table])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, names in wanted.items():
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            if '"id"' in names:
                cursor.execute(COUNTED.format(table))


def _go(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    law.cache.clear()


@contextmanager
def _admin() -> Iterator["psycopg.Connection[object]"]:
    known = connection.settings_dict
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"], dbname=known["NAME"], user=known["USER"],
        password=known["PASSWORD"], autocommit=True,
    ) as found:  # fmt: skip
        yield found
