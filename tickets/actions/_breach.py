"""Who broke a promise: a breach is charged to whoever held the ticket when it ran out."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from tickets import deadlines, limits
from tickets.models import Approval, Clock, Event, Participation, Ticket
from tickets.models.approval import ApprovalKind, ApprovalState
from tickets.models.clock import Scope
from tickets.models.parties import ParticipationRole
from tickets.states import State
from tickets.words import Promise

WINDOWS = frozenset({Promise.RATE, Promise.SUSPEND})
"""They simply run out: nobody breaks a promise by that."""
BY_UNIT = deadlines.LEG
WITH_UNIT = frozenset({State.DISPATCHED, State.HANDLING})
Holder = tuple[int | None, int | None]
DESK: Holder = (None, None)


class Asked(NamedTuple):
    """待批的申请: what is asked for, and since when."""

    kind: str
    at: datetime

    def stops_law(self, clock: Clock) -> bool:
        """Whether the limit by law would stand still since it was asked: suspended in time."""
        by_law = clock.legal_due_at
        is_in_time = self.at <= clock.due_at and by_law is not None and self.at <= by_law
        return self.kind == ApprovalKind.SUSPEND and is_in_time


def is_late(clock: Clock, when: datetime) -> bool:
    """超期未记: by the inner norm."""
    return clock.breached_at is None and when > clock.due_at and clock.promise not in WINDOWS


def is_late_by_law(clock: Clock, when: datetime) -> bool:
    """超法定期限未记."""
    due_at = clock.legal_due_at
    return due_at is not None and clock.legal_breached_at is None and when > due_at


def passes(ticket: Ticket, clock: Clock) -> bool:
    """放行: a settled ticket that nobody looks at passes; nobody is late with it."""
    return clock.promise == Promise.VERIFY and limits.passes_at(ticket) is not None


def charge(clocks: Collection[Clock]) -> None:
    """记在名下: unit and person of lead clocks that have just been found late; two statements."""
    lead = [clock for clock in clocks if clock.scope == Scope.LEAD]
    if not lead:
        return
    found = _held(lead)
    total = [clock for clock in lead if clock.promise == Promise.TOTAL]
    with_unit = _with_unit(total) if total else set()
    for clock in lead:
        is_units = clock.promise in BY_UNIT or clock.pk in with_unit
        clock.unit_id, clock.person_id = (
            _holder(clock, found[clock.ticket_id]) if is_units else DESK
        )


def asked(ticket_ids: Iterable[int]) -> dict[int, Asked]:
    """待批: what is asked for these tickets, and since when."""
    rows = Approval.objects.filter(ticket__in=ticket_ids, state=ApprovalState.PENDING)
    found = rows.values_list("ticket_id", "kind", "asked_at")
    return {pk: Asked(kind, at) for pk, kind, at in found}


def _held(clocks: Collection[Clock]) -> dict[int, list[Participation]]:
    first = min(clock.due_at for clock in clocks)
    rows = Participation.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=first),
        ticket__in={clock.ticket_id for clock in clocks},
        role__in=(ParticipationRole.LEAD, ParticipationRole.HANDLER),
    ).order_by("pk")
    found: dict[int, list[Participation]] = defaultdict(list)
    for row in rows:
        found[row.ticket_id].append(row)
    return found


def _holder(clock: Clock, parts: Iterable[Participation]) -> Holder:
    then = [
        part
        for part in parts
        if part.started_at <= clock.due_at
        and (part.ended_at is None or part.ended_at > clock.due_at)
    ]
    unit = next((part.unit_id for part in then if part.role == ParticipationRole.LEAD), None)
    handlers = (part.person_id for part in then if part.role == ParticipationRole.HANDLER)
    return unit, next(handlers, None)


def _with_unit(clocks: Collection[Clock]) -> set[int]:
    """Of clocks that span states: those that ran out while a unit had the ticket."""
    last = max(clock.due_at for clock in clocks)
    events = Event.objects.filter(
        ticket__in={clock.ticket_id for clock in clocks}, at__lte=last
    ).order_by("ticket_id", "seq")
    states: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for ticket_id, at, state in events.values_list("ticket_id", "at", "to_state"):
        states[ticket_id].append((at, state))
    found = set()
    for clock in clocks:
        before = [state for at, state in states[clock.ticket_id] if at <= clock.due_at]
        if before and before[-1] in WITH_UNIT:
            found.add(clock.pk)
    return found
