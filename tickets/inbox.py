"""Notices told to a person: each renders its event, with what that person may read of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from grids.models import Person
from notices.models import Notice
from tickets import boards, permits, standing, timeline
from tickets.models import Approval, Event, Ticket
from tickets.notices import Role
from tickets.tellings import details

DECISIONS = ("countersign", "grant", "refuse", "escalate")
BY_TIME = boards.Order("at", is_descending=True)


@dataclass(frozen=True)
class News:
    """一条消息; without a ticket, when this person may no longer see it, it says nothing."""

    notice: Notice
    ticket: Ticket | None = None
    verb: str = ""
    seq: int = 0
    title: str = ""
    who: str = ""
    details: list[str] = field(default_factory=list)
    icon: str = "lock"
    tone: str = "neutral"

    @property
    def role(self) -> str:
        """因何告知."""
        return str(Role(self.notice.role).label)


def told(person: Person, notices: Sequence[Notice], *, at: datetime) -> list[News]:
    """消息: in the given order; the same number of statements however many."""
    visible = Ticket.objects.visible_to(person, at)
    tickets = visible.in_bulk({notice.ticket_id for notice in notices})
    standing.remember(person, tickets.values(), at=at)
    wanted = [notice.event_id for notice in notices if notice.ticket_id in tickets]
    events = Event.objects.in_bulk(wanted)
    # of whom a report is about the inbox says nothing
    names = timeline.names_of(
        events.values(), Ticket.objects.visible_to(person, at), can_read=False
    )
    kinds = _kinds(events.values())
    return [
        _news(notice, tickets[notice.ticket_id], events[notice.event_id], names, kinds, person, at)
        if notice.event_id in events
        else News(notice)
        for notice in notices
    ]


def _news(
    notice: Notice, ticket: Ticket, event: Event, names: timeline.Names,
    kinds: dict[int, str], person: Person, at: datetime,
) -> News:  # fmt: skip
    groups = standing.sees(person, ticket, at=at)
    is_inside = permits.is_inside(person, ticket, at=at)
    asked = kinds.get(event.data.get("approval", 0))
    about = [_("申请：%(kind)s") % {"kind": asked}] if asked and event.verb in DECISIONS else []
    return News(
        notice, ticket, event.verb, event.seq, timeline.title_of(event),
        timeline.who_of(event, ticket, names, groups, not is_inside),
        [*about, *details(event, names)] if is_inside else [],
        timeline.ICONS.get(event.verb, "circle-dot"), timeline.TONES.get(event.verb, "neutral"),
    )  # fmt: skip


def _kinds(events: Iterable[Event]) -> dict[int, str]:
    """申请种类: what a decision was about; the record of it names the request only."""
    decided = {
        event.data["approval"]
        for event in events
        if event.verb in DECISIONS and "approval" in event.data
    }
    return {row.pk: str(row.get_kind_display()) for row in Approval.objects.filter(pk__in=decided)}
