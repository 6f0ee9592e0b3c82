"""COPY's lines as INSERT statements: the same rows, written one ticket at a time."""

import re
from collections.abc import Mapping

from django.db.models import Model

from benchmarks.tables import table

Insert = tuple[str, list[str | None]]
ESCAPE = re.compile(r"\\(.)")
PLAIN = {"t": "\t", "n": "\n", "r": "\r"}


def inserts(lines: Mapping[type[Model], str]) -> list[Insert]:
    """插入: one statement a table, with all of its rows."""
    return [_insert(model, text) for model, text in lines.items() if text]


def _insert(model: type[Model], text: str) -> Insert:
    names = [column.name for column in table(model).columns]
    rows = [line.split("\t") for line in text.rstrip("\n").split("\n")]
    marks = f"({', '.join(['%s'] * len(names))})"
    columns = ", ".join(f'"{name}"' for name in names)
    every = ", ".join([marks] * len(rows))
    statement = f'INSERT INTO "{table(model).name}" ({columns}) VALUES {every}'
    return statement, [_value(cell) for row in rows for cell in row]


def _value(cell: str) -> str | None:
    if cell == "\\N":
        return None
    return ESCAPE.sub(lambda found: PLAIN.get(found[1], found[1]), cell)
