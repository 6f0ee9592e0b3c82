"""Reads of tickets; `visible_to` is used by every door (DESIGN §2 law 4, §3.6)."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import JSONObject, Left

from grids.models import Person
from tickets.states import State
from tickets.words import WordsKind

from . import ways

if TYPE_CHECKING:
    from .external import Client


class TicketQuerySet(models.QuerySet["Ticket"]):  # type: ignore[name-defined]
    _ways: tuple[Q, ...] = ()
    """What this set is the sum of; see `ways`."""
    _whole: "TicketQuerySet | None" = None
    """The set of which each way takes its part: the same filters without the sum."""

    def _clone(self) -> "TicketQuerySet":
        found = super()._clone()  # type: ignore[misc]
        found._ways, found._whole = self._ways, self._whole
        return found

    def filter(self, *given: Any, **named: Any) -> "TicketQuerySet":
        found = super().filter(*given, **named)
        if self._whole is not None:
            found._whole = self._whole.filter(*given, **named)
        return found

    def exclude(self, *given: Any, **named: Any) -> "TicketQuerySet":
        found = super().exclude(*given, **named)
        if self._whole is not None:
            found._whole = self._whole.exclude(*given, **named)
        return found

    def _combined(self, other: Any) -> Any:
        raise TypeError("Filter one set by conditions; sets that go along ways do not combine.")

    __and__ = __or__ = __xor__ = _combined

    def open(self) -> "TicketQuerySet":
        """未结束."""
        return self.filter(ended_at=None)

    def visible_to(self, person: "Person | Client", at: datetime) -> "TicketQuerySet":
        """可见: the rows this person may know of at all then (DESIGN §3.6).

        Reports about staff are never shown to the unit or the person concerned.
        """
        if not isinstance(person, Person):
            return self.filter(Q(client=person) | Q(pk__in=_leads(person)))
        if not person.is_authenticated or not person.is_active:
            return self.none()
        whole, seen = self._not_about(person, at), ways.seen(person, at)
        return whole if seen.is_all else whole.filter(seen.told)._along(seen.ways, whole)

    def handed_in_by(self, client: "Client") -> "TicketQuerySet":
        """交来的: by another system."""
        return self.filter(client=client)

    def my_turn(self, person: Person, at: datetime) -> "TicketQuerySet":
        """轮到我: open tickets whose next step is this person's, also by rising (DESIGN §3.2)."""
        mine, turns = self.open().visible_to(person, at), ways.turns(person, at)
        whole = self.open()._not_about(person, at)
        return mine.filter(reduce(or_, turns))._along(turns, whole)

    def nearest(self, names: Sequence[Any], most: int) -> "TicketQuerySet":
        """最前几行: in that order; way by way, so that an index gives the first rows of each.

        What was annotated before is not in them: the conditions stay behind with the ids.
        """
        if self._whole is None or self.query.is_empty():
            return self.order_by(*names)[:most]
        rows = self.model._default_manager.filter(pk__in=self.ids(names, most))
        return rows.order_by(*names)[:most]

    def ids(self, names: Sequence[Any], most: int) -> Any:
        """最前几行的编号: of each way that many at most, each id once."""
        if self._whole is None or self.query.is_empty():
            return self.order_by(*names).values("pk")[:most]
        rows = self._whole.order_by(*names).values("pk")
        first, *others = (rows.filter(way)[:most] for way in self._ways)
        return first.union(*others)

    def _along(self, found: Sequence[Q], whole: "TicketQuerySet") -> "TicketQuerySet":
        self._ways, self._whole = tuple(found), whole
        return self

    def _not_about(self, person: Person, at: datetime) -> "TicketQuerySet":
        rows = self.exclude(about_person=person)
        concerned = {post.unit_id for post in person.posts_at(at) if post.unit_id}
        return rows.exclude(about_unit_id__in=concerned) if concerned else rows

    def own(self, person: Person, *, is_own: bool = True) -> "TicketQuerySet":
        """与我有关: reported by this person, or handled, now or ever."""
        from .parties import Participation

        mine = Q(reporter_person=person) | Q(reported_by=person) | Q(handler=person)
        mine |= Q(pk__in=Participation.objects.filter(person=person).values("ticket_id"))
        return self.filter(mine) if is_own else self.exclude(pk__in=self.filter(mine).values("pk"))

    def with_lead(self) -> "TicketQuerySet":
        """主单: whether others are merged into it, as `is_lead`."""
        from .ticket import Ticket

        merged = Ticket.objects.filter(merged_into=OuterRef("pk"), state=State.MERGED)
        return self.annotate(is_lead=Exists(merged))

    def with_text(self) -> "TicketQuerySet":
        """诉求内容: the report as `text`; ask `standing.sees` before showing."""
        from .event import Words

        words = Words.objects.filter(ticket=OuterRef("pk"), kind=WordsKind.REPORT).order_by("id")
        return self.annotate(text=models.Subquery(words.values("text")[:1]))

    def with_external(self) -> "TicketQuerySet":
        """外部编号: as `external`, in the same statement."""
        from .external import ExternalRef

        refs = ExternalRef.objects.filter(ticket=OuterRef("pk")).order_by("id")
        parts = {"client": "client_id", "system": "client__name", "kind": "kind", "id": "theirs"}
        told = ArraySubquery(refs.values(told=JSONObject(**parts)))
        return self.annotate(external=Case(When(client__isnull=False, then=told)))

    def with_summary(self, length: int = 120) -> "TicketQuerySet":
        """摘要: first characters of the report as `summary`; ask `standing.sees` before showing."""
        from .event import Words

        words = Words.objects.filter(ticket=OuterRef("pk"), kind=WordsKind.REPORT).order_by("id")
        return self.annotate(
            summary=models.Subquery(words.annotate(cut=Left("text", length)).values("cut")[:1])
        )


def _leads(client: "Client") -> models.QuerySet:
    """Where what it handed in was merged into."""
    from .ticket import Ticket

    mine = Ticket.objects.filter(client=client, state=State.MERGED)
    return mine.values("merged_into")
