"""What stands in the way of a bulk load: triggers and secondary indexes, put aside meanwhile."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg

from benchmarks.tables import tables

WORTH_IT = 50_000  # tickets from which on an index is made anew faster than it grows
MEMORY = "SET maintenance_work_mem = '1500MB'"
PLAIN = """
SELECT c.relname, pg_get_indexdef(i.indexrelid), pg_relation_size(i.indrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique AND i.indpred IS NULL
ORDER BY (SELECT amname FROM pg_am WHERE oid = c.relam) = 'gin' DESC, 3 DESC
"""


@contextmanager
def put_aside(
    connection: "psycopg.Connection[Any]", address: str, count: int, tell: Callable[[str], None]
) -> Iterator[None]:
    """搁置: the guards of our tables, and for many rows their plain indexes; afterwards as before.

    Only ever for a load into a database of one's own: whoever else writes meanwhile is unguarded.
    """
    names = [one.name for one in tables()]
    found: list[tuple[str, str, int]] = []
    if count >= WORTH_IT:
        found = connection.execute(PLAIN, [names]).fetchall()
    for name in names:
        connection.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    for name, _made, _size in found:
        connection.execute(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        for name in names:
            connection.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        tell(f"making {len(found)} indexes")
        _all(address, [made for _name, made, _size in found])
    tell("looking through the tables")
    if count >= WORTH_IT:
        _all(address, [f"VACUUM (ANALYZE) {name}" for name in names])
    else:
        for name in names:
            connection.execute(f"ANALYZE {name}")


def _all(address: str, statements: list[str]) -> None:
    """Two at a time, the longest first."""

    def run(statement: str) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(MEMORY)
            connection.execute(statement)

    with ThreadPoolExecutor(2) as pool:
        for _done in pool.map(run, statements):
            pass
