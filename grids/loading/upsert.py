"""Writing only what differs, so that a second run changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

BATCH = 200


@dataclass
class Tally:
    """小结: which keys of a table were created, changed or already right."""

    label: str
    created: set[Any] = field(default_factory=set)
    changed: set[Any] = field(default_factory=set)
    seen: set[Any] = field(default_factory=set)

    @property
    def is_changed(self) -> bool:
        return bool(self.created or self.changed)

    def counts(self) -> tuple[int, int, int]:
        """Created, changed, unchanged."""
        changed = self.changed - self.created
        return len(self.created), len(changed), len(self.seen - self.created - changed)


def upsert(
    model: type[models.Model], key: str, wanted: Mapping[str, dict[str, Any]], tally: Tally
) -> dict[str, Any]:
    """有则改, 无则增: rows by key; `wanted` gives attribute values. Returns key -> pk."""
    manager = model._default_manager
    known = {getattr(row, key): row for row in manager.filter(**{f"{key}__in": list(wanted)})}
    new = [model(**{key: name}, **values) for name, values in wanted.items() if name not in known]
    changed = [row for name, row in known.items() if _take_over(row, wanted[name])]
    manager.bulk_create(new, batch_size=BATCH)
    fields = sorted({name for values in wanted.values() for name in values})
    if changed:
        manager.bulk_update(changed, fields, batch_size=BATCH)
    tally.created |= {getattr(row, key) for row in new}
    tally.changed |= {getattr(row, key) for row in changed}
    tally.seen |= set(wanted)
    return {getattr(row, key): row.pk for row in [*known.values(), *new]}


def _take_over(row: models.Model, values: dict[str, Any]) -> bool:
    """Set what differs; tells whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)
