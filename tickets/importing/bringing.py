"""Row after row into the chain, a batch per transaction; safe to kill and to repeat."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from common.alone import alone
from common.errors import Impossible, Invalid, Refused
from tickets import actions, law
from tickets.importing.mapping import Mapper
from tickets.importing.rejects import Rejects
from tickets.importing.table import Row, Table
from tickets.models import Ticket

BATCH = 100  # open rows hold the day's number counter until their batch commits


@dataclass
class Tally:
    """结果: how many rows went in, were known already, were rejected."""

    added: int = 0
    known: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        """Rows dealt with so far."""
        return self.added + self.known + self.rejected


def bring_table(
    table: Table, rejects: Rejects, *, at: datetime,
    begin: Callable[[int], None], step: Callable[[Tally], None],
) -> Tally:  # fmt: skip
    """迁入: the whole file. Idempotent by (profile, source id); a killed run is simply repeated.

    `begin` is told how many rows there are, `step` how far it is. Raises `Refused` before
    anything is brought in when file, profile or database are not fit for it.
    """
    total = table.check()
    if not law.limits():
        raise Impossible(_("还没有时限，请先用 load_law 载入规则。"))
    mapper = Mapper(table.profile, max(total, 1), at=at)
    tally = Tally()
    with _alone():
        begin(total)
        run = _Run(mapper, table, rejects, tally, at)
        numbered = enumerate(table.rows())
        while batch := list(islice(numbered, BATCH)):
            run.batch(batch)
            step(tally)
    return tally


@dataclass
class _Run:
    mapper: Mapper
    table: Table
    rejects: Rejects
    tally: Tally
    at: datetime

    def batch(self, rows: list[tuple[int, Row]]) -> None:
        """One transaction; each row of it in a savepoint of its own."""
        known = self._known(rows)
        added = 0
        with transaction.atomic():
            for nth, row in rows:
                try:
                    added += self._row(nth, row, known)
                except Refused as refused:
                    self._reject(row, refused.sentence)
                except (DataError, IntegrityError) as error:
                    self._reject(row, _("数据库不接受：%(error)s") % {"error": str(error)[:200]})
        self.tally.added += added

    def _row(self, nth: int, row: Row, known: set[str]) -> bool:
        message = self.mapper.message(row, nth)
        brought = message.source_id not in known and actions.bring_in(
            at=self.at, text=message.text, place=message.place,
            profile=self.mapper.profile.name, source_id=message.source_id,
            reported_at=message.reported_at, ended_at=message.closed_at,
            category=message.category, nature=message.nature, origin=message.origin,
        )  # fmt: skip
        self.tally.known += not brought
        return bool(brought)

    def _reject(self, row: Row, reason: str) -> None:
        self.rejects.add(row, self.table.header, reason)
        self.tally.rejected += 1

    def _known(self, rows: list[tuple[int, Row]]) -> set[str]:
        return set(
            Ticket.objects.filter(
                source_profile=self.mapper.profile.name, source_id__in=list(self._ids(rows))
            ).values_list("source_id", flat=True)
        )

    def _ids(self, rows: list[tuple[int, Row]]) -> Iterator[str]:
        for _nth, row in rows:
            try:
                found = "" if row.fault else self.mapper.source_id(row)
            except Invalid:
                continue  # said when its turn comes
            if found and "\x00" not in found:
                yield found


@contextmanager
def _alone() -> Iterator[None]:
    """独占: one import at a time in this database, whatever its profile; a second is refused.

    Two at once would wait for each other's number counters of many days.
    """
    with alone("import") as is_mine:
        if not is_mine:
            raise Impossible(_("已有一次迁入在进行，请等它结束，再运行一次同样的命令。"))
        yield
