"""Families of model tickets: who is merged, linked, split or reported together stays together."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model
from psycopg import Connection

from benchmarks.tables import Family, Row, table
from notices.models import Notice
from tickets.models import Event, Reporter, Ticket
from tickets.models.clock import Pause
from tickets.states import State

from .tables import KEPT

TICKETS = frozenset({"merged", "other", "ticket", "from", "merged_into_id"})
"""Names under which an event's data mean a ticket."""


def read(connection: "Connection[Any]") -> list[Family]:
    """读入: every ticket of the database, in families."""
    rows = {model: table(model).read(connection, "true", ()) for model in KEPT}
    for model, found in rows.items():
        _parse(model, found)
    home = _homes(rows)
    families: dict[int, Family] = defaultdict(lambda: Family({model: [] for model in KEPT}))
    lead = {row["id"]: home[row["id"]] for row in rows[Ticket]}
    clocks = {row["id"]: row["ticket_id"] for row in rows[_model("Clock")]}
    reporters = {row["reporter_id"]: row["id"] for row in rows[Ticket]}
    reporters |= {row["reporter_id"]: row["ticket_id"] for row in rows[_model("Follower")]}
    for model, found in rows.items():
        for row in found:
            ticket_id = _ticket_of(model, row, clocks, reporters)
            if ticket_id in lead:
                families[lead[ticket_id]].rows[model].append(row)
    return list(families.values())


def is_settled(family: Family) -> bool:
    """安定: no sweep would move it at once."""
    return not any(
        row["state"] == State.ACCEPTED and not row["needs_hand"] and not row["has_request"]
        for row in family.tickets
    )


def refers(data: Any) -> Iterator[int]:
    """Ids of the tickets that an event's data name."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name in TICKETS and isinstance(value, int):
                yield value
            yield from refers(value)


def _model(name: str) -> type[Model]:
    return next(model for model in KEPT if model.__name__ == name)


def _parse(model: type[Model], found: list[Row]) -> None:
    for column in table(model).columns:
        if column.is_json:
            for row in found:
                if isinstance(row[column.name], str):
                    row[column.name] = json.loads(row[column.name])


def _ticket_of(
    model: type[Model], row: Row, clocks: dict[int, int], reporters: dict[int, int]
) -> int | None:
    if model is Ticket:
        return int(row["id"])
    if model is Pause:
        return clocks[row["clock_id"]]
    if model is Reporter:
        return reporters.get(row["id"])
    return int(row["ticket_id"])


def _homes(rows: dict[type[Model], list[Row]]) -> dict[int, int]:
    """Each ticket's family, by the smallest id in it."""
    home = {row["id"]: row["id"] for row in rows[Ticket]}

    def find(pk: int) -> int:
        while home[pk] != pk:
            home[pk] = home[home[pk]]
            pk = home[pk]
        return pk

    for left, right in _bonds(rows):
        if left in home and right in home:
            one, other = sorted((find(left), find(right)))
            home[other] = one
    return {pk: find(pk) for pk in home}


def _bonds(rows: dict[type[Model], list[Row]]) -> Iterator[tuple[int, int]]:
    for event in rows[Event]:
        yield from ((event["ticket_id"], other) for other in refers(event["data"]))
    for model in KEPT:
        if model in (Event, Notice):
            continue
        own = "id" if model is Ticket else "ticket_id"
        names = [c.name for c in table(model).columns if c.to is Ticket and c.name != own]
        for row in rows[model]:
            yield from ((row[own], row[name]) for name in names if row[name] is not None)
    yield from _shared((row["reporter_id"], row["id"]) for row in rows[Ticket])


def _shared(pairs: Iterable[tuple[int | None, int]]) -> Iterator[tuple[int, int]]:
    first: dict[int, int] = {}
    for reporter_id, ticket_id in pairs:
        if reporter_id is not None:
            yield first.setdefault(reporter_id, ticket_id), ticket_id
