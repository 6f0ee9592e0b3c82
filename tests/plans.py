"""What a statement of ours reads, as the database itself tells after carrying it out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

EXPLAINED = ("SELECT", "UPDATE", "WITH")


@dataclass(frozen=True, slots=True)
class Read:
    """One way into one table: along which index, and how many rows were taken or thrown away."""

    table: str
    index: str
    rows: int


def reads(asks: Callable[[], object], *tables: str) -> list[Read]:
    """Whatever the statements read of these tables, which are counted anew before."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")
    with CaptureQueriesContext(connection) as queries:
        asks()
    asked = [one["sql"] for one in queries if one["sql"].lstrip().startswith(EXPLAINED)]
    assert asked
    return [read for sql in asked for read in _read(sql) if read.table in tables]


def _read(sql: str) -> Iterator[Read]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        yield from _of(cursor.fetchone()[0][0]["Plan"])


def _of(node: dict[str, Any]) -> Iterator[Read]:
    below = node.get("Plans", ())
    if "Relation Name" in node and "Scan" in node["Node Type"]:
        bitmaps = "+".join(sorted(set(_indexes(node))))
        removed = sum(count for name, count in node.items() if name.startswith("Rows Removed by"))
        rows = (node["Actual Rows"] + removed) * node["Actual Loops"]
        yield Read(node["Relation Name"], bitmaps, round(rows))
    for one in below:
        yield from _of(one)


def _indexes(node: dict[str, Any]) -> Iterator[str]:
    if "Index Name" in node:
        yield node["Index Name"]
    for one in node.get("Plans", ()):
        yield from _indexes(one)
