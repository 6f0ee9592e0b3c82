"""The tables a ticket's rows stand in, and what of a row changes when it is cloned."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, DateTimeField, ForeignKey, JSONField, Model
from psycopg import Connection

from notices.models import Notice
from tickets.models import (
    Approval,
    Assist,
    Attachment,
    Clock,
    Event,
    Follower,
    FollowKey,
    Participation,
    Rating,
    Reporter,
    Supervision,
    Ticket,
    TicketLink,
    Timer,
    Words,
)
from tickets.models.clock import Pause
from tickets.models.tokens import TokensField

KEPT: tuple[type[Model], ...] = (
    Reporter, Ticket, Event, Words, Approval, Assist, Supervision, Follower, FollowKey, Rating,
    Clock, Pause, Timer, Participation, TicketLink, Attachment, Notice,
    *(m for m in apps.get_app_config("tickets").get_models() if m.__name__ == "Findable"),
)  # fmt: skip
"""Whatever a family of tickets consists of."""
LOOSE: dict[tuple[type[Model], str], type[Model]] = {
    (Notice, "event_id"): Event,
    (Notice, "ticket_id"): Ticket,
}
"""Numbers that mean a row though they are no foreign keys."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """列: `to` names the table whose row it means, where that is one of ours."""

    name: str
    to: type[Model] | None = None
    is_time: bool = False
    is_json: bool = False
    is_tokens: bool = False


@dataclass(frozen=True)
class Table:
    """表: its columns; the first one is its key."""

    model: type[Model]
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def is_counted(self) -> bool:
        """Its key is a number of its own, out of a sequence."""
        return self.columns[0].to is self.model

    @property
    def copy(self) -> str:
        """COPY into it."""
        names = ", ".join(f'"{column.name}"' for column in self.columns)
        return f'COPY "{self.name}" ({names}) FROM STDIN'

    def read(self, connection: "Connection[Any]", where: str, params: Iterable[Any]) -> list[Row]:
        """Rows as plain values, by key; the key is `id`, whatever its column."""
        shown = ", ".join(
            f'tsvector_to_array("{one.name}")' if one.is_tokens else f'"{one.name}"'
            for one in self.columns
        )
        names = [column.name for column in self.columns]
        sql = f'SELECT {shown} FROM "{self.name}" WHERE {where} ORDER BY {names[0]}'
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params])
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for row in rows:
            row["id"] = row[names[0]]
        return rows


@cache
def table(model: type[Model]) -> Table:
    """表 of a model."""
    fields = model._meta.concrete_fields
    assert fields[0].primary_key
    return Table(model, tuple(_column(model, one) for one in fields))


def tables() -> list[Table]:
    """All of them."""
    return [table(model) for model in KEPT]


def _column(model: type[Model], one: Any) -> Column:
    to = LOOSE.get((model, one.attname))
    if one.primary_key and isinstance(one, BigIntegerField):
        to = model
    if isinstance(one, ForeignKey) and one.related_model in KEPT:
        to = one.related_model
    return Column(
        str(one.column), to, isinstance(one, DateTimeField), isinstance(one, JSONField),
        isinstance(one, TokensField),
    )  # fmt: skip


@dataclass
class Family:
    """一家: tickets that have to do with each other, with all their rows."""

    rows: dict[type[Model], list[Row]] = field(default_factory=dict)

    @property
    def tickets(self) -> list[Row]:
        return self.rows[Ticket]

    @property
    def open_count(self) -> int:
        return sum(row["ended_at"] is None for row in self.tickets)


def utc(moment: datetime) -> datetime:
    """The same instant, in UTC."""
    return moment.astimezone(UTC)
