"""Whether anything was lost or came twice: read off the rows, against what has to be there.

Every check is a generator of findings; a whole system gives none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from common import clock
from notices.models import Delivery, Incident, Notice
from tests.chaos.findings import DOUBLED, LOST, WRONG, Evidence, Finding
from tests.chaos.hearing import heard
from tests.chaos.stepping import stepped
from tickets import outlets
from tickets.audience import Audience
from tickets.models import Clock, Event, Ticket, Timer
from tickets.models.clock import ClockState
from tickets.models.timer import TimerState
from tickets.notices import SILENT
from tickets.proof import chain, promises
from tickets.proof.facts import Tally
from tickets.states import State

EXACT = (
    "accept", "claim", "resolve", "verify", "reply", "ask", "countersign", "grant", "refuse",
    "rework", "merge", "unmerge", "rate", "reopen", "dispatch", "amend",
    "resume",
)  # fmt: skip
"""Acts of people: each that was answered is on the record once."""
PEOPLE = "person:"
BATCH = 200


def judge(evidence: Evidence, *, at: datetime) -> Iterator[Finding]:
    """审: everything, with `at` standing still."""
    yield from answered(evidence)
    yield from routed()
    yield from armed(at)
    yield from stepped(at, evidence.edits)
    yield from told(evidence)
    yield from delivered(evidence)
    yield from heard(evidence, at=at)
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
    rows = Event.objects.filter(verb__in=EXACT, by__startswith=PEOPLE).order_by()
    counted = rows.values_list("ticket__number", "verb").annotate(Count("pk"))
    there = {(number, verb): count for number, verb, count in counted}
    for (number, verb), count in acts.items():
        known = there.get((number, verb), 0)
        if verb in EXACT and known != count:
            yield Finding(DOUBLED if known > count else LOST, f"{verb} of {number}")


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
    """Each system is told of each event: a row for each."""
    events = Event.objects.filter(pk__gt=evidence.first_event).exclude(announced_at=None)
    for batch in _batches(events.order_by("pk")):
        said = _spoken(batch)
        audience = Audience(said, at=max([e.announced_at for e in batch if e.announced_at]))
        wanted = {(one.event_id, one.endpoint_id) for one in outlets.of(audience, said)}
        rows = Delivery.objects.filter(event_id__in=[e.pk for e in batch], person=None)
        there = Counter(rows.values_list("event_id", "endpoint_id"))
        yield from _compared("delivery", set(wanted), there)


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
