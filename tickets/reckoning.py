"""Deadlines as provable arithmetic: every date of a clock is a function of its own row, its
pauses and the calendars, and of nothing else (DESIGN §4). Pure.

`terms` of a clock: nothing, then its own limit counts; parts one after another
("4 WORK_HOUR RUNNING street7;1 WORK_DAY RUNNING office"); or "@" and a date that was told or
asked for, which only a pause moves. `extended`: "5" or, granted after the date, "5@" and the
moment from which on it counts, joined by ";".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from grids import hours

SOON = Decimal("0.8")
"""临期: the share of its time after which a promise is in danger."""
HALF = Decimal("0.5")
"""过半: until then whoever waits should have heard of it."""
PLAIN = (hours.Kind.URGENT_HOUR, hours.Kind.NATURAL_DAY)
SpecOf = Callable[[str], hours.CalendarSpec]


class Promised(Protocol):
    """承诺: what of a clock its dates are made of."""

    value: Decimal
    kind: str
    counting: str
    calendar: str
    counted_from: datetime
    started_at: datetime
    terms: str
    extended: str
    grace_from: datetime | None
    grace_until: datetime | None
    legal_grace_from: datetime | None
    legal_grace_until: datetime | None
    legal_value: Decimal | None
    legal_kind: str
    legal_counting: str


@dataclass(frozen=True, slots=True)
class Dates:
    """时钟的日期."""

    due: datetime
    soon: datetime
    legal_due: datetime | None
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Part:
    """一段: so much, by that calendar."""

    budget: hours.Budget
    calendar: str

    def __str__(self) -> str:
        budget = self.budget
        return f"{budget.value.normalize():f} {budget.kind} {budget.counting} {self.calendar}"


@dataclass(frozen=True, slots=True)
class Extension:
    """延期: working days more, from the due date or from when it was granted after it."""

    days: int
    since: datetime | None = None

    def __str__(self) -> str:
        return f"{self.days}@{self.since.isoformat()}" if self.since else str(self.days)


def of_clock(clock: Promised, pauses: Sequence[hours.Pause], spec_of: SpecOf) -> Dates:
    """日期: when it is due, in danger, due by law.

    Raises `hours.StandsStill` while a pause without an end comes before the due date.
    """
    own, kind = spec_of(clock.calendar), hours.Kind(clock.kind)
    due, is_provisional = _norm(clock, pauses, spec_of)
    for extension in extensions(clock.extended):
        start = max(due, extension.since) if extension.since else due
        budget = hours.Budget(Decimal(extension.days), hours.Kind.WORK_DAY)
        due = hours.add(start, budget, own, pauses)
        is_provisional = is_provisional or hours.is_provisional(start, due, budget, own)
    if clock.grace_from is not None and clock.grace_until is not None:
        kept = hours.moved(clock.grace_from, clock.grace_until, kind, own, pauses)
        due = max(due, kept)
    soon = hours.at_share(clock.counted_from, due, SOON, kind, own, pauses)
    return Dates(due, soon, _legal(clock, pauses, own), is_provisional)


def half(
    clock: Promised, due: datetime, pauses: Sequence[hours.Pause], spec_of: SpecOf
) -> datetime:
    """过半: when half of what counts up to the due date is used up."""
    own, kind = spec_of(clock.calendar), hours.Kind(clock.kind)
    return hours.at_share(clock.counted_from, due, HALF, kind, own, pauses)


def parts(clock: Promised) -> list[Part]:
    """各段: what is added one after another; none of a date that was told."""
    if clock.terms.startswith("@"):
        return []
    if not clock.terms:
        return [Part(_budget(clock.value, clock.kind, clock.counting), clock.calendar)]
    return [_part(text) for text in clock.terms.split(";")]


def as_terms(found: Iterable[Part]) -> str:
    """分段, as they are kept."""
    return ";".join(map(str, found))


def told(moment: datetime) -> str:
    """说定的日期, as it is kept."""
    return f"@{moment.isoformat()}"


def extensions(text: str) -> list[Extension]:
    """延期, in the order in which they were granted."""
    found = []
    for one in filter(None, text.split(";")):
        days, _at, since = one.partition("@")
        found.append(Extension(int(days), datetime.fromisoformat(since) if since else None))
    return found


def as_extended(found: Iterable[Extension]) -> str:
    """延期, as they are kept."""
    return ";".join(map(str, found))


def follows_calendar(kind: str, counting: str) -> bool:
    """Whether what is left of it is told in working time."""
    return hours.Kind(kind) not in PLAIN or counting == hours.Counting.CIVIL


def _norm(clock: Promised, pauses: Sequence[hours.Pause], spec_of: SpecOf) -> tuple[datetime, bool]:
    if clock.terms.startswith("@"):
        told_date = datetime.fromisoformat(clock.terms[1:])
        kind, own = hours.Kind(clock.kind), spec_of(clock.calendar)
        return hours.moved(clock.counted_from, told_date, kind, own, pauses), False
    due, is_provisional = clock.counted_from, False
    for part in parts(clock):
        start, spec = due, spec_of(part.calendar)
        due = hours.add(start, part.budget, spec, pauses)
        is_provisional = is_provisional or hours.is_provisional(start, due, part.budget, spec)
    return due, is_provisional


def _legal(
    clock: Promised, pauses: Sequence[hours.Pause], spec: hours.CalendarSpec
) -> datetime | None:
    if clock.legal_value is None:
        return None
    budget = _budget(clock.legal_value, clock.legal_kind, clock.legal_counting)
    due = hours.add(clock.started_at, budget, spec, pauses)
    if clock.legal_grace_from is None or clock.legal_grace_until is None:
        return due
    kind = hours.Kind(clock.legal_kind)
    return max(
        due, hours.moved(clock.legal_grace_from, clock.legal_grace_until, kind, spec, pauses)
    )


def _budget(value: Decimal, kind: str, counting: str) -> hours.Budget:
    return hours.Budget(value, hours.Kind(kind), hours.Counting(counting))


def _part(text: str) -> Part:
    value, kind, counting, calendar = text.split(" ")
    return Part(_budget(Decimal(value), kind, counting), calendar)
