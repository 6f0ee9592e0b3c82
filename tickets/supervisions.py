"""督办: those a person may see, and the paper of one, as that person may read it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from common.errors import NotVisible, NotYours
from grids.models import Person
from tickets import boards, lights, permits, standing, timeline
from tickets.lights import Light
from tickets.models import Supervision, Ticket, Words
from tickets.models.oversight import SupervisionState
from tickets.standing import Group
from tickets.timeline import Line
from tickets.words import WordsKind

BY_LIFT = boards.Order("lifted_at", is_descending=True)


@dataclass(frozen=True)
class Row:
    """一行: a supervision with its light; `demand` where its words may be read."""

    supervision: Supervision
    demand: str
    light: Light | None


@dataclass
class Paper:
    """督办单: what stands on it. Nothing of the reporter, nor of where somebody lives."""

    ticket: Ticket
    supervision: Supervision
    demand: str = ""
    answers: list[Line] = field(default_factory=list)
    lifted: Line | None = None


def require(person: Person, *, at: datetime) -> None:
    """须是工作人员, else `NotYours`."""
    if not standing.is_staff(person, at=at):
        raise NotYours(_("督办只对工作人员开放。"))


def listed(person: Person, *, at: datetime, is_ended: bool) -> QuerySet[Supervision]:
    """督办列表: of tickets this person sees, but not as whose report it is."""
    visible = Ticket.objects.visible_to(person, at).exclude(reporter_person=person)
    rows = Supervision.objects.filter(ticket__in=visible)
    lifted = {"state": SupervisionState.LIFTED}
    rows = rows.filter(**lifted) if is_ended else rows.exclude(**lifted)
    demands = Words.objects.filter(
        ticket=OuterRef("ticket"), event__seq=OuterRef("opened_seq"), kind=WordsKind.DEMAND
    )
    return rows.annotate(demand=Subquery(demands.values("text")[:1])).select_related(
        "ticket__handler", "opened_by"
    )


def order_of(*, is_ended: bool) -> boards.Order:
    """次序: what is due first, or was lifted last."""
    return BY_LIFT if is_ended else boards.BY_DUE


def told(person: Person, rows: Sequence[Supervision], *, at: datetime) -> list[Row]:
    """行: in the given order; the same number of statements however many."""
    standing.remember(person, [row.ticket for row in rows], at=at)
    found = []
    for row in rows:
        can_read = Group.WORDS in standing.sees(person, row.ticket, at=at)
        is_waiting = row.state == SupervisionState.OPEN
        light = lights.of_span(row.opened_at, row.due_at, at=at) if is_waiting else None
        demand: str = getattr(row, "demand", "") or ""
        found.append(Row(row, demand if can_read else "", light))
    return found


def paper(ticket: Ticket, person: Person, *, at: datetime, pk: int | None = None) -> Paper:
    """督办单 of that supervision, or of the latest; raises NotVisible and NotYours."""
    rows = ticket.supervisions.select_related("opened_by").order_by("-opened_seq")
    row = (rows.filter(pk=pk) if pk is not None else rows).first()
    if row is None or not permits.is_inside(person, ticket, at=at):
        raise NotVisible(_("这张工单没有督办单，请核对编号。"))
    if Group.WORDS not in standing.sees(person, ticket, at=at):
        raise NotYours(_("这张督办单的内容限定人员可见。"))
    found = Paper(ticket, row)
    for line in timeline.lines(ticket, person, at=at, after=row.opened_seq - 1):
        if line.seq == row.opened_seq:
            found.demand = words_of(line)
        elif line.verb == "answer_supervision":
            found.answers.append(line)
        elif line.verb == "lift_supervision":
            found.lifted = line
            break
    return found


def words_of(line: Line) -> str:
    """文字 of one line of the record."""
    return "\n".join(text for _label, text in line.words)
