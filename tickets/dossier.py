"""What stands around one ticket, read once: clocks, helpers, supervision, related tickets.

Page and API show the same; what the guards of the verbs would ask for again is remembered on the
ticket.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from django.db.models import Q

from grids import hours
from tickets import guards, limits, standing
from tickets.models import (
    Assist,
    CheckIn,
    Clock,
    Event,
    Pause,
    Supervision,
    Ticket,
    TicketLink,
    Words,
)
from tickets.models.clock import ClockState
from tickets.models.oversight import SupervisionState
from tickets.standing import Reader
from tickets.words import Origin, Promise, WordsKind

pk_of = attrgetter("pk")


@dataclass
class Relatives:
    """相关工单: only those this person may see."""

    merged_into: Ticket | None = None
    merged: list[Ticket] = field(default_factory=list)
    linked: list[Ticket] = field(default_factory=list)


def clocks(ticket: Ticket, *, inside: bool) -> list[Clock]:
    """时限: of this cycle; outsiders are told the one they were promised."""
    rows = ticket.clocks.filter(cycle=ticket.cycle).exclude(state=ClockState.CANCELLED)
    found = list(rows.select_related("assist").order_by("id"))
    limits.remember_clocks(ticket, found)
    return [row for row in found if inside or row.promise == Promise.TOTAL]


@dataclass(frozen=True)
class Deadline:
    """一个时限 with its pauses: what its date is made of."""

    clock: Clock
    pauses: list[hours.Pause]


def deadlines(ticket: Ticket, *, inside: bool) -> list[Deadline]:
    """时限和暂停: of this cycle; two statements."""
    found = clocks(ticket, inside=inside)
    pauses: dict[int, list[hours.Pause]] = defaultdict(list)
    for row in Pause.objects.filter(clock__in=found).order_by("started_at"):
        pauses[row.clock_id].append(hours.Pause(row.started_at, row.ended_at))
    return [Deadline(one, pauses[one.pk]) for one in found]


def helpers(ticket: Ticket) -> list[Assist]:
    """协办: of this ticket, oldest first."""
    found = list(ticket.assists.select_related("answered_by").order_by("id"))
    for row in found:
        row.ticket = ticket
    standing.remember_helpers(ticket, found)
    return found


def supervision(ticket: Ticket) -> Supervision | None:
    """督办: the one that is not lifted yet."""
    rows = ticket.supervisions.exclude(state=SupervisionState.LIFTED)
    found = rows.select_related("opened_by").first()
    guards.remember_supervision(ticket, is_supervised=found is not None)
    return found


def visits(ticket: Ticket) -> list[CheckIn]:
    """到访打卡: on which rounds this was found; only what patrols report is."""
    if ticket.origin != Origin.PATROL:
        return []
    rows = ticket.check_ins.select_related("point", "person")
    return list(rows.order_by("visited_at", "id"))


def relatives(ticket: Ticket, person: Reader, *, at: datetime) -> Relatives:
    """相关工单: merged and linked ones, in one statement."""
    links = TicketLink.objects
    near = (
        links.filter(ticket=ticket)
        .values("other_id")
        .union(
            links.filter(other=ticket).values("ticket_id"),
            Ticket.objects.filter(Q(merged_into=ticket) | Q(pk=ticket.merged_into_id)).values("pk"),
        )
    )
    rows = Ticket.objects.visible_to(person, at).filter(pk__in=near)
    told = Relatives()
    # in order by itself: with ORDER BY and LIMIT the database walks all tickets instead
    for row in sorted(rows.order_by().only("number", "state", "merged_into_id"), key=pk_of):
        if row.pk == ticket.merged_into_id:
            told.merged_into = row
        elif row.merged_into_id == ticket.pk:
            told.merged.append(row)
        else:
            told.linked.append(row)
    return told


def record(ticket: Ticket) -> list[Event]:
    """流转记录: all of it, oldest first."""
    found = list(ticket.events.order_by("seq"))
    guards.remember_verbs(ticket, (event.verb for event in found))
    return found


def texts(ticket: Ticket) -> list[Words]:
    """文字: all of it, oldest first; ask `standing.sees` before showing."""
    found = list(ticket.words.defer("tokens").order_by("id"))
    remember_texts(ticket, found)
    return found


def remember_texts(ticket: Ticket, texts: list[Words]) -> None:
    """记住: all words of a ticket, read or just written."""
    ticket._texts = texts  # type: ignore[attr-defined]


def has_texts(ticket: Ticket) -> bool:
    """已知全文: whether `latest` costs nothing."""
    return hasattr(ticket, "_texts")


def latest(ticket: Ticket, kind: WordsKind) -> str:
    """最近的文字 of that kind; empty when there is none."""
    known: Iterable[Words] | None = getattr(ticket, "_texts", None)
    if known is not None:
        return next((row.text for row in reversed([*known]) if row.kind == kind), "")
    rows = ticket.words.filter(kind=kind).order_by("-id")
    return rows.values_list("text", flat=True).first() or ""
