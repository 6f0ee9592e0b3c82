"""Seals over what was loaded, in the chain of those that are there."""

from datetime import datetime
from typing import Any

from psycopg import Connection

from tickets.models import Seal, Ticket
from tickets.record import seal_hash
from tickets.seals import BATCH


class Sealer:
    """封存: takes heads as they come, makes a link of every 5,000."""

    def __init__(self, connection: "Connection[Any]", at: datetime) -> None:
        self.connection = connection
        self.at = at
        self.table = Seal._meta.db_table
        self.waiting: list[str] = []
        row = connection.execute(f"SELECT hash FROM {self.table} ORDER BY id DESC LIMIT 1")
        last = row.fetchone()
        self.prev = last[0] if last else ""
        count = connection.execute(f"SELECT count(*) FROM {Ticket._meta.db_table}").fetchone()
        self.count = count[0] if count else 0

    def add(self, heads: str) -> None:
        """Lines of number, seq and hash."""
        self.waiting += heads.splitlines()
        while len(self.waiting) >= BATCH:
            self._link(self.waiting[:BATCH])
            del self.waiting[:BATCH]

    def end(self) -> None:
        """The rest."""
        if self.waiting:
            self._link(self.waiting)
            self.waiting = []

    def _link(self, lines: list[str]) -> None:
        self.count += len(lines)
        heads = "\n".join(sorted(lines))
        made = seal_hash(prev=self.prev, at=self.at, count=self.count, heads=heads)
        self.connection.execute(
            f"INSERT INTO {self.table} (at, ticket_count, heads, prev_hash, hash)"
            " VALUES (%s, %s, %s, %s, %s)",
            [self.at, self.count, heads, self.prev, made],
        )
        self.prev = made
