"""到点: due steps of many tickets at once: events, breaches and the next timers, in one batch.

Each step becomes an event of its own with its true due time; of all that a ticket has missed
people are told the gravest, once for the lead and once for its helpers (DESIGN §4).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Least

from common.actors import SYSTEM
from common.poke import poke_soon
from common.rows import rows, write
from grids import calendars, hours
from tickets import record
from tickets.actions import _breach, _record, _timers
from tickets.actions._dates import read_pauses
from tickets.law import Plan, plan_for
from tickets.models import Approval, Clock, Event, Pause, Ticket, Timer
from tickets.models.approval import ApprovalKind, ApprovalState
from tickets.models.clock import ClockState, Scope
from tickets.models.escalation import StepVerb
from tickets.models.timer import TimerState
from tickets.steps import Course, Step

BATCH = 100
SEEN = 4 * BATCH
"""Due ids read without a lock, so that a second process finds tickets the first does not hold."""
CHANGED = ("breached_at", "legal_breached_at", "unit", "person", "fired_nth", "next_at")
GATHER_SECONDS = 1.0


@dataclass
class Due:
    """到点的时钟: what it missed, what comes next, and what is late now."""

    clock: Clock
    plan: Plan
    steps: list[Step]
    coming: Step
    late: dict[str, str] = field(default_factory=dict)
    legal_late: dict[str, str] = field(default_factory=dict)

    @property
    def tells_of_late(self) -> bool:
        """Whether an event comes of it that can tell of a breach."""
        told = (step.is_overdue and step.verb != StepVerb.LAPSE for step in self.steps)
        return bool(self.legal_late) or any(told)


def due_ids(at: datetime, *, but: Collection[int] = ()) -> list[int]:
    """到点的工单: of due timers and of limits by law that ran out, oldest first; no locks."""
    found = dict.fromkeys(
        Timer.objects.filter(state=TimerState.ARMED, due_at__lte=at)
        .exclude(ticket_id__in=but)
        .order_by("due_at", "id")
        .values_list("ticket_id", flat=True)[:SEEN]
    )
    stopped = Approval.objects.filter(
        ticket=OuterRef("ticket"), state=ApprovalState.PENDING, kind=ApprovalKind.SUSPEND,
        asked_at__lte=Least(OuterRef("due_at"), OuterRef("legal_due_at")),
    )  # fmt: skip
    by_law = Clock.objects.filter(
        ~Exists(stopped), state=ClockState.RUNNING, legal_due_at__lt=at, legal_breached_at=None
    ).exclude(ticket_id__in=but)
    by_law = by_law.order_by("legal_due_at", "id")
    return list(found | dict.fromkeys(by_law.values_list("ticket_id", flat=True)[:SEEN]))


def fire(ids: Sequence[int], *, at: datetime, size: int = BATCH) -> list[int]:
    """到点: what is due of up to `size` of these tickets; returns those that were looked at.

    Tickets that another process holds are left to it. All or nothing: whatever is refused by the
    database leaves nothing of the batch behind.
    """
    with transaction.atomic():
        tickets = rows(
            Ticket, "WHERE id = ANY(%s) ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
            [list(ids), size],
        )  # fmt: skip
        if not tickets:
            return []
        by_pk = {ticket.pk: ticket for ticket in tickets}
        found = _due(by_pk, at)
        _note_breaches(by_pk, found, at)
        events = [event for ticket in tickets for event in _events(ticket, found[ticket.pk], at)]
        _write(tickets, found, events, at)
    if any(event.announced_at is None for event in events):
        poke_soon("tickets.tasks.sweep", seconds=GATHER_SECONDS, name="announce")
    return list(by_pk)


def _due(tickets: dict[int, Ticket], at: datetime) -> dict[int, list[Due]]:
    clocks = rows(
        Clock,
        "WHERE ticket_id = ANY(%s) AND state = 'RUNNING' AND (id IN (SELECT clock_id"
        " FROM tickets_timer WHERE ticket_id = ANY(%s) AND state = 'ARMED' AND due_at <= %s)"
        " OR legal_due_at < %s AND legal_breached_at IS NULL) ORDER BY id",
        [list(tickets), list(tickets), at, at],
    )
    ids = [clock.pk for clock in clocks]
    armed = {timer.clock_id: timer for timer in rows(
        Timer, "WHERE clock_id = ANY(%s) AND state = 'ARMED'", [ids]
    )}  # fmt: skip
    paused = [clock.pk for clock in clocks if clock.has_paused]
    pauses = read_pauses(Pause.objects.filter(clock__in=paused)) if paused else {}
    course = _Courses(tickets, pauses)
    found: dict[int, list[Due]] = defaultdict(list)
    for clock in clocks:
        found[clock.ticket_id].append(course.due(clock, armed[clock.pk], at))
    return found


class _Courses:
    """Plans and calendars, looked up once a batch."""

    def __init__(self, tickets: dict[int, Ticket], pauses: dict[int, list[hours.Pause]]) -> None:
        self._tickets = tickets
        self._pauses = pauses
        self._specs: dict[str, hours.CalendarSpec] = {}
        self._plans: dict[tuple[str, int | None, str], Plan] = {}

    def due(self, clock: Clock, timer: Timer, at: datetime) -> Due:
        plan = self._plan(clock)
        course = Course(
            clock, plan.rows, self._pauses.get(clock.pk, ()), self._spec(clock.calendar)
        )
        steps = _timers.missed(timer, course, at)
        if steps:
            last = steps[-1]
            coming = next(course.after(last.nth, last.again, since=last.due_at))
        elif timer.due_at <= at:
            coming = course.next(at, fired_nth=clock.fired_nth)
        else:
            coming = Step(timer.nth, timer.again, timer.verb, timer.due_at, False)
        return Due(clock, plan, steps, coming)

    def _plan(self, clock: Clock) -> Plan:
        ticket = self._tickets[clock.ticket_id]
        key = clock.promise, ticket.category_id, ticket.urgency
        if key not in self._plans:
            self._plans[key] = plan_for(*key)
        return self._plans[key]

    def _spec(self, code: str) -> hours.CalendarSpec:
        if code not in self._specs:
            self._specs[code] = calendars.spec(code)
        return self._specs[code]


def _note_breaches(tickets: dict[int, Ticket], found: dict[int, list[Due]], at: datetime) -> None:
    """超期: at its instant; held back while a request asked in time is pending."""
    asking = [pk for pk, ticket in tickets.items() if ticket.has_request]
    asked = _breach.asked(asking) if asking else {}
    charged = []
    for due in (one for some in found.values() for one in some):
        clock = due.clock
        request = asked.get(clock.ticket_id)
        if _breach.is_late_by_law(clock, at) and not (request and request.stops_law(clock)):
            clock.legal_breached_at = clock.legal_due_at
            due.legal_late[clock.key] = str(record.plain(clock.legal_due_at))
        is_held = request is not None and request.at <= clock.due_at
        is_late = _breach.is_late(clock, at) and not _breach.passes(tickets[clock.ticket_id], clock)
        if is_late and not is_held and due.tells_of_late:
            clock.breached_at = clock.due_at
            due.late[clock.key] = str(record.plain(clock.due_at))
            charged.append(clock)
    _breach.charge(charged)


def _events(ticket: Ticket, found: Iterable[Due], at: datetime) -> list[Event]:
    """记录: each step an event, in the order in which they were due."""
    wanted: list[tuple[datetime, int, Due, Step | None]] = []
    for due in found:
        # what passes by itself waits for nobody: its steps come in silence
        is_silent = _breach.passes(ticket, due.clock)
        wanted += [(step.due_at, due.clock.pk, due, step) for step in due.steps
                   if step.verb != StepVerb.LAPSE and not is_silent]  # fmt: skip
        if due.legal_late and due.clock.legal_due_at is not None:
            wanted.append((due.clock.legal_due_at, due.clock.pk, due, None))
    wanted.sort(key=lambda one: one[:2])
    gravest = _gravest(ticket, wanted)
    return [
        _record.build(
            ticket, StepVerb.ESCALATE.value if step is None else step.verb, by=SYSTEM, at=at,
            frm=ticket.state, data=_data(due, step, is_told=nth in gravest),
            is_told=nth in gravest,
        )
        for nth, (_at, _pk, due, step) in enumerate(wanted)
    ]  # fmt: skip


def _gravest(ticket: Ticket, wanted: Sequence[tuple[datetime, int, Due, Step | None]]) -> set[int]:
    """最重的一件: one message for the lead and one for its helpers."""
    best: dict[str, tuple[int, int]] = {}
    for nth, (_at, _pk, due, step) in enumerate(wanted):
        if _is_echo(ticket, due, step):
            continue
        weight = step.weight if step is not None else BY_LAW
        scope = due.clock.scope
        best[scope] = max(best.get(scope, (-1, -1)), (weight, nth))
    return {nth for _weight, nth in best.values()}


def _is_echo(ticket: Ticket, due: Due, step: Step | None) -> bool:
    """回声: of several late clocks only the one that stands on the ticket tells again and again."""
    clock = due.clock
    is_again = step is not None and step.again > 0
    return is_again and clock.scope == Scope.LEAD and clock.promise != ticket.due_promise


BY_LAW = 9
"""Nothing is graver than a limit by law that has run out."""


def _data(due: Due, step: Step | None, *, is_told: bool) -> dict[str, Any]:
    clock = due.clock
    data: dict[str, Any] = {
        "clock": clock.key, "promise": clock.promise, "scope": clock.scope,
    }  # fmt: skip
    if clock.assist_id is not None:
        data["assist"] = clock.assist_id
    if step is None:
        data.update(legal=True, step_due=record.plain(clock.legal_due_at))
        data["legal_late"] = due.legal_late
    else:
        data.update(nth=step.nth, again=step.again, step_due=record.plain(step.due_at))
        data["overdue"] = step.is_overdue
    if due.late and (step is None or step.is_overdue):
        data["late"], due.late = due.late, {}
    if due.plan.ignores_quiet:
        data["ignores_quiet"] = True
    if not is_told:
        data["overtaken"] = True
    return data


def _write(
    tickets: Sequence[Ticket], found: dict[int, list[Due]], events: Sequence[Event], at: datetime
) -> None:
    Event.objects.bulk_create(events)
    write([ticket for ticket in tickets if found[ticket.pk]], ("seq", "head"))
    told = {(event.ticket_id, event.data["clock"], event.data.get("nth"), event.data.get("again")):
            event.seq for event in events}  # fmt: skip
    clocks, timers = [], []
    for due in (one for some in found.values() for one in some):
        clock = due.clock
        for step in due.steps:
            seq = told.get((clock.ticket_id, clock.key, step.nth, step.again))
            timers.append(_timers.fired(clock, clock.generation, step, at=at, seq=seq))
        clock.fired_nth = max([clock.fired_nth, *(step.nth for step in due.steps)])
        clock.next_at = due.coming.due_at
        clocks.append(clock)
        timers.append(_timers.live(clock, due.coming))
    write(clocks, CHANGED)
    _timers.save(timers)
