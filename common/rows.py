"""Rows of a model by a fixed condition, for the few reads that every verb makes."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


def rows(model: type[M], tail: str, params: Sequence[Any]) -> list[M]:
    """读行: `tail` is what follows FROM. Costs a fifth of what the ORM needs to build the same SQL.

    Only for models without converted columns (JSON, encrypted); others raise TypeError.
    """
    select, names = _select(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{select} {tail}", params)
        return [model.from_db(connection.alias, names, row) for row in cursor.fetchall()]


@cache
def _select(model: type[Model]) -> tuple[str, list[str]]:
    fields = model._meta.concrete_fields
    converted = [field.name for field in fields if field.get_db_converters(connection)]
    if converted:
        raise TypeError(f"{model.__name__} has converted columns: {', '.join(converted)}")
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return f"SELECT {columns} FROM {quote(model._meta.db_table)}", [
        field.attname for field in fields
    ]
