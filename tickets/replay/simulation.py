"""Simulated time: a heap of what happens next, taken in order, each through a real action."""

import heapq
import random
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from common import clock
from common.errors import Refused
from grids import calendars, hours
from tickets import limits, seals, sweeps
from tickets.importing.mapping import Message
from tickets.importing.progress import Progress
from tickets.models import Ticket
from tickets.replay import engine
from tickets.replay.roster import Roster
from tickets.states import State
from tickets.words import Promise

MINUTE = timedelta(minutes=1)
LATE = 0.05  # share of steps that come after their limit
PATIENCE = 50  # refusals or fruitless sweeps a ticket may meet before the replay is at fault
NEIGHBOURS = 40


@dataclass(eq=False)
class Case:
    """一案: a ticket on its way, and what only the simulation knows of it."""

    ticket: Ticket
    token: str = ""
    closes_at: datetime | None = None  # when the stream says it was done
    merged: list["Case"] = field(default_factory=list)
    lead: "Case | None" = None
    raters: list[str] | None = None  # keys still to be asked; "" is a call by the desk
    done: set[str] = field(default_factory=set)
    todo: list["Step"] = field(default_factory=list)
    step: int = 0  # number of the one step that is planned; 0 is none
    setbacks: int = 0


Step = Callable[["Simulation", Case], None]
Plan = Callable[["Simulation", Case], None]


class Stuck(Exception):
    """卡住: a ticket does not get on; the replay has found a fault."""


class Simulation:
    """重演: the clock, the cast, the cases, and the order of everything."""

    def __init__(
        self, *, seed: int, day: date, born: Callable[["Simulation", Message], Case],
        plans: Mapping[State, Plan], progress: Progress,
    ) -> None:  # fmt: skip
        self.luck = random.Random(seed)
        self.roster = Roster(day, self.luck)
        self.now = datetime.min.replace(tzinfo=UTC)
        self.counts: Counter[str] = Counter()
        self._born = born
        self._plans = plans
        self._progress = progress
        self._heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self._nth = 0
        self._waiting: dict[tuple[str, datetime], list[Case]] = {}
        self._neighbours: dict[int | None, deque[Case]] = {}
        self._messages: Iterator[Message] = iter(())

    def run(self, messages: list[Message]) -> None:
        """Until nothing is left to happen."""
        self.now = messages[0].reported_at if messages else self.now
        self._messages = iter(messages)
        self._next_message()
        while self._heap:
            at, _nth, act = heapq.heappop(self._heap)
            if clock.local(at).date() != clock.local(self.now).date():
                seals.seal(at=at)
            self._keep_time(at)
            self.now = at
            act()
        seals.seal(at=self.now)

    # what the plans use

    def later(self, case: Case, step: Step, at: datetime) -> None:
        """稍后: the one next step of a case; never in the past, nor after the stream's own end."""
        if case.closes_at is not None:
            at = min(at, case.closes_at)
        self._nth += 1
        number = case.step = self._nth
        self._push(max(at, self.now + MINUTE), lambda: self._take(case, step, number))

    def at_sweep(self, name: str, case: Case, at: datetime) -> None:
        """等清扫: the sweep of the first full minute from then moves it."""
        minute = max(at, self.now).replace(second=0, microsecond=0) + MINUTE
        waiting = self._waiting.setdefault((name, minute), [])
        waiting.append(case)
        case.step = -1
        if len(waiting) == 1:
            self._push(minute, lambda: self._sweep(name, minute))

    def chance(self, share: float) -> bool:
        """With that probability."""
        return self.luck.random() < share

    def choose(self, weights: Mapping[Step, float]) -> Step:
        """One step by weight."""
        return self.luck.choices(list(weights), list(weights.values()))[0]

    def moment(
        self, promise: Promise, ticket: Ticket, *, low: float = 0.05, high: float = 0.9,
        late: float = LATE, start: datetime | None = None,
    ) -> datetime:  # fmt: skip
        """Some way into the limit of a promise, in working time; now and then too late."""
        is_late = self.chance(late)
        share = self.luck.uniform(1.02, 1.5) if is_late else self.luck.uniform(low, high)
        limit = limits.of(promise, ticket)
        budget = hours.Budget(limit.value * Decimal(f"{share:.3f}"), hours.Kind(limit.kind))
        spec = calendars.spec(limits.calendar(limit, ticket))
        return hours.add(start or self.now, budget, spec)

    def neighbour(self, case: Case, states: frozenset[State]) -> Case | None:
        """Another open case of the same street in one of those states."""
        fit = [
            other
            for other in self._neighbours.get(case.ticket.subdistrict_id, ())
            if other is not case and other.ticket.state in states and other.lead is None
        ]
        return self.luck.choice(fit) if fit else None

    def take_in(self, case: Case) -> None:
        """A new ticket joins."""
        street = case.ticket.subdistrict_id
        self._neighbours.setdefault(street, deque(maxlen=NEIGHBOURS)).append(case)
        self.carry_on(case)

    def carry_on(self, case: Case) -> None:
        """Plans the next step, if none is planned; those merged into it get on when it ends."""
        if case.step:
            return
        self._release(case)
        plan = self._plans.get(State(case.ticket.state))
        if case.todo:
            self.later(case, case.todo.pop(0), self.now + self.luck.randint(3, 90) * MINUTE)
        elif plan is not None:
            plan(self, case)

    def _release(self, case: Case) -> None:
        if case.ticket.state not in (State.WITHDRAWN, State.VOIDED, State.DECLINED):
            return
        for merged in case.merged:
            merged.lead = None
            merged.ticket.refresh_from_db()
            self.carry_on(merged)
        case.merged.clear()

    # how time goes on

    def _push(self, at: datetime, act: Callable[[], None]) -> None:
        self._nth += 1
        heapq.heappush(self._heap, (at, self._nth, act))

    def _next_message(self) -> None:
        message = next(self._messages, None)
        if message is not None:
            self._push(message.reported_at, lambda: self._arrive(message))

    def _arrive(self, message: Message) -> None:
        self._next_message()
        self._progress.step(self._progress.done + 1, f"{self.now:%F}")
        try:
            self.take_in(self._born(self, message))
        except Refused as refused:
            self.counts["not reported"] += 1
            self.counts[f"refused: {refused.sentence}"] += 1

    def _take(self, case: Case, step: Step, number: int) -> None:
        if case.step != number:
            return
        case.step = 0
        try:
            step(self, case)
        except Refused as refused:
            self.counts[f"refused: {refused.sentence}"] += 1
            self._set_back(case, refused.sentence)
        self.carry_on(case)

    def _keep_time(self, until: datetime) -> None:
        """到点: what is due before the next thing happens, at the first full minute from then."""
        due = engine.next_due()
        while due is not None and due.at <= until:
            minute = due.at.replace(second=0, microsecond=0) + MINUTE
            self.now = max(self.now, min(minute, until))
            sweeps.SWEEPS[due.name](at=self.now)
            last, due = due, engine.next_due()
            if due == last:
                raise Stuck(f"the sweep {last.name} leaves what was due at {last.at}")

    def _sweep(self, name: str, minute: datetime) -> None:
        sweeps.run(name, at=self.now)
        for case in self._waiting.pop((name, minute)):
            before = case.ticket.state
            case.step = 0
            case.ticket.refresh_from_db()
            if case.ticket.state == before:
                self._set_back(case, f"the sweep {name} did not move it")
            self.carry_on(case)

    def _set_back(self, case: Case, why: str) -> None:
        case.setbacks += 1
        case.ticket.refresh_from_db()
        if case.setbacks > PATIENCE:
            raise Stuck(f"{case.ticket.number} {case.ticket.state}: {why}")
