"""What events say of the clocks: dates promised and moved, breaches, ends. Pure."""

from collections.abc import Sequence
from typing import Any

from tickets.models.clock import ClockState
from tickets.proof.compare import Key, Said
from tickets.proof.facts import ClockFacts, EventFacts
from tickets.record import plain

OVER = (ClockState.MET, ClockState.CANCELLED)
BEGUN = {
    "state": str(ClockState.RUNNING), "breached_at": None, "ended_at": None,
    "legal_due_at": None, "legal_breached_at": None,
}  # fmt: skip
COLUMNS = (
    ("due", "due_at"), ("late", "breached_at"),
    ("legal", "legal_due_at"), ("legal_late", "legal_breached_at"),
)  # fmt: skip


def wanted(events: Sequence[EventFacts]) -> dict[Key, Said]:
    """时钟: by its name, as the events tell of it."""
    begun = BEGUN if _tells_all(events) else {}
    found: dict[Key, Said] = {}
    for event in events:
        told: dict[str, dict[str, Any]] = {}
        for name, column in COLUMNS:
            for key, value in event.part(name).items():
                told.setdefault(key, {})[column] = value
        for key, state in event.part("clocks").items():
            over = event.part("ended").get(key, plain(event.at)) if state in OVER else None
            told.setdefault(key, {}).update(state=state, ended_at=over)
        for key, values in told.items():
            known = found[key].values if key in found else begun
            found[key] = Said(event.seq, {**known, **values})
    return found


def by_key(events: Sequence[EventFacts], rows: Sequence[ClockFacts]) -> dict[Key, ClockFacts]:
    """时钟的行; of a ticket older than the telling, only those that are told of."""
    told = None if _tells_all(events) else wanted(events)
    return {facts.key: facts for facts in rows if told is None or facts.key in told}


def _tells_all(events: Sequence[EventFacts]) -> bool:
    """From birth on: the first event starts clocks, or is history, which has none."""
    first = events[0] if events else None
    is_historic = first is not None and first.part("born").get("is_historic") is True
    return is_historic or bool(first and first.part("due"))
