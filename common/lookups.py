"""A condition the planner of the database cannot read past."""

from typing import Any

from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler


class AnyOf(Lookup):
    """其中之一: `AnyOf(F("id"), query)`, like `in`, but the query is run first and to its end.

    For few ids among many rows: with `in`, ORDER BY and LIMIT the database expects to meet some
    of them soon, and walks the table.
    """

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, given = self.process_lhs(compiler, connection)
        query, values = self.process_rhs(compiler, connection)
        return f"{column} = ANY(ARRAY({query}))", (*given, *values)
