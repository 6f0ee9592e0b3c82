"""The column of what a text is found by."""

from collections.abc import Iterable
from typing import Any

from django.db import models


class TokensField(models.Field):
    """词元: a tsvector without positions, written as a list of tokens and never read."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Tokens are taken as they are: nothing in them is an operator or has to be quoted."""
        return "array_to_tsvector(%s::text[])"

    def get_prep_value(self, value: Iterable[str] | None) -> list[str] | None:
        return None if value is None else sorted(value)
