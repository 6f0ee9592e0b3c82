"""Each step that was due came exactly once, at its own time, over all generations of its clock.

What had to come is reckoned from the record (`walking`), the plans and the calendars; what came
stands in the rows of the timers. The two are written by different hands.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count, groupby
from typing import Any

from grids import hours
from tests.chaos.findings import DOUBLED, LOST, WRONG, Edited, Finding
from tests.chaos.walking import STEPS, Days, Line, Walk
from tickets import law
from tickets.models import Clock, Event, Ticket, Timer
from tickets.models.clock import ClockState, Scope
from tickets.models.escalation import StepAt, StepVerb
from tickets.models.timer import TimerState

REPEATED = (StepAt.EVERY_HOURS, StepAt.EVERY_WORK_DAYS)
WEIGHTS = {"remind": 1, "warn": 2, "escalate": 4}
BY_LAW = 9
FIRST = (0, 0)
WORKDAYS: dict[tuple[int, int], tuple[hours.CalendarSpec, list[int]]] = {}
"""By calendar and day: it and the working days after it, as far as anybody asked."""
Rows = Sequence[Any]
Key = tuple[int, int, datetime]


@dataclass(frozen=True)
class Place:
    """走到哪: after which step, and since when; from the first on where `begins_at` is set."""

    last: tuple[int, int]
    since: datetime
    begins_at: datetime | None = None


class Course:
    """一个时钟的各步: what may come next, and whether it came."""

    def __init__(self, line: Line, came: Sequence[Timer], days: Days) -> None:
        self.line, self.days = line, days
        self.plans: list[Rows] = []
        self.left = dict.fromkeys(((one.nth, one.again, one.due_at) for one in came), True)
        self.fired = 0
        self.place: Place | None = None

    def begin(self, at: datetime, plan: Rows) -> None:
        """起: the first that is still to come."""
        self.plans = [plan]
        self.place = Place(FIRST, at, begins_at=at)

    def rest_for_now(self) -> None:
        """停: nothing is to come."""
        self.place = None

    def until(self, at: datetime) -> Iterator[Finding]:
        """All that was due by then."""
        while self.place is not None:
            options = sorted(self._options(self.place, at), key=lambda one: one[2])
            ready = [one for one in options if one[2] <= at]
            found = next((one for one in ready if one in self.left), None)
            if found is None and len(ready) < len(options):
                return
            if found is None:
                nth, again, due_at = found = ready[0]
                yield Finding(LOST, f"step {nth}.{again} of clock {self._pk}, due {due_at}")
            self.left.pop(found, None)
            self.fired = max(self.fired, found[0])
            self.place = Place(found[:2], found[2])

    def rest(self) -> Iterator[Finding]:
        """Those that came and were not due."""
        for nth, again, due_at in self.left:
            yield Finding(WRONG, f"step {nth}.{again} of clock {self._pk} was not due {due_at}")

    @property
    def _pk(self) -> int:
        return self.line.clock.pk

    def _options(self, place: Place, at: datetime) -> set[Key]:
        """Where the calendar changed meanwhile, by the one or the other."""
        specs = self.days.between(self.line.basis.calendar, place.since, at)
        return {self._next(place, rows, spec) for rows in self.plans for spec in specs}

    def _next(self, place: Place, rows: Rows, spec: hours.CalendarSpec) -> Key:
        """From the start the first that is to come; a graver one that is past comes at once."""
        graver: Key | None = None
        for row, again in _after(rows, *place.last):
            due_at = self._instant(rows, row, again, spec)
            if place.begins_at is None:
                return row.nth, again, max(due_at, place.since)
            if due_at > place.begins_at:
                return graver or (row.nth, again, due_at)
            graver = (row.nth, again, place.begins_at) if row.nth > self.fired else graver
        raise AssertionError("a plan's last step repeats")

    def _instant(self, rows: Rows, row: Any, again: int, spec: hours.CalendarSpec) -> datetime:
        line, value = self.line, row.at_value
        match row.at_kind:
            case StepAt.SHARE if value < 100:
                basis = line.basis
                return hours.at_share(
                    basis.counted_from, line.due, Decimal(value) / 100, basis.kind, spec,
                    line.pauses,
                )  # fmt: skip
            case StepAt.SHARE:
                return line.due
            case StepAt.AFTER_HOURS:
                return line.due + timedelta(hours=float(value))
        earlier = [one for one in rows if one.nth < row.nth]
        since = self._instant(rows, earlier[-1], 0, spec) if earlier else line.due
        if row.at_kind == StepAt.EVERY_HOURS:
            return since + timedelta(hours=float(value)) * again
        return _workdays_later(since, int(value) * again, spec)


def _after(rows: Rows, nth: int, again: int) -> Iterator[tuple[Any, int]]:
    for row in rows:
        if row.at_kind in REPEATED:
            yield from ((row, time) for time in count(again + 1))
        elif row.nth > nth:
            yield row, 0


def _workdays_later(moment: datetime, days: int, spec: hours.CalendarSpec) -> datetime:
    """Day by day, the same time of day."""
    wall = moment.astimezone(spec.zone)
    _spec, known = WORKDAYS.setdefault((id(spec), wall.toordinal()), (spec, [wall.toordinal()]))
    day = max(known)
    while len(known) <= days:
        day += 1
        known += [day] * (spec.workdays.before(day + 1) - spec.workdays.before(day))
    later = datetime.combine(date.fromordinal(known[days]), wall.time(), spec.zone)
    return later.astimezone(moment.tzinfo)


def stepped(at: datetime, edits: Sequence[Edited] = ()) -> Iterator[Finding]:
    """步: every clock of every ticket, over all its generations."""
    WORKDAYS.clear()
    days = Days(edits)
    fired: dict[int, list[Timer]] = defaultdict(list)
    for timer in Timer.objects.filter(state=TimerState.FIRED).order_by("due_at", "pk"):
        fired[timer.clock_id].append(timer)
    tickets = Ticket.objects.order_by("pk").prefetch_related("clocks", "events")
    for ticket in tickets:
        clocks = list(ticket.clocks.all())
        events = sorted(ticket.events.all(), key=lambda one: one.seq)
        for one in clocks:
            yield from _twice(one, fired[one.pk])
            yield from _untold(one, fired[one.pk], events)
        yield from _Judged(ticket, clocks, fired, days).all(events, at)


class _Judged:
    """One ticket's clocks beside its record."""

    def __init__(
        self, ticket: Ticket, clocks: list[Clock], fired: Mapping[int, list[Timer]], days: Days
    ) -> None:
        self.walk, self.fired, self.days = Walk(ticket, clocks), fired, days
        self.courses: dict[str, Course] = {}

    def all(self, events: Sequence[Event], at: datetime) -> Iterator[Finding]:
        if not events or not events[0].data.get("due"):
            return  # history, which has no clocks
        for fired_at, some in groupby(events, key=_fired_at):
            if fired_at is not None:
                self.walk.fires(fired_at)
                yield from spoken(list(some), self.walk.earliest())
                continue
            for event in some:
                for key in self.walk.look(event):
                    yield from self._change(key, event)
        for course in self.courses.values():
            yield from course.until(at)
            yield from course.rest()

    def _change(self, key: str, event: Event) -> Iterator[Finding]:
        walk, course = self.walk, self.courses.get(key)
        if course is not None:
            if walk.is_amended:  # who amends catches up by the plan that holds from then on
                course.plans = [*course.plans, self._plan(course.line)]
            yield from course.until(max(walk.fired_at, event.at))
        line = walk.change(key, event)
        if course is None:
            course = Course(line, self.fired.get(line.clock.pk, []), self.days)
            self.courses[key] = course
        if line.state != ClockState.RUNNING:
            course.rest_for_now()
        else:
            course.begin(event.at, self._plan(line))

    def _plan(self, line: Line) -> Rows:
        ticket = self.walk.ticket
        return law.plan_for(line.clock.promise, ticket.category_id, ticket.urgency).rows


def spoken(events: Sequence[Event], promise: str) -> Iterator[Finding]:
    """说出: of all that came at one instant the gravest is told, once a scope.

    Only a repetition of a clock that is not the ticket's first may be passed over by itself.
    """
    scopes: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        scopes[event.data["scope"]].append(event)
    for some in scopes.values():
        told = [one for one in some if not one.data.get("overtaken")]
        gravest = max(map(_weight, told), default=-1)
        if len(told) > 1:
            yield Finding(DOUBLED, f"news of event {told[-1].pk}: one more at the same instant")
        yield from (
            Finding(LOST, f"news of event {one.pk}: overtaken by nothing graver")
            for one in some
            if _weight(one) > gravest and not _is_echo(one, promise)
        )


def _fired_at(event: Event) -> datetime | None:
    return event.at if event.verb in STEPS and "clock" in event.data else None


def _is_echo(event: Event, promise: str) -> bool:
    data = event.data
    return bool(data.get("again")) and data["scope"] == Scope.LEAD and data["promise"] != promise


def _weight(event: Event) -> int:
    data = event.data
    return BY_LAW if data.get("legal") else WEIGHTS[event.verb] + bool(data.get("overdue"))


def _twice(one: Clock, fired: Sequence[Timer]) -> Iterator[Finding]:
    seen = Counter((timer.nth, timer.again, timer.due_at) for timer in fired)
    for (nth, again, _due_at), times in seen.items():
        if times > 1:
            yield Finding(DOUBLED, f"step {nth}.{again} of clock {one.pk}")


def _untold(one: Clock, fired: Sequence[Timer], events: Sequence[Event]) -> Iterator[Finding]:
    """Its own event tells of it, or that of the act which found it missed."""
    by_seq = {event.seq: event for event in events}
    for timer in fired:
        if timer.verb == StepVerb.LAPSE and timer.event_seq is None:
            continue
        event = by_seq.get(timer.event_seq or 0)
        if event is None or not _tells(event, one, timer):
            yield Finding(LOST, f"event of step {timer.nth}.{timer.again} of clock {one.pk}")


def _tells(event: Event, one: Clock, timer: Timer) -> bool:
    data = event.data
    caught_up = data.get("missed", {}).get(one.key, [])
    step = [timer.nth, timer.again]
    is_its_own = (event.verb, data.get("clock")) == (timer.verb, one.key)
    own = is_its_own and [data.get("nth"), data.get("again")] == step
    return own or any(row[:2] == step for row in caught_up)
