"""Whether anything was lost or came twice: read off the rows, against what has to be there.

Every check is a generator of findings; a whole system gives none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from common import clock
from notices.models import Delivery, DeliveryState, Incident, Notice
from tickets import outlets
from tickets.actions._dates import Dates
from tickets.audience import Audience
from tickets.models import Clock, Event, Ticket, Timer
from tickets.models.clock import ClockState
from tickets.models.escalation import StepVerb
from tickets.models.timer import TimerState
from tickets.notices import SILENT
from tickets.proof import chain, promises
from tickets.proof.facts import Tally
from tickets.states import State

LOST, DOUBLED, WRONG = "lost", "doubled", "wrong"
ONCE = ("accept", "claim", "resolve", "verify", "reply")
BATCH = 200
Steps = list[tuple[int, int, datetime]]


@dataclass(frozen=True)
class Finding:
    """所见: lost, doubled or wrong, and what."""

    kind: str
    said: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.said}"


@dataclass(frozen=True)
class Evidence:
    """证据: what the outside knows: answers that were given, messages that arrived."""

    answers: Iterable[Mapping[str, Any]] = ()
    heard: Mapping[str, int] | None = None
    first_ticket: int = 0
    first_event: int = 0


def judge(evidence: Evidence, *, at: datetime) -> Iterator[Finding]:
    """审: everything, with `at` standing still."""
    yield from answered(evidence)
    yield from routed()
    yield from armed(at)
    yield from stepped(at)
    yield from told(evidence)
    yield from delivered(evidence)
    yield from whole(at)


def answered(evidence: Evidence) -> Iterator[Finding]:
    """Every act that was answered is there, once; and no ticket that nobody was told of."""
    numbers: dict[int, set[str]] = defaultdict(set)
    acts = Counter[tuple[str, str]]()
    for line in evidence.answers:
        if line["verb"] == "report":
            numbers[line["nth"]].add(line["number"])
        acts[line["number"], line["verb"]] += 1
    made = set(Ticket.objects.filter(pk__gt=evidence.first_ticket).values_list("number", flat=True))
    wanted = {number for found in numbers.values() for number in found}
    yield from (Finding(LOST, f"ticket {number}") for number in sorted(wanted - made))
    if evidence.answers:
        yield from (Finding(DOUBLED, f"ticket {number}") for number in sorted(made - wanted))
    yield from (Finding(DOUBLED, f"report {nth}") for nth, of in numbers.items() if len(of) > 1)
    yield from _acted(acts)


def _acted(acts: Counter[tuple[str, str]]) -> Iterator[Finding]:
    rows = Event.objects.filter(verb__in=ONCE).order_by().values_list("ticket__number", "verb")
    there = {(number, verb): count for number, verb, count in rows.annotate(Count("pk"))}
    for number, verb in acts:
        if verb in ONCE and there.get((number, verb), 0) != 1:
            kind = DOUBLED if there.get((number, verb), 0) else LOST
            yield Finding(kind, f"{verb} of {number}")


def routed() -> Iterator[Finding]:
    """Every accepted ticket has its unit, every urgent one was accepted by the system."""
    for number, state in unrouted().values_list("number", "state"):
        yield Finding(LOST, f"dispatch of {number} ({state})")


def unrouted() -> QuerySet[Ticket]:
    """等派单: what the system has to move."""
    accepted = Q(state=State.ACCEPTED, needs_hand=False, has_request=False)
    urgent = Q(state=State.REPORTED, urgency="URGENT", category__isnull=False, has_request=False)
    return Ticket.objects.filter(accepted | urgent).order_by("pk")


def armed(at: datetime) -> Iterator[Finding]:
    """Each running clock has one armed timer of its generation, still to come; others have none."""
    live: dict[int, list[Timer]] = defaultdict(list)
    for timer in Timer.objects.filter(state=TimerState.ARMED):
        live[timer.clock_id].append(timer)
    for one in Clock.objects.order_by("pk"):
        found, is_running = live.get(one.pk, []), one.state == ClockState.RUNNING
        if len(found) > 1:
            yield Finding(DOUBLED, f"armed timer of clock {one.pk}")
        if is_running and not any(timer.generation == one.generation for timer in found):
            yield Finding(LOST, f"armed timer of clock {one.pk}")
        if not is_running and found:
            yield Finding(WRONG, f"clock {one.pk} is {one.state} and armed")
        yield from (
            Finding(LOST, f"step {timer.nth}.{timer.again} of clock {one.pk}, due {timer.due_at}")
            for timer in found if timer.due_at <= at
        )  # fmt: skip


def stepped(at: datetime) -> Iterator[Finding]:
    """Each step that was due came exactly once, at its own time, with its event."""
    fired: dict[int, list[Timer]] = defaultdict(list)
    for timer in Timer.objects.filter(state=TimerState.FIRED).order_by("due_at", "pk"):
        fired[timer.clock_id].append(timer)
    for ticket, clocks in _clocks():
        dates = Dates(ticket)
        events = {event.seq: event for event in ticket.events.all()}
        for one in clocks:
            yield from _twice(one, fired[one.pk])
            yield from _untold(one, fired[one.pk], events)
            yield from _missing(one, fired[one.pk], dates, at)


def _clocks() -> Iterator[tuple[Ticket, list[Clock]]]:
    for ticket in Ticket.objects.order_by("pk").prefetch_related("clocks", "events"):
        yield ticket, list(ticket.clocks.all())


def _twice(one: Clock, fired: list[Timer]) -> Iterator[Finding]:
    seen = Counter((timer.generation, timer.nth, timer.again) for timer in fired)
    for (_generation, nth, again), count in seen.items():
        if count > 1:
            yield Finding(DOUBLED, f"step {nth}.{again} of clock {one.pk}")


def _untold(one: Clock, fired: list[Timer], events: Mapping[int, Event]) -> Iterator[Finding]:
    """Its own event tells of it, or that of the act which found it missed."""
    for timer in fired:
        if timer.verb == StepVerb.LAPSE and timer.event_seq is None:
            continue
        event = events.get(timer.event_seq or 0)
        if event is None or not _tells(event, one, timer):
            yield Finding(LOST, f"event of step {timer.nth}.{timer.again} of clock {one.pk}")


def _tells(event: Event, one: Clock, timer: Timer) -> bool:
    data = event.data
    caught_up = data.get("missed", {}).get(one.key, [])
    step = [timer.nth, timer.again]
    is_its_own = (event.verb, data.get("clock")) == (timer.verb, one.key)
    own = is_its_own and [data.get("nth"), data.get("again")] == step
    return own or any(row[:2] == step for row in caught_up)


def _missing(one: Clock, fired: list[Timer], dates: Dates, at: datetime) -> Iterator[Finding]:
    """Only clocks whose dates never changed: of others a step may rightly have been passed over."""
    is_running = one.state == ClockState.RUNNING
    if one.has_paused or one.generation != (0 if is_running else 1):
        return
    until = at if is_running else one.ended_at
    if until is None:
        return
    steps = [(step.nth, step.again, step.due_at) for step in dates.course(one).missed(0, 0, until)]
    came = [(timer.nth, timer.again, timer.due_at) for timer in fired]
    for step in steps:
        if step not in came:
            yield Finding(LOST, f"step {step[0]}.{step[1]} of clock {one.pk}, due {step[2]}")
    yield from _unasked(one, steps, came)


def _unasked(one: Clock, steps: Steps, came: Steps) -> Iterator[Finding]:
    for step in came:
        if step not in steps:
            yield Finding(WRONG, f"step {step[0]}.{step[1]} of clock {one.pk} was not due")


def told(evidence: Evidence) -> Iterator[Finding]:
    """Every event is announced, to exactly those whom it concerns."""
    events = Event.objects.filter(pk__gt=evidence.first_event).order_by("pk")
    for pk in events.filter(announced_at=None).values_list("pk", flat=True):
        yield Finding(LOST, f"news of event {pk}")
    for batch in _batches(events.exclude(announced_at=None)):
        wanted = _audience(batch)
        there = Counter[tuple[int, int, str]]()
        rows = Notice.objects.filter(event_id__in=[event.pk for event in batch])
        for event_id, person_id, role in rows.values_list("event_id", "person_id", "role"):
            there[event_id, person_id, role] += 1
        yield from _compared("notice", wanted, there)


def _audience(events: list[Event]) -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    said = _spoken(events)
    for day in {clock.local(event.announced_at).date() for event in said if event.announced_at}:
        some = [e for e in said if e.announced_at and clock.local(e.announced_at).date() == day]
        people = Audience(some, at=max(e.announced_at for e in some if e.announced_at)).of_all()
        found |= {(pk, who, str(role)) for pk, of in people.items() for who, role in of.items()}
    return found


def _spoken(events: list[Event]) -> list[Event]:
    """What people hear of: of steps that came late only the gravest, of some verbs nothing."""
    return [one for one in events if not (one.data.get("overtaken") or one.verb in SILENT)]


def _compared(what: str, wanted: set[tuple[Any, ...]], there: Counter[Any]) -> Iterator[Finding]:
    yield from (Finding(LOST, f"{what} {one}") for one in sorted(wanted - there.keys()))
    yield from (Finding(WRONG, f"{what} {one}") for one in sorted(there.keys() - wanted))
    yield from (Finding(DOUBLED, f"{what} {one}") for one, count in there.items() if count > 1)


def delivered(evidence: Evidence) -> Iterator[Finding]:
    """Each system is told of each event: a row, sent, heard; again only where tried again."""
    events = Event.objects.filter(pk__gt=evidence.first_event).exclude(announced_at=None)
    for batch in _batches(events.order_by("pk")):
        said = _spoken(batch)
        audience = Audience(said, at=max([e.announced_at for e in batch if e.announced_at]))
        wanted = {(one.event_id, one.endpoint_id) for one in outlets.of(audience, said)}
        rows = Delivery.objects.filter(event_id__in=[e.pk for e in batch], person=None)
        there = Counter(rows.values_list("event_id", "endpoint_id"))
        yield from _compared("delivery", set(wanted), there)
    if evidence.heard is not None:
        yield from _heard(evidence.heard)


def _heard(heard: Mapping[str, int]) -> Iterator[Finding]:
    rows = Delivery.objects.filter(endpoint__isnull=False)
    known = {row.dedupe_key: row for row in rows}
    for key, row in known.items():
        count = heard.get(key, 0)
        if row.state != DeliveryState.SENT or not count:
            yield Finding(LOST, f"delivery {row.pk} is {row.state}, heard {count} times")
        if count > row.tries:
            yield Finding(DOUBLED, f"delivery {row.pk}: heard {count} times in {row.tries} tries")
    yield from (Finding(WRONG, f"heard of no delivery: {key}") for key in heard if key not in known)


def whole(at: datetime) -> Iterator[Finding]:
    """The record is whole, nothing is in limbo, and no sweep has given up on anything."""
    for breach in chain.verify(tally=Tally()):
        yield Finding(WRONG, f"record: {breach}")
    for breach in promises.audit(at=at):
        yield Finding(WRONG, f"promise: {breach}")
    stuck = Q(kind__startswith="sweep:") | Q(kind__in=("deadline", "undelivered"))
    for row in Incident.objects.filter(stuck, ended_at=None):
        yield Finding(WRONG, f"incident {row.kind} {row.subject}: {row.detail}")


def _batches(events: Any) -> Iterator[list[Event]]:
    after = 0
    while batch := list(events.filter(pk__gt=after)[:BATCH]):
        yield batch
        after = batch[-1].pk
