"""Lists that go along indexes: way by way, so that a million tickets cost what a thousand do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from grids import stencils
from grids.models import Person
from tickets.models import Ticket, ways
from tickets.models.queries import TicketQuerySet
from tickets.models.ways import Ways

Path = Callable[[Person, datetime], tuple[TicketQuerySet, Ways]]
"""路径: a set, and the ways that lead into the part of it that is meant."""
Step = Callable[[TicketQuerySet], TicketQuerySet]


@dataclass(frozen=True)
class Walk:
    """一路: what the ways of a path lead to, narrowed by the steps.

    As one condition the sum of the ways has the database read the table, or sort all that is
    open; each way by itself takes its first rows from an index and stops.
    """

    path: Path
    person: Person
    at: datetime
    order: Sequence[Any]
    steps: tuple[Step, ...] = ()
    is_short: bool = False
    """Narrowed to so few that one condition does."""

    def filter(self, *given: Any, **named: Any) -> "Walk":
        """筛选."""
        return self._on(lambda rows: rows.filter(*given, **named))

    def exclude(self, *given: Any, **named: Any) -> "Walk":
        """排除."""
        return self._on(lambda rows: rows.exclude(*given, **named))

    def among(self, ids: Sequence[int]) -> "Walk":
        """其中: at most these."""
        return replace(self.filter(pk__in=ids), is_short=True)

    def rows(self) -> TicketQuerySet:
        """全部: by one condition, for a question that an index answers anyway."""
        whole, found = self._start(self.person, self.at)
        return whole.filter(found.told).order_by(*self.order)

    def nearest(self, names: Sequence[str], most: int) -> TicketQuerySet:
        """最前几行: in that order; what was asked for is settled with their ids."""
        if self.is_short:
            return self.rows().order_by(*names)[:most]
        ids: Any
        if self.steps:
            ids = self.ids(names, most)
        else:
            name = (self.path, tuple(names), most)
            ids = RawSQL(*stencils.filled(name, self.person, self.at, self._made(names, most)))
        return Ticket.objects.filter(pk__in=ids).order_by(*names)[:most]

    def ids(self, names: Sequence[str], most: int) -> QuerySet[Any]:
        """最前几行的编号: each once, of each way that many at most."""
        return self._ids(self.person, self.at, names, most)

    def _on(self, step: Step) -> "Walk":
        return replace(self, steps=(*self.steps, step))

    def _start(self, person: Person, at: datetime) -> tuple[TicketQuerySet, Ways]:
        rows, found = self.path(person, at)
        for step in self.steps:
            rows = step(rows)
        return rows, found

    def _made(self, names: Sequence[str], most: int) -> Any:
        return lambda person, at: stencils.made(self._ids(person, at, names, most))

    def _ids(self, person: Person, at: datetime, names: Sequence[str], most: int) -> QuerySet[Any]:
        whole, found = self._start(person, at)
        rows = whole.order_by(*names).values("pk")
        if self.is_short or len(found.ways) < 2 or rows.query.is_empty():
            return rows.filter(found.told)[:most]
        first, *others = (rows.filter(way)[:most] for way in found.ways)
        return first.union(*others)


def turns(person: Person, at: datetime) -> tuple[TicketQuerySet, Ways]:
    """轮到我的 (`TicketQuerySet.my_turn`)."""
    return _whole(person, at).open(), ways.turns(person, at)


def running(person: Person, at: datetime) -> tuple[TicketQuerySet, Ways]:
    """可见的在办工单."""
    return _whole(person, at).open(), ways.seen(person, at)


def ended(person: Person, at: datetime) -> tuple[TicketQuerySet, Ways]:
    """可见的已结束工单."""
    return _whole(person, at).filter(ended_at__isnull=False), ways.seen(person, at)


def held(person: Person, at: datetime) -> tuple[TicketQuerySet, Ways]:
    """承办的: open tickets in the hands of this person's units."""
    return _whole(person, at).open(), ways.held(person, at)


def once_held(person: Person, at: datetime) -> tuple[TicketQuerySet, Ways]:
    """承办过的: those of this person's units that have ended."""
    return _whole(person, at).filter(ended_at__isnull=False), ways.held(person, at)


def helped(person: Person, at: datetime) -> tuple[TicketQuerySet, Ways]:
    """协办的: open tickets that other units asked this person's units to help with."""
    return _whole(person, at).open(), ways.helped(person, at)


def _whole(person: Person, at: datetime) -> TicketQuerySet:
    if not (person.is_authenticated and person.is_active):
        return Ticket.objects.none()
    return Ticket.objects.not_about(person, at)
