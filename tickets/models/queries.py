"""Reads of tickets; `visible_to` is used by every door (DESIGN §2 law 4, §3.6)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import JSONObject, Left

from common import clock
from grids.models import Level, Person, PostKind
from tickets.states import State
from tickets.turns import manned_streets, manned_units
from tickets.words import Turn, VerifyBy, WordsKind

if TYPE_CHECKING:
    from .external import Client

SEES_DIVISION = frozenset(
    {
        PostKind.GRID_WORKER,
        PostKind.COMMUNITY_LEAD,
        PostKind.DESK,
        PostKind.SHIFT_LEADER,
        PostKind.INSPECTOR,
        PostKind.LEADER,
        PostKind.AUDITOR,
    }
)
SEES_UNIT = frozenset({PostKind.UNIT_CLERK, PostKind.HANDLER, PostKind.UNIT_HEAD})
DESKS = frozenset({PostKind.DESK, PostKind.SHIFT_LEADER})
COLUMN = {
    Level.GRID: "division_id",
    Level.COMMUNITY: "community_id",
    Level.SUBDISTRICT: "subdistrict_id",
}


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
        # whoever took a report down for somebody is not its reporter
        seen = Q(reporter_person=person) | Q(reported_by=person, is_on_behalf=False)
        seen |= Q(pk__in=_followed(person))
        units: set[int] = set()
        for post in person.posts_at(at):
            if post.kind in SEES_DIVISION and post.division is not None:
                seen |= within(post.division.level, post.division_id)
            elif post.kind in SEES_UNIT and post.unit_id:
                units.add(post.unit_id)
        if units:
            seen |= Q(_took_part(units))
        mine = self.filter(seen).exclude(about_person=person)
        concerned = {post.unit_id for post in person.posts_at(at) if post.unit_id}
        return mine.exclude(about_unit_id__in=concerned) if concerned else mine

    def handed_in_by(self, client: "Client") -> "TicketQuerySet":
        """交来的: by another system."""
        return self.filter(client=client)

    def my_turn(self, person: Person, at: datetime) -> "TicketQuerySet":
        """轮到我: open tickets whose next step is this person's, also by rising (DESIGN §3.2)."""
        turn = Q(handler=person, turn=Turn.HANDLER) | Q(reporter_person=person, turn=Turn.REPORTER)
        for post in person.posts_at(at):
            turn |= _turn_of_post(post.kind, post.division, post.unit_id, at)
        return self.open().visible_to(person, at).filter(turn)

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


def within(level: str, division_id: int | None) -> Q:
    """区划之内: tickets whose place lies in that division; the district holds all."""
    if level == Level.DISTRICT:
        return Q(pk__isnull=False)
    return Q(**{COLUMN[Level(level)]: division_id})


def _leads(client: "Client") -> models.QuerySet:
    """Where what it handed in was merged into."""
    from .ticket import Ticket

    mine = Ticket.objects.filter(client=client, state=State.MERGED)
    return mine.values("merged_into")


def _followed(person: Person) -> models.QuerySet:
    from .parties import Follower

    mine = Follower.objects.filter(reporter__person=person, ended_at=None)
    return mine.values("ticket_id")


def _took_part(units: set[int]) -> Exists:
    """Asked ticket by ticket where few are read: a unit's tickets are many."""
    from .parties import Participation

    return Exists(Participation.objects.filter(ticket=OuterRef("pk"), unit_id__in=units))


def _turn_of_post(kind: str, division: object, unit_id: int | None, at: datetime) -> Q:
    never = Q(pk__isnull=True)
    if kind in DESKS and division is not None:
        return _turn_of_desk(division, at)
    if kind in (PostKind.GRID_WORKER, PostKind.COMMUNITY_LEAD) and division is not None:
        area = within(division.level, division.pk)  # type: ignore[attr-defined]
        asked = Q(state=State.REPORTED, confirmation="ASKED", confirm_until__gt=at)
        return area & (Q(turn=Turn.GRID, turn_rises_at__gt=at) | asked)
    if kind in (PostKind.UNIT_CLERK, PostKind.HANDLER) and unit_id:
        return Q(turn=Turn.UNIT, unit_id=unit_id) | _open_assist_of(unit_id)
    return never


def _turn_of_desk(division: object, at: datetime) -> Q:
    # settled and not drawn: it passes by itself
    passing = Q(state=State.RESOLVED, verify_by=VerifyBy.NONE, is_settled=True)
    turns = Q(turn=Turn.DESK) & ~passing | Q(
        turn__in=(Turn.GRID, Turn.REPORTER), state=State.RESOLVED, turn_rises_at__lte=at
    )
    day = clock.local(at).date()
    turns |= Q(turn=Turn.UNIT) & ~Q(unit_id__in=manned_units(day))
    # the dispatch after a second return is the district's
    finals = Q(state=State.ACCEPTED, returns__gte=2)
    if division.level == Level.DISTRICT:  # type: ignore[attr-defined]
        nobody_below = Q(subdistrict=None) | ~Q(subdistrict_id__in=manned_streets(day))
        return Q(turn=Turn.DISTRICT) | finals | (turns & nobody_below)
    return turns & ~finals & within(division.level, division.pk)  # type: ignore[attr-defined]


def _open_assist_of(unit_id: int) -> Q:
    from .assist import Assist, AssistState

    return Q(
        Exists(
            Assist.objects.filter(ticket=OuterRef("pk"), unit_id=unit_id, state=AssistState.OPEN)
        )
    )
