"""What a judge finds, and what it is told from outside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

LOST, DOUBLED, WRONG = "lost", "doubled", "wrong"


@dataclass(frozen=True)
class Finding:
    """所见: lost, doubled or wrong, and what."""

    kind: str
    said: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.said}"


@dataclass(frozen=True)
class Heard:
    """听到: one message as it arrived; moments by the steady clock, as those of the faults."""

    key: str
    at: float
    was_answered: bool = True


@dataclass(frozen=True)
class Fault:
    """故障: from when to when; `struck` is when the blow had fallen, the rest is getting well."""

    name: str
    began: float
    struck: float
    ended: float


@dataclass(frozen=True)
class Edited:
    """改日历: a date that differs from its weekday from that moment on."""

    at: datetime
    day: date


@dataclass(frozen=True)
class Evidence:
    """证据: what the outside knows: answers that were given, messages that arrived, what broke."""

    answers: Iterable[Mapping[str, Any]] = ()
    hooks: Sequence[Heard] | None = None
    mails: Sequence[Heard] | None = None
    faults: Sequence[Fault] = ()
    edits: Sequence[Edited] = field(default_factory=tuple)
    first_ticket: int = 0
    first_event: int = 0
    viewed_at: float = float("inf")
    """When the rows were looked at: whatever was heard before has its row."""
