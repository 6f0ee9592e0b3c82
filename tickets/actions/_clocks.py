"""Applies a clock plan to the rows of one locked ticket."""

from datetime import datetime
from typing import Any

from grids import calendars
from tickets import deadlines, law
from tickets.models import Assist, Clock, Pause, Ticket
from tickets.models.clock import ClockState, Scope
from tickets.words import Promise, VerifyBy

LED_TO = frozenset({Promise.DISPATCH})
TOTAL_PARTS = (
    Promise.ACCEPT, Promise.DISPATCH, Promise.CLAIM, Promise.RESOLVE, Promise.VERIFY,
    Promise.REPLY,
)  # fmt: skip


class Clocks:
    """时钟组: the clocks of one ticket during one move. Reads once, writes at `save`."""

    def __init__(
        self, ticket: Ticket, at: datetime, *, is_new: bool = False, held: dict[str, Any]
    ) -> None:
        self.ticket = ticket
        self.at = at
        self._held = held
        self._all = [] if is_new else list(
            Clock.objects.filter(ticket=ticket, cycle=held["cycle"]).order_by("id")
        )  # fmt: skip
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
                clock.state = ClockState.PAUSED
                self._paused.append(clock)
                self._changed.append(clock)
            elif promise in plan.run and clock.state == ClockState.PAUSED:
                clock.state = ClockState.RUNNING
                self._resumed.append(clock)
                self._changed.append(clock)
        for promise in sorted(plan.start):
            self.start(promise)

    def start(self, promise: Promise, *, assist: Assist | None = None, due_at: datetime | None = None) -> Clock:  # fmt: skip
        """开始: a new clock of that promise for the present cycle and leg."""
        ticket = self.ticket
        leg = ticket.leg + 1 if promise in LED_TO else ticket.leg
        limit = _limit(promise, ticket)
        clock = Clock(
            promise=promise, scope=Scope.ASSIST if assist else Scope.LEAD, assist=assist,
            cycle=ticket.cycle, leg=leg, lap=self._lap(promise, leg, assist),
            value=limit.value, kind=limit.kind, counting=limit.counting,
            calendar=_calendar(limit, ticket), started_at=self.at, unit_id=ticket.unit_id,
            person_id=ticket.handler_id,
        )  # fmt: skip
        clock.due_at = due_at or self._due(clock)
        self._new.append(clock)
        if promise == Promise.VERIFY and ticket.verify_by in (VerifyBy.SITE, VerifyBy.REPORTER):
            ticket.turn_rises_at = self.at + (clock.due_at - self.at) / 2
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

    def extend(self, promise: Promise, days: int) -> None:
        """延期: adds working days to an open clock."""
        clock = self.find(promise)
        if clock is not None:
            clock.extension_days += days
            clock.due_at = self._due(clock)
            self._changed.append(clock)

    def recompute(self) -> None:
        """重算: new limits after an amendment, with the start kept. TOTAL stays as told."""
        for clock in self._open():
            if clock.promise in (Promise.TOTAL, Promise.SUSPEND) or clock.scope != Scope.LEAD:
                continue
            limit = _limit(Promise(clock.promise), self.ticket)
            clock.value, clock.kind, clock.counting = limit.value, limit.kind, limit.counting
            clock.calendar = _calendar(limit, self.ticket)
            clock.due_at = max(self._due(clock), min(clock.due_at, self.at))
            self._changed.append(clock)

    def end_assist(self, assist: Assist, state: ClockState) -> None:
        """协办时钟: met by an answer, else cancelled."""
        for clock in self._open():
            if clock.assist_id == assist.pk:
                self._end(clock, state, self.at)

    def save(self) -> None:
        """Writes what changed; new clocks get their ticket here, since it may be new too."""
        for clock in self._new:
            clock.ticket = self.ticket
        Clock.objects.bulk_create(self._new)
        changed = list({id(clock): clock for clock in self._changed}.values())
        if changed:
            Clock.objects.bulk_update(
                changed,
                ["state", "ended_at", "breached_at", "due_at", "extension_days", "value", "kind",
                 "counting", "calendar", "unit", "person"],
            )  # fmt: skip
        if self._paused:
            Pause.objects.bulk_create([Pause(clock=c, started_at=self.at) for c in self._paused])
        if self._resumed:
            Pause.objects.filter(clock__in=self._resumed, ended_at=None).update(ended_at=self.at)

    def _open(self) -> list[Clock]:
        return [clock for clock in self._all if clock.ended_at is None]

    def _end(self, clock: Clock, state: ClockState, when: datetime) -> None:
        if clock.state == ClockState.PAUSED:
            self._resumed.append(clock)
        clock.state = state
        clock.ended_at = when
        if clock.breached_at is None and when > clock.due_at:
            clock.breached_at = clock.due_at
        clock.unit_id = self._held["unit_id"] or clock.unit_id
        clock.person_id = self._held["handler_id"] or clock.person_id
        self._changed.append(clock)

    def _lap(self, promise: Promise, leg: int, assist: Assist | None) -> int:
        same = [
            clock
            for clock in self._all
            if clock.promise == promise and clock.leg == leg and clock.cycle == self.ticket.cycle
            and clock.assist_id == (assist.pk if assist else None)
        ]  # fmt: skip
        return len(same) + 1

    def _due(self, clock: Clock) -> datetime:
        if clock.promise == Promise.TOTAL:
            return _total_due(self.ticket, clock.started_at)
        if clock.promise == Promise.SUSPEND and self.ticket.resume_at:
            return self.ticket.resume_at
        return deadlines.due(
            clock.started_at, clock, calendars.spec(clock.calendar),
            extension_days=clock.extension_days,
        )  # fmt: skip


def window_end(promise: Promise, ticket: Ticket, start: datetime) -> datetime:
    """窗口: when a limit that is not a clock (退单窗口, 审批) ends, counted from `start`."""
    limit = _limit(promise, ticket)
    return deadlines.due(start, limit, calendars.spec(_calendar(limit, ticket)))


def _limit(promise: Promise, ticket: Ticket) -> Any:
    category = law.categories().get(ticket.category_id or 0)
    chain = tuple(pk for pk in (ticket.category_id, category and category.parent_id) if pk)
    wanted = Promise.ACCEPT if promise == Promise.TOTAL else promise
    limit = deadlines.limit_for(law.limits(), wanted, chain, ticket.urgency)
    if limit is None:
        raise LookupError(f"no time limit for {wanted}: load the law tables (load_law)")
    return limit


def _calendar(limit: Any, ticket: Ticket) -> str:
    category = law.categories().get(ticket.category_id or 0)
    return limit.calendar or (category.calendar if category else "office")


def _total_due(ticket: Ticket, start: datetime) -> datetime:
    moment = start
    for promise in TOTAL_PARTS:
        moment = window_end(promise, ticket, moment)
    return moment
