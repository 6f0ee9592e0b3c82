"""One ticket's record from first to last: which clock ran when, until when, on which days.

It asks the events alone, as they were chained, not the rows that the same hand wrote beside them.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from grids import calendars, hours
from tests.chaos.findings import Edited
from tickets import limits
from tickets.models import Clock, Event, Ticket
from tickets.models.clock import ClockState, Scope
from tickets.words import Promise

KEPT = (Promise.TOTAL, Promise.SUSPEND)
"""What was told or asked for stays when a ticket is amended."""
STEPS = ("remind", "warn", "escalate")
SLACK = timedelta(seconds=10)
"""A process may know a calendar for a second after it was changed."""
LONGEST = timedelta(days=30)
"""No step waits for longer without being reckoned anew."""


@dataclass(frozen=True)
class Basis:
    """尺度: what a share of a clock's time is measured in."""

    counted_from: datetime
    kind: hours.Kind
    calendar: str


@dataclass
class Line:
    """一个时钟 as the record tells of it."""

    clock: Clock
    due: datetime
    basis: Basis
    state: str = ClockState.RUNNING
    pauses: list[hours.Pause] = field(default_factory=list)


class Days:
    """日历 of each moment: the present one less the dates that were added later."""

    def __init__(self, edits: Sequence[Edited]) -> None:
        self.edits = edits
        self._known: dict[tuple[str, int], hours.CalendarSpec] = {}

    def between(self, code: str, since: datetime, until: datetime) -> list[hours.CalendarSpec]:
        """Those that somebody may have reckoned by, the latest first."""
        until = min(until, since + LONGEST)
        first = sum(edit.at <= since - SLACK for edit in self.edits)
        last = sum(edit.at <= until + SLACK for edit in self.edits)
        return [self._spec(code, count) for count in range(last, min(first, last) - 1, -1)]

    def _spec(self, code: str, count: int) -> hours.CalendarSpec:
        if (code, count) not in self._known:
            later = {edit.day for edit in self.edits[count:]}
            spec = calendars.spec(code)
            days = {day: slots for day, slots in spec.days.items() if day not in later}
            self._known[code, count] = replace(spec, days=days)
        return self._known[code, count]


class Walk:
    """走一遍: the clocks of one ticket, event by event."""

    def __init__(self, ticket: Ticket, clocks: Sequence[Clock]) -> None:
        self.ticket = copy(ticket)  # it becomes what the ticket was at each moment
        self.ticket.category_id, self.ticket.urgency = None, ""
        self.rows = {clock.key: clock for clock in clocks}
        self.lines: dict[str, Line] = {}
        self.asked: dict[int, datetime] = {}
        self.fired_at = ticket.reported_at
        self.is_amended = False

    def look(self, event: Event) -> list[str]:
        """Names of the clocks that this event is about; their lines are still as before."""
        data = event.data
        if event.verb == "ask":
            self.asked[data["approval"]] = event.at
        is_another = self._become(data.get("set", {}))
        self.is_amended = is_another and event.verb == "amend"
        told = {*data.get("due", {}), *data.get("clocks", {})}
        return sorted(told | (self._running() if self.is_amended else set()))

    def change(self, key: str, event: Event) -> Line:
        """What it did to one of them; its steps are reckoned anew from then on."""
        due, state = event.data.get("due", {}).get(key), event.data.get("clocks", {}).get(key)
        line = self.lines.get(key)
        if line is None:
            line = self.lines[key] = self._begun(key, datetime.fromisoformat(due), event.at)
        is_new_limit = self.is_amended and self._follows(line, event.at)
        if state:
            self._turn(line, state, event)
        if due:
            line.due = datetime.fromisoformat(due)
        if is_new_limit:
            line.basis = _basis_of(line.clock)
        return line

    def fires(self, at: datetime) -> None:
        """All that was due came; an act whose moment is earlier had waited for that."""
        self.fired_at = max(self.fired_at, at)

    def earliest(self) -> str:
        """该谁先到: the promise of the lead's clock that runs out first."""
        running = [
            (line.due, line.clock.pk, line.clock.promise)
            for line in self.lines.values()
            if line.state == ClockState.RUNNING and line.clock.scope == Scope.LEAD
        ]
        return min(running)[2] if running else ""

    def _running(self) -> set[str]:
        return {key for key, one in self.lines.items() if one.state == ClockState.RUNNING}

    def _become(self, values: dict[str, Any]) -> bool:
        known = self.ticket.category_id, self.ticket.urgency
        for name in ("category_id", "urgency"):
            setattr(self.ticket, name, values.get(name, getattr(self.ticket, name)))
        return known != (self.ticket.category_id, self.ticket.urgency)

    def _begun(self, key: str, due: datetime, at: datetime) -> Line:
        clock = self.rows[key]
        limit = limits.of(Promise(clock.promise), self.ticket, start=at)
        kind, calendar = hours.Kind(limit.kind), limits.calendar(limit, self.ticket)
        return Line(clock, due, Basis(at, kind, calendar))

    def _turn(self, line: Line, state: str, event: Event) -> None:
        if state == ClockState.PAUSED:
            line.pauses.append(hours.Pause(self._stopped_at(line, event), None))
        elif line.state == ClockState.PAUSED:
            last = line.pauses[-1]
            line.pauses[-1] = hours.Pause(last.start, max(event.at, last.start))
        line.state = state

    def _stopped_at(self, line: Line, event: Event) -> datetime:
        """Asked in time: since it was asked, whenever it was granted."""
        asked_at = self.asked.get(event.data.get("approval") or 0)
        return asked_at if asked_at is not None and asked_at <= line.due else event.at

    def _follows(self, line: Line, at: datetime) -> bool:
        """Whether an amendment gives it new limits: what is overdue stays so."""
        clock = line.clock
        return clock.promise not in KEPT and clock.scope == Scope.LEAD and at <= line.due


def _basis_of(clock: Clock) -> Basis:
    return Basis(clock.counted_from, hours.Kind(clock.kind), clock.calendar)
