"""Reads of tickets; `visible_to` is used by every door (DESIGN §2 law 4, §3.6)."""

from datetime import datetime
from typing import TYPE_CHECKING

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
        return self.not_about(person, at).filter(ways.seen(person, at).told)

    def not_about(self, person: Person, at: datetime) -> "TicketQuerySet":
        """回避: without the reports about this person and about the units it works for.

        What is about somebody absent is not their stand-in's to read either.
        """
        rows = self.exclude(about_person__in=person.selves(at))
        concerned = {post.unit_id for post in person.posts_at(at) if post.unit_id}
        return rows.exclude(about_unit_id__in=concerned) if concerned else rows

    def handed_in_by(self, client: "Client") -> "TicketQuerySet":
        """交来的: by another system."""
        return self.filter(client=client)

    def my_turn(self, person: Person, at: datetime) -> "TicketQuerySet":
        """轮到我: open tickets whose next step is this person's, also by rising (DESIGN §3.2)."""
        return self.open().visible_to(person, at).filter(ways.turns(person, at).told)

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
