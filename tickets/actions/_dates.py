"""From limits to the dates on a clock's row: the one place where they are set (`reckoning`)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from grids import calendars, hours
from tickets import limits, reckoning, steps
from tickets.law import Plan, plan_for
from tickets.models import Clock, Pause, Ticket
from tickets.words import Promise

LIMITED = (
    "value", "kind", "counting", "calendar", "terms", "counted_from",
    "legal_value", "legal_kind", "legal_counting",
    "grace_from", "grace_until", "legal_grace_from", "legal_grace_until",
)  # fmt: skip
DATED = ("due_at", "soon_at", "half_at", "legal_due_at", "is_provisional", "computed_rev")


class Dates:
    """日期: calendars and pauses of one ticket's clocks, read once and only when needed."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self._specs: dict[str, hours.CalendarSpec] = {}
        self._pauses: dict[int, list[hours.Pause]] | None = None
        self._revision: int | None = None

    def spec(self, code: str) -> hours.CalendarSpec:
        """日历."""
        if self._revision is None:
            self._revision = calendars.revision()  # before the first: never newer than any
        if code not in self._specs:
            self._specs[code] = calendars.spec(code)
        return self._specs[code]

    def pauses(self, clock: Clock) -> Sequence[hours.Pause]:
        """暂停, also those that end with this move."""
        if not clock.has_paused or clock.pk is None:
            return ()
        if self._pauses is None:
            self._pauses = read_pauses(Pause.objects.filter(clock__ticket=self.ticket))
        return self._pauses[clock.pk]

    def know(self, pauses: dict[int, list[hours.Pause]]) -> None:
        """Read already, for many tickets at once."""
        self._pauses = pauses

    def paused_at(self, clock: Clock) -> datetime:
        """停表: since when it stands still."""
        return self.pauses(clock)[-1].start

    def end_pause(self, clock: Clock, at: datetime) -> None:
        """What stood still runs on."""
        self.pauses(clock)
        known = self._pauses[clock.pk] if self._pauses is not None else []
        known[:] = [hours.Pause(one.start, one.end or max(at, one.start)) for one in known]

    def promise(self, clock: Clock) -> None:
        """承诺: what the limits of now say, kept on the clock's row; no dates yet."""
        promise = Promise(clock.promise)
        limit = limits.of(promise, self.ticket, start=clock.counted_from)
        clock.value, clock.kind, clock.counting = limit.value, limit.kind, limit.counting
        clock.calendar = limits.calendar(limit, self.ticket)
        is_summed = limit.promise != promise
        clock.terms = self._terms(clock, promise, is_summed=is_summed)
        if clock.legal_breached_at is not None:
            return  # what was broken stays what it was
        # the law of the first part is not that of the sum
        clock.legal_value = None if is_summed else limit.legal_value
        clock.legal_kind = "" if is_summed else limit.legal_kind
        clock.legal_counting = "" if is_summed else limit.legal_counting

    def _terms(self, clock: Clock, promise: Promise, *, is_summed: bool) -> str:
        ticket = self.ticket
        passes_at = limits.passes_at(ticket)
        if promise == Promise.TOTAL and is_summed:
            return reckoning.as_terms(limits.total_parts(ticket, clock.counted_from))
        if promise == Promise.SUSPEND and ticket.resume_at:
            return reckoning.told(ticket.resume_at)
        if promise == Promise.VERIFY and passes_at is not None:
            return reckoning.told(passes_at)
        return ""

    def reckon(self, clock: Clock, *, at: datetime) -> None:
        """计算: due, soon, legal; of a clock that stands still as if it ran on from now."""
        found = self.of(clock, at=at)
        clock.due_at, clock.soon_at = found.due, found.soon
        clock.legal_due_at, clock.is_provisional = found.legal_due, found.is_provisional
        clock.computed_rev = self.revision(clock)
        if clock.promise == Promise.RESOLVE:
            pauses = self._pauses_until(clock, at)
            clock.half_at = reckoning.half(clock, found.due, pauses, self.spec)

    def follow(self, clock: Clock, *, since: datetime, at: datetime) -> None:
        """随日历: by the calendars of now; who could not keep the new date keeps what was left.

        `since`: when what was left is looked at: now, or when the clock stopped.
        """
        due_at, by_law = clock.due_at, clock.legal_due_at
        self.reckon(clock, at=at)
        soonest = self._soonest(clock, at)
        if self._is_out_of_reach(clock, clock.kind, since, due_at, clock.due_at, soonest):
            clock.grace_from, clock.grace_until = since, due_at
        if self._is_out_of_reach(
            clock, clock.legal_kind, since, by_law, clock.legal_due_at, soonest
        ):
            clock.legal_grace_from, clock.legal_grace_until = since, by_law
        self.reckon(clock, at=at)

    def spare_by_law(self, clock: Clock, *, at: datetime) -> None:
        """法定宽限: a limit by law that was not known to hold until now counts from now."""
        due_at, value = clock.legal_due_at, clock.legal_value
        if value is None or due_at is None or due_at > at or clock.legal_breached_at is not None:
            return
        budget = hours.Budget(
            value, hours.Kind(clock.legal_kind), hours.Counting(clock.legal_counting)
        )
        clock.legal_grace_from = at
        clock.legal_grace_until = hours.add(at, budget, self.spec(clock.calendar))
        self.reckon(clock, at=at)

    def _soonest(self, clock: Clock, at: datetime) -> datetime:
        """Nobody keeps what is due within the working hour."""
        hour = hours.Budget(Decimal(1), hours.Kind.WORK_HOUR)
        return hours.add(at, hour, self.spec(clock.calendar))

    def _is_out_of_reach(
        self, clock: Clock, kind: str, since: datetime, before: datetime | None,
        now: datetime | None, soonest: datetime,
    ) -> bool:  # fmt: skip
        """够不着: a date that came so near, where more time was left before."""
        if before is None or now is None or since >= before or now > soonest:
            return False
        own = self.spec(clock.calendar)
        return hours.moved(since, before, hours.Kind(kind), own, self.pauses(clock)) > now

    def of(self, clock: Clock, *, at: datetime) -> reckoning.Dates:
        """What its dates are by its row alone."""
        return reckoning.of_clock(clock, self._pauses_until(clock, at), self.spec)

    def _pauses_until(self, clock: Clock, at: datetime) -> list[hours.Pause]:
        return [
            one if one.end else hours.Pause(one.start, max(at, one.start))
            for one in self.pauses(clock)
        ]

    def revision(self, clock: Clock) -> int:
        """修订 of the calendars it hangs on; a sum of parts hangs on any of them."""
        own = self.spec(clock.calendar).revision
        if clock.promise == Promise.TOTAL and self._revision is not None:
            return self._revision
        return own

    def plan(self, clock: Clock) -> Plan:
        """升级方案 of its promise, the ticket's category and urgency."""
        return plan_for(clock.promise, self.ticket.category_id, self.ticket.urgency)

    def course(self, clock: Clock) -> steps.Course:
        """进程: its steps, by the plan of its promise, category and urgency."""
        return steps.Course(
            clock, self.plan(clock).rows, self.pauses(clock),
            self.spec(clock.calendar),
        )  # fmt: skip


def read_pauses(found: Iterable[Pause]) -> dict[int, list[hours.Pause]]:
    """暂停: by clock, in order."""
    pauses: dict[int, list[hours.Pause]] = defaultdict(list)
    for row in sorted(found, key=lambda one: one.started_at):
        pauses[row.clock_id].append(hours.Pause(row.started_at, row.ended_at))
    return pauses


def drop_grace(clock: Clock) -> None:
    """宽限 belongs to the limit that is given up."""
    clock.grace_from = clock.grace_until = None
    if clock.legal_breached_at is None:
        clock.legal_grace_from = clock.legal_grace_until = None


def restore(clock: Clock, known: dict[str, Any]) -> None:
    """As it was."""
    for name, value in known.items():
        setattr(clock, name, value)


def remember(clock: Clock) -> dict[str, Any]:
    """What a new limit changes of a clock."""
    return {name: getattr(clock, name) for name in (*LIMITED, *DATED)}
