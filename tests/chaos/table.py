"""What is printed at the end: what was broken, what there was, and what was found."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from notices.models import Channel, Delivery, Notice
from tests.chaos.findings import DOUBLED, LOST, WRONG, Evidence, Finding, Heard
from tests.chaos.judge import EXACT
from tests.chaos.pace import pace
from tickets.models import Event, Ticket, Timer
from tickets.models.timer import TimerState

SHOWN = 20
BY_ITSELF = ("resume", "recompute", "escalate")


def written(
    seed: int, evidence: Evidence, asked: Sequence[Mapping[str, Any]], findings: Sequence[Finding]
) -> str:
    """表: a line each."""
    faults = Counter(one.name for one in evidence.faults)
    rows = [
        ("seed", seed), *faults.items(), ("faults", faults.total()),
        *_acts(evidence), *_rows(evidence), *_paces(evidence, asked),
        *((kind, sum(one.kind == kind for one in findings)) for kind in (LOST, DOUBLED, WRONG)),
    ]  # fmt: skip
    lines = [f"  {name:<36}{value:>8}" for name, value in rows]
    lines += [f"  {one}" for one in findings[:SHOWN]]
    return "\n".join(lines) + "\n"


def _acts(evidence: Evidence) -> Iterable[tuple[str, int]]:
    """By people, as they were answered; and what came by itself."""
    acts = Counter(line["verb"] for line in evidence.answers)
    events = Event.objects.filter(pk__gt=evidence.first_event, by="system")
    yield from ((f"act: {verb}", acts[verb]) for verb in EXACT)
    yield from ((f"system: {verb}", events.filter(verb=verb).count()) for verb in BY_ITSELF)


def _rows(evidence: Evidence) -> Iterable[tuple[str, int]]:
    yield "tickets", Ticket.objects.filter(pk__gt=evidence.first_ticket).count()
    yield "events", Event.objects.filter(pk__gt=evidence.first_event).count()
    yield "timers fired", Timer.objects.filter(state=TimerState.FIRED).count()
    yield "notices", Notice.objects.filter(event_id__gt=evidence.first_event).count()
    yield "deliveries", Delivery.objects.filter(endpoint__isnull=False).count()
    yield "letters", Delivery.objects.filter(channel=Channel.EMAIL).count()
    came = [*(evidence.hooks or ()), *(evidence.mails or ())]
    yield "answers lost on purpose", sum(not one.was_answered for one in came)
    yield "heard again after an interruption", _again(came)


def _again(came: Sequence[Heard]) -> int:
    return len(came) - len({one.key for one in came})


def _paces(evidence: Evidence, asked: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, int]]:
    found = pace(asked, evidence.faults)
    if found is not None:
        yield "19 of 20 answers in ms, broker there", round(found.well * 1000)
        yield "19 of 20 answers in ms, broker away", round(found.away * 1000)
        yield "requests, broker away", found.count
        yield "unanswered of them", found.unanswered
