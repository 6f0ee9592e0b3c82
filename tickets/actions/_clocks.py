"""Applies a clock plan to the rows of one locked ticket."""

from datetime import datetime
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Greatest

from common import clock as the_clock
from common.rows import write
from tickets import deadlines, limits, reckoning, record, turns
from tickets.actions import _breach, _timers
from tickets.actions._dates import Dates, drop_grace, remember, restore
from tickets.models import Assist, Clock, Pause, Ticket
from tickets.models.clock import ClockState, Scope
from tickets.steps import Step
from tickets.words import Promise, VerifyBy

LED_TO = frozenset({Promise.DISPATCH})
KEPT_SHORT = frozenset({Promise.RESOLVE, Promise.ARRIVE})
"""A unit that amends its own ticket gets no longer limit by that."""
FIXED = frozenset({
    "id", "ticket_id", "promise", "scope", "assist_id", "cycle", "leg", "lap", "started_at",
})  # fmt: skip
WRITTEN = tuple(field.name for field in Clock._meta.concrete_fields if field.attname not in FIXED)

TOLD = ("due", "late", "clocks", "ended", "legal", "legal_late")
"""Names in an event's data: due dates, breaches, states, and ends at another time than its own."""
NEW = (None, None, ClockState.RUNNING, None, None, None)


class Clocks:
    """时钟组: the clocks of one ticket during one move. Reads once, writes at `save`."""

    def __init__(
        self, ticket: Ticket, at: datetime, *, is_new: bool = False, held: dict[str, Any]
    ) -> None:
        self.ticket = ticket
        self.at = at
        self.asked: _breach.Asked | None = None  # the request that is now granted
        self.dates = Dates(ticket)
        self._held = held
        self._all = [] if is_new else list(limits.clocks_of(ticket, cycle=held["cycle"]))
        self._known = {clock.pk: _standing(clock) for clock in self._all}
        self._new: list[Clock] = []
        self._changed: dict[int, Clock] = {}
        self._paused: list[Pause] = []
        self._resumed: list[Clock] = []
        self._noted: list[Clock] = []  # reckoned anew, with the same dates
        self._responded: list[Clock] = []
        self._missed: dict[int, list[Step]] = {}

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
                self._pause(clock)
            elif promise in plan.run and clock.state == ClockState.PAUSED:
                self._resume(clock)
        for promise in sorted(plan.start):
            self.start(promise)
        self._note_breaches([one for one in self._open() if one.state == ClockState.RUNNING])

    def start(
        self, promise: Promise, *, assist: Assist | None = None, due_at: datetime | None = None
    ) -> Clock:
        """开始: a new clock of that promise for the present cycle and leg."""
        ticket = self.ticket
        leg = ticket.leg + 1 if promise in LED_TO else ticket.leg
        is_units = promise in _breach.BY_UNIT
        clock = Clock(
            promise=promise, scope=Scope.ASSIST if assist else Scope.LEAD, assist=assist,
            cycle=ticket.cycle, leg=leg, lap=self._lap(promise, leg, assist),
            started_at=self.at, counted_from=self.at,
            unit_id=assist.unit_id if assist else ticket.unit_id if is_units else None,
            person_id=ticket.handler_id if is_units else None,
        )  # fmt: skip
        self.dates.promise(clock)
        if due_at is not None:
            clock.terms = reckoning.told(due_at)
        self.dates.reckon(clock, at=self.at)
        self._new.append(clock)
        if promise == Promise.VERIFY:
            ticket.turn_rises_at = self._rises_at(clock)
        return clock

    def show(self) -> None:
        """到期: on the ticket stands the earliest of the lead's running clocks."""
        ticket = self.ticket
        running = [
            clock
            for clock in (*self._open(), *self._new)
            if clock.state == ClockState.RUNNING and clock.scope == Scope.LEAD
        ]
        first = min(running, key=lambda one: one.due_at, default=None)
        if ticket.ended_at is not None or first is None:
            ticket.due_at = ticket.soon_at = None
            ticket.due_promise, ticket.due_calendar = "", ""
            ticket.due_is_provisional = False
            return
        follows = reckoning.follows_calendar(first.kind, first.counting)
        ticket.due_at, ticket.soon_at = first.due_at, first.soon_at
        ticket.due_promise, ticket.due_calendar = first.promise, first.calendar if follows else ""
        ticket.due_is_provisional = first.is_provisional

    def find(self, promise: Promise) -> Clock | None:
        """The open lead clock of that promise."""
        for clock in (*self._open(), *self._new):
            if clock.promise == promise and clock.scope == Scope.LEAD:
                return clock
        return None

    def extend(self, days: int) -> None:
        """延期: working days more for `resolve`, and for the date that the reporter was told.

        Asked in time and granted later, they count from the grant.
        """
        for promise in (Promise.RESOLVE, Promise.TOTAL):
            clock = self.find(promise)
            if clock is None:
                continue
            self._note_breaches([clock])
            self._touch(clock)
            is_after = self.asked is not None and self.asked.at <= clock.due_at < self.at
            more = reckoning.Extension(days, self.at if is_after else None)
            clock.extended = reckoning.as_extended([*reckoning.extensions(clock.extended), more])
            clock.extension_days += days
            self.dates.reckon(clock, at=self.at)

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
            known, due_at = remember(clock), clock.due_at
            self._relimit(clock)
            if clock.promise in KEPT_SHORT and not may_lengthen and clock.due_at > due_at:
                restore(clock, known)
        self._hasten()
        verifying = self.find(Promise.VERIFY)
        if verifying is not None:
            self.ticket.turn_rises_at = self._rises_at(verifying)

    def retell(self) -> None:
        """全程: as soon as the first category is known, from the same start."""
        total = self.find(Promise.TOTAL)
        if total is not None and self.at <= total.due_at:
            self._relimit(total)

    def follow_calendars(self) -> None:
        """随日历: the dates by the calendars of now; no new date makes a breach of its own."""
        for clock in self._open():
            if clock.state != ClockState.RUNNING:
                continue
            if not self._differs(clock):
                clock.computed_rev = self.dates.revision(clock)
                self._noted.append(clock)
                continue
            self._note_breaches([clock])
            self._touch(clock)
            self.dates.follow(clock, since=self.at, at=self.at)

    def _differs(self, clock: Clock) -> bool:
        found = self.dates.of(clock, at=self.at)
        return found != reckoning.Dates(
            clock.due_at, clock.soon_at, clock.legal_due_at, clock.is_provisional
        )

    def responded(self) -> None:
        """响应: the first word with the reporter, look at the place, or result, of this leg."""
        clock = self.find(Promise.RESOLVE)
        if clock is not None and clock.responded_at is None:
            clock.responded_at = self.at
            self._responded.append(clock)

    def end_assist(self, assist: Assist, state: ClockState) -> None:
        """协办时钟: met by an answer, else cancelled."""
        for clock in self._open():
            if clock.assist_id == assist.pk:
                self._end(clock, state, self.at)

    def told(self) -> dict[str, dict[str, Any]]:
        """记入: what the event keeps of the clocks: dates, breaches, ends, steps that came late."""
        told: dict[str, dict[str, Any]] = {}
        for clock in (*self._all, *self._new):
            known = self._known.get(clock.pk, NEW)
            for name, before, now in zip(TOLD, known, _standing(clock), strict=True):
                if now != before:
                    told.setdefault(name, {})[clock.key] = str(record.plain(now))
            if self._missed.get(clock.pk):
                told.setdefault("missed", {})[clock.key] = _timers.told(self._missed[clock.pk])
        ended = told.pop("ended", {})
        elsewhen = {key: at for key, at in ended.items() if at != record.plain(self.at)}
        return told | ({"ended": elsewhen} if elsewhen else {})

    def save(self) -> None:
        """Writes what changed; new clocks get their ticket here, since it may be new too."""
        changed = list(self._changed.values())
        coming = [self._arm(clock) for clock in (*self._new, *changed)]
        for clock in self._new:
            clock.ticket = self.ticket
        Clock.objects.bulk_create(self._new)
        # bulk_update would build a CASE of thirty columns, ten times slower
        write(changed, WRITTEN)
        write(self._noted, ("computed_rev",))
        also = [clock for clock in self._responded if clock.pk not in self._changed]
        write(also, ("responded_at",))
        Pause.objects.bulk_create(self._paused)
        if self._resumed:
            # a clock of another machine may be behind the one that began it
            ends_at = Greatest(F("started_at"), Value(self.at))
            Pause.objects.filter(clock__in=self._resumed, ended_at=None).update(ended_at=ends_at)
        self._tell_helpers(changed)
        seq = self.ticket.seq
        rows = [
            _timers.fired(clock, clock.generation - 1, step, at=self.at, seq=seq)
            for clock in changed
            for step in self._missed.get(clock.pk, ())
        ]
        both = zip((*self._new, *changed), coming, strict=True)
        _timers.save([*rows, *(_timers.live(clock, step) for clock, step in both)])

    def _tell_helpers(self, changed: list[Clock]) -> None:
        """协办期限 is the date of its clock."""
        for clock in changed:
            if clock.assist_id is not None and self._known[clock.pk][0] != clock.due_at:
                Assist.objects.filter(pk=clock.assist_id).update(due_at=clock.due_at)

    def _open(self) -> list[Clock]:
        return [clock for clock in self._all if clock.ended_at is None]

    def _touch(self, clock: Clock) -> None:
        """改: a new generation; what was due by the old dates and has not come is caught up."""
        if clock.pk in self._changed or clock in self._new:
            return
        self._changed[clock.pk] = clock
        if clock.next_at is not None and clock.next_at <= self.at:
            timer = _timers.armed_of(self.ticket)[clock.pk]
            steps = _timers.missed(timer, self.dates.course(clock), self.at)
            self._missed[clock.pk] = steps
            clock.fired_nth = max([clock.fired_nth, *(step.nth for step in steps)])
        clock.generation += 1

    def _arm(self, clock: Clock) -> Step | None:
        if clock.state != ClockState.RUNNING:
            clock.next_at = None
            return None
        step = self.dates.course(clock).next(self.at, fired_nth=clock.fired_nth)
        clock.next_at = step.due_at
        return step

    def _pause(self, clock: Clock) -> None:
        self._note_breaches([clock])
        self._touch(clock)
        # asked in time: what was left when it was asked is what is left, whenever it is granted
        asked = self.asked
        is_in_time = asked is not None and asked.at <= clock.due_at
        since = max(asked.at, clock.started_at) if asked and is_in_time else self.at
        clock.state, clock.has_paused = ClockState.PAUSED, True
        self._paused.append(Pause(clock=clock, started_at=since))

    def _resume(self, clock: Clock) -> None:
        self._touch(clock)
        since = self.dates.paused_at(clock)
        clock.state = ClockState.RUNNING
        self._resumed.append(clock)
        self.dates.end_pause(clock, self.at)
        # where the calendar changed meanwhile, what was left when it stopped is left
        self.dates.follow(clock, since=since, at=self.at)

    def _end(self, clock: Clock, state: ClockState, when: datetime) -> None:
        self._touch(clock)
        stopped_at = when
        if clock.state == ClockState.PAUSED:
            self._resumed.append(clock)
            stopped_at = when if state == ClockState.MET else self.dates.paused_at(clock)
        clock.state = state
        clock.ended_at = when
        if clock.promise in _breach.BY_UNIT and clock.breached_at is None:
            clock.person_id = self._held["handler_id"] or clock.person_id
        self._note_breaches([clock], when=stopped_at)

    def _note_breaches(self, clocks: list[Clock], *, when: datetime | None = None) -> None:
        """超期: written before a due date moves or no longer counts; held back while asked."""
        when = when or self.at
        late = [
            one for one in clocks if _breach.is_late(one, when) or _breach.is_late_by_law(one, when)
        ]
        if not late:
            return
        pending = _breach.asked([self.ticket.pk]) if self.ticket.has_request else {}
        asked = pending.get(self.ticket.pk) or self.asked
        charged = []
        for clock in late:
            is_stopped = asked is not None and asked.stops_law(clock)
            if _breach.is_late_by_law(clock, when) and not is_stopped:
                self._touch(clock)
                clock.legal_breached_at = clock.legal_due_at
            if _breach.is_late(clock, when) and not self._is_forgiven(clock, asked):
                self._touch(clock)
                clock.breached_at = clock.due_at
                charged.append(clock)
        _breach.charge(charged)

    def _is_forgiven(self, clock: Clock, asked: _breach.Asked | None) -> bool:
        # a granted request removes what ran out while it was pending
        asked_in_time = asked is not None and asked.at <= clock.due_at
        return asked_in_time or _breach.passes(self.ticket, clock)

    def _relimit(self, clock: Clock) -> None:
        self._touch(clock)
        known, due_at = remember(clock), clock.due_at
        clock.counted_from = clock.started_at
        drop_grace(clock)
        self._promise(clock)
        self.dates.spare_by_law(clock, at=self.at)
        if clock.due_at <= self.at:
            clock.counted_from = self.at
            self._promise(clock)
            if due_at <= clock.due_at:
                restore(clock, known)

    def _promise(self, clock: Clock) -> None:
        self.dates.promise(clock)
        self.dates.reckon(clock, at=self.at)

    def _hasten(self) -> None:
        """换方案: the next step by the plan of now, also of what is overdue; dates stay."""
        plan = ("category_id", "urgency")
        if all(self._held[name] == getattr(self.ticket, name) for name in plan):
            return
        for clock in self._open():
            if clock.state == ClockState.RUNNING:
                self._touch(clock)

    def _arrival(self) -> None:
        ticket = self.ticket
        open_one = self.find(Promise.ARRIVE)
        if open_one is not None and not ticket.is_urgent:
            self._end(open_one, ClockState.CANCELLED, self.at)
        known = any(c.promise == Promise.ARRIVE and c.leg == ticket.leg for c in self._all)
        if ticket.is_urgent and ticket.state in _breach.WITH_UNIT and not known:
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


def _standing(clock: Clock) -> tuple[Any, ...]:
    """What of a clock the record accounts for, in the order of `TOLD`."""
    return (
        clock.due_at, clock.breached_at, clock.state, clock.ended_at,
        clock.legal_due_at, clock.legal_breached_at,
    )  # fmt: skip
