"""Applies a clock plan to the rows of one locked ticket."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from common import clock as the_clock
from common.rows import write
from grids import calendars
from tickets import deadlines, limits, record, turns
from tickets.models import Assist, Clock, Event, Participation, Pause, Ticket
from tickets.models.clock import ClockState, Scope
from tickets.models.parties import ParticipationRole
from tickets.states import State
from tickets.words import Promise, VerifyBy

LED_TO = frozenset({Promise.DISPATCH})
BY_UNIT = deadlines.LEG
WINDOWS = frozenset({Promise.RATE, Promise.SUSPEND})
"""They simply run out: nobody breaks a promise by that."""
KEPT_SHORT = frozenset({Promise.RESOLVE, Promise.ARRIVE})
"""A unit that amends its own ticket gets no longer limit by that."""
WITH_UNIT = frozenset({State.DISPATCHED, State.HANDLING})
WRITTEN = (
    "state", "ended_at", "breached_at", "due_at", "extension_days", "value", "kind", "counting",
    "calendar", "unit", "person",
)  # fmt: skip


TOLD = ("due", "late", "clocks", "ended")
"""Names in an event's data: due dates, breaches, states, and ends at another time than its own."""
NEW = (None, None, ClockState.RUNNING, None)


class Clocks:
    """时钟组: the clocks of one ticket during one move. Reads once, writes at `save`."""

    def __init__(
        self, ticket: Ticket, at: datetime, *, is_new: bool = False, held: dict[str, Any]
    ) -> None:
        self.ticket = ticket
        self.at = at
        self.asked_at: datetime | None = None  # when the request was asked that is now granted
        self._held = held
        self._all = [] if is_new else list(limits.clocks_of(ticket, cycle=held["cycle"]))
        self._known = {clock.pk: _standing(clock) for clock in self._all}
        self._new: list[Clock] = []
        self._changed: list[Clock] = []
        self._paused: list[Clock] = []
        self._resumed: list[Clock] = []

    def apply(self, plan: deadlines.Plan) -> None:
        """Ends, pauses, resumes and starts clocks as planned."""
        for clock in self._open():
            promise = Promise(clock.promise)
            if promise in plan.meet:
                self._end(clock, ClockState.MET, self.at)
            elif promise in plan.meet_as_resolved:
                self._end(clock, ClockState.MET, self.ticket.resolved_at or self.at)
            elif promise in plan.cancel:
                self._end(clock, ClockState.CANCELLED, self.at)
            elif promise in plan.pause and clock.state == ClockState.RUNNING:
                self._note_breach(clock, self.at)
                clock.state = ClockState.PAUSED
                self._paused.append(clock)
                self._changed.append(clock)
            elif promise in plan.run and clock.state == ClockState.PAUSED:
                clock.state = ClockState.RUNNING
                self._resumed.append(clock)
                self._changed.append(clock)
        for promise in sorted(plan.start):
            self.start(promise)

    def start(
        self, promise: Promise, *, assist: Assist | None = None, due_at: datetime | None = None
    ) -> Clock:
        """开始: a new clock of that promise for the present cycle and leg."""
        ticket = self.ticket
        leg = ticket.leg + 1 if promise in LED_TO else ticket.leg
        limit = limits.of(promise, ticket, start=self.at)
        is_units = promise in BY_UNIT
        clock = Clock(
            promise=promise, scope=Scope.ASSIST if assist else Scope.LEAD, assist=assist,
            cycle=ticket.cycle, leg=leg, lap=self._lap(promise, leg, assist),
            value=limit.value, kind=limit.kind, counting=limit.counting,
            calendar=limits.calendar(limit, ticket), started_at=self.at,
            unit_id=assist.unit_id if assist else ticket.unit_id if is_units else None,
            person_id=ticket.handler_id if is_units else None,
        )  # fmt: skip
        clock.due_at = due_at or self._due(clock)
        self._new.append(clock)
        if promise == Promise.VERIFY:
            ticket.turn_rises_at = self._rises_at(clock)
        return clock

    def due_at(self) -> datetime | None:
        """到期: the earliest due date of the lead's running clocks."""
        running = [
            clock.due_at
            for clock in (*self._open(), *self._new)
            if clock.state == ClockState.RUNNING and clock.scope == Scope.LEAD
        ]
        return min(running, default=None)

    def find(self, promise: Promise) -> Clock | None:
        """The open lead clock of that promise."""
        for clock in (*self._open(), *self._new):
            if clock.promise == promise and clock.scope == Scope.LEAD:
                return clock
        return None

    def extend(self, days: int) -> None:
        """延期: working days more for `resolve`, and for the date that the reporter was told."""
        for promise in (Promise.RESOLVE, Promise.TOTAL):
            clock = self.find(promise)
            if clock is not None:
                self._note_breach(clock, self.at)
                spec = calendars.spec(clock.calendar)
                clock.extension_days += days
                clock.due_at = deadlines.later(clock.due_at, days, spec)
                self._changed.append(clock)

    def recompute(self, *, may_lengthen: bool = True) -> None:
        """重算: new limits after an amendment, with the start kept. TOTAL stays as told.

        What is overdue stays so; what would be overdue by the new limit alone counts from now,
        since nobody could have kept it. A unit does not give itself a later date.
        """
        self._arrival()
        for clock in self._open():
            kept = clock.promise in (Promise.TOTAL, Promise.SUSPEND)
            if kept or clock.scope != Scope.LEAD or self.at > clock.due_at:
                continue
            known = clock.due_at
            self._relimit(clock)
            if clock.promise in KEPT_SHORT and not may_lengthen:
                clock.due_at = min(known, clock.due_at)
        verifying = self.find(Promise.VERIFY)
        if verifying is not None:
            self.ticket.turn_rises_at = self._rises_at(verifying)

    def retell(self) -> None:
        """全程: as soon as the first category is known, from the same start."""
        total = self.find(Promise.TOTAL)
        if total is not None and self.at <= total.due_at:
            self._relimit(total)

    def end_assist(self, assist: Assist, state: ClockState) -> None:
        """协办时钟: met by an answer, else cancelled."""
        for clock in self._open():
            if clock.assist_id == assist.pk:
                self._end(clock, state, self.at)

    def told(self) -> dict[str, dict[str, str]]:
        """记入: what the event keeps of the clocks: dates promised, breaches, ends; codes only."""
        told: dict[str, dict[str, str]] = {}
        for clock in (*self._all, *self._new):
            known = self._known.get(clock.pk, NEW)
            for name, before, now in zip(TOLD, known, _standing(clock), strict=True):
                if now != before:
                    told.setdefault(name, {})[clock.key] = str(record.plain(now))
        ended = told.pop("ended", {})
        elsewhen = {key: at for key, at in ended.items() if at != record.plain(self.at)}
        return told | ({"ended": elsewhen} if elsewhen else {})

    def save(self) -> None:
        """Writes what changed; new clocks get their ticket here, since it may be new too."""
        for clock in self._new:
            clock.ticket = self.ticket
        Clock.objects.bulk_create(self._new)
        # bulk_update would build a CASE of eleven columns, ten times slower
        write(list({id(clock): clock for clock in self._changed}.values()), WRITTEN)
        if self._paused:
            Pause.objects.bulk_create([Pause(clock=c, started_at=self.at) for c in self._paused])
        if self._resumed:
            Pause.objects.filter(clock__in=self._resumed, ended_at=None).update(ended_at=self.at)

    def _open(self) -> list[Clock]:
        return [clock for clock in self._all if clock.ended_at is None]

    def _end(self, clock: Clock, state: ClockState, when: datetime) -> None:
        stopped_at = when
        if clock.state == ClockState.PAUSED:
            self._resumed.append(clock)
            stopped_at = when if state == ClockState.MET else _stopped_at(clock)
        clock.state = state
        clock.ended_at = when
        if clock.promise in BY_UNIT and clock.breached_at is None:
            clock.person_id = self._held["handler_id"] or clock.person_id
        self._note_breach(clock, stopped_at)
        self._changed.append(clock)

    def _note_breach(self, clock: Clock, when: datetime) -> None:
        """超期: written before a due date moves or no longer counts."""
        if when <= clock.due_at or clock.breached_at is not None or self._is_forgiven(clock):
            return
        clock.breached_at = clock.due_at
        if clock.scope == Scope.LEAD:
            clock.unit_id, clock.person_id = _holder(clock)

    def _relimit(self, clock: Clock) -> None:
        limit = limits.of(Promise(clock.promise), self.ticket, start=clock.started_at)
        clock.value, clock.kind, clock.counting = limit.value, limit.kind, limit.counting
        clock.calendar = limits.calendar(limit, self.ticket)
        due_at = self._due(clock)
        clock.due_at = due_at if due_at > self.at else min(clock.due_at, self._due(clock, self.at))
        self._changed.append(clock)

    def _is_forgiven(self, clock: Clock) -> bool:
        # a granted request removes what ran out while it was pending
        asked_in_time = self.asked_at is not None and self.asked_at <= clock.due_at
        passes = clock.promise == Promise.VERIFY and limits.passes_at(self.ticket) is not None
        return clock.promise in WINDOWS or asked_in_time or passes

    def _arrival(self) -> None:
        ticket = self.ticket
        open_one = self.find(Promise.ARRIVE)
        if open_one is not None and not ticket.is_urgent:
            self._end(open_one, ClockState.CANCELLED, self.at)
        known = any(c.promise == Promise.ARRIVE and c.leg == ticket.leg for c in self._all)
        if ticket.is_urgent and ticket.state in WITH_UNIT and not known:
            self.start(Promise.ARRIVE)

    def _rises_at(self, clock: Clock) -> datetime | None:
        """转交: half the limit, or at once where nobody could look at the place."""
        ticket = self.ticket
        if ticket.verify_by not in (VerifyBy.SITE, VerifyBy.REPORTER):
            return None
        today = the_clock.local(self.at).date()
        if ticket.verify_by == VerifyBy.SITE and not turns.is_walked(ticket, today):
            return self.at
        return limits.half_of(clock)

    def _lap(self, promise: Promise, leg: int, assist: Assist | None) -> int:
        same = [
            clock
            for clock in self._all
            if clock.promise == promise and clock.leg == leg and clock.cycle == self.ticket.cycle
            and clock.assist_id == (assist.pk if assist else None)
        ]  # fmt: skip
        return len(same) + 1

    def _due(self, clock: Clock, start: datetime | None = None) -> datetime:
        start = start or clock.started_at
        if clock.promise == Promise.TOTAL:
            return limits.total_due(self.ticket, start)
        if clock.promise == Promise.SUSPEND and self.ticket.resume_at:
            return self.ticket.resume_at
        passes_at = limits.passes_at(self.ticket)
        if clock.promise == Promise.VERIFY and passes_at is not None:
            return passes_at
        return deadlines.due(
            start, clock, calendars.spec(clock.calendar), extension_days=clock.extension_days
        )


def _standing(clock: Clock) -> tuple[datetime | None, datetime | None, str, datetime | None]:
    """What of a clock the record accounts for, in the order of `TOLD`."""
    return clock.due_at, clock.breached_at, clock.state, clock.ended_at


def _stopped_at(clock: Clock) -> datetime:
    """停表: what stands still runs out of no time."""
    return Pause.objects.get(clock=clock, ended_at=None).started_at


def _holder(clock: Clock) -> tuple[int | None, int | None]:
    """责任人: the unit and person who held the ticket when the clock ran out; none: the desk."""
    if clock.promise not in BY_UNIT and not _was_with_unit(clock):
        return None, None
    parts = Participation.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=clock.due_at),
        ticket=clock.ticket_id,
        started_at__lte=clock.due_at,
    )
    lead = parts.filter(role=ParticipationRole.LEAD).first()
    handler = parts.filter(role=ParticipationRole.HANDLER).first()
    return lead.unit_id if lead else None, handler.person_id if handler else None


def _was_with_unit(clock: Clock) -> bool:
    if clock.promise != Promise.TOTAL:
        return False
    before = Event.objects.filter(ticket=clock.ticket_id, at__lte=clock.due_at)
    last = before.order_by("-seq").first()
    return last is not None and last.to_state in WITH_UNIT
