"""Foreign keys to small tables that are read once per process and version (DESIGN §2 law 7).

`ticket.unit.name` costs no statement and no join: a page of rows that names category, unit and
place of each would otherwise join seven tables, and planning that takes longer than reading.
The rows are shared by all requests of the process: to change one, fetch it anew.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any, TypeVar

from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor

from common.law import cache

M = TypeVar("M", bound=models.Model)
_ST = TypeVar("_ST")
_GT = TypeVar("_GT")


class Known(models.Model):
    """常备表: whoever changes its rows calls `law.bump(STAMP)` in the same transaction."""

    STAMP: str
    HEAVY: tuple[str, ...] = ()
    """Columns that are read only when asked for."""

    class Meta:
        abstract = True


def rows(model: type[M]) -> dict[int, M]:
    """常备行: every row of the table by id."""
    known: Any = model
    return cache.get(f"rows.{model._meta.label}", partial(_read, model), stamp=known.STAMP)


def _read(model: type[M]) -> dict[int, M]:
    known: Any = model
    return {row.pk: row for row in model._default_manager.defer(*known.HEAVY)}


def some(model: type[M], wanted: Iterable[int]) -> dict[int, M]:
    """其中几行: like `in_bulk`, at no cost for what is known; ids of no row are left out."""
    chosen = set(wanted)
    known: Any = model
    held = rows(model) if cache.keeps(known.STAMP) else {}
    found = {pk: held[pk] for pk in chosen & held.keys()}
    missing = chosen - held.keys()
    return found | model._default_manager.in_bulk(missing) if missing else found


class KnownRow(ForwardManyToOneDescriptor):
    """Looks among the known rows first; a row too new to be known is read by itself.

    What was found is not kept on the instance: that may itself be known and outlive the row.
    """

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        field = self.field
        if instance is not None and not field.is_cached(instance):
            model = field.remote_field.model
            pk = getattr(instance, field.attname)
            found = rows(model).get(pk) if pk is not None and cache.keeps(model.STAMP) else None
            if found is not None:
                return found
        return super().__get__(instance, cls)


class KnownForeignKey(models.ForeignKey[_ST, _GT]):
    """常备外键: to a `Known` table."""

    forward_related_accessor_class = KnownRow

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs
