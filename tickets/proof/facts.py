"""What the proof knows of a row: plain values, so that everything that judges is pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from tickets.models.clock import clock_key


class Breach(NamedTuple):
    """破绽: one row and what is wrong with it; printed as one line."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class TicketFacts(NamedTuple):
    """工单: the columns that the record must account for."""

    pk: int
    number: str
    state: str
    seq: int
    head: str
    sealed_seq: int
    lat: float | None
    lng: float | None
    address: str
    tracked: dict[str, Any]
    born: dict[str, Any]


class EventFacts(NamedTuple):
    """流转记录: one event as it stands in the table."""

    pk: int
    ticket_id: int
    seq: int
    verb: str
    by: str
    at: datetime
    from_state: str
    to_state: str
    data: Any
    prev_hash: str
    hash: str

    def part(self, name: str) -> dict[str, Any]:
        """A mapping inside the data; empty where a forged event holds something else."""
        found = self.data.get(name) if isinstance(self.data, dict) else None
        return found if isinstance(found, dict) else {}

    def value(self, name: str) -> Any:
        """A value inside the data."""
        return self.data.get(name) if isinstance(self.data, dict) else None

    def key(self, name: str) -> int | None:
        """The id inside the data of a row that the event wrote."""
        found = self.value(name)
        return found if isinstance(found, int) else None

    @property
    def person_id(self) -> int | None:
        """Who acted, where it was a person."""
        kind, _sep, key = self.by.partition(":")
        return int(key) if kind == "person" and key.isdigit() else None


class WordsFacts(NamedTuple):
    """文本: what was said beside an event."""

    pk: int
    ticket_id: int
    event_id: int
    kind: str
    text: str
    salt: str

    @property
    def is_erased(self) -> bool:
        """Both emptied; half emptied is altered."""
        return not self.text and not self.salt


class AttachmentFacts(NamedTuple):
    """附件: what was kept beside an event."""

    pk: int
    ticket_id: int
    event_id: int
    kind: str
    media_type: str
    sha256: str
    size: int
    width: int | None
    height: int | None
    duration_ms: int | None
    name: str
    copies: Any
    salt: str
    taken_at: datetime | None
    lat: float | None
    lng: float | None
    datum: str
    is_far: bool
    by: str
    at: datetime

    @property
    def is_erased(self) -> bool:
        """Its salt is gone; nothing else can be."""
        return not self.salt


class RatingFacts(NamedTuple):
    """评价: what a rater said, as it stands beside the record."""

    pk: int
    ticket_id: int
    at: datetime
    cycle: int
    follower_id: int | None
    stars: int
    is_solved: bool
    reason_code: str
    wants_call: bool
    is_by_phone: bool


class ApprovalFacts(NamedTuple):
    """审批: what was asked for, by whom, and how it ended."""

    pk: int
    ticket_id: int
    kind: str
    state: str
    asked_by_id: int
    asked_at: datetime
    asked_seq: int
    asks: Any
    countersigned_by_id: int | None
    countersigned_at: datetime | None
    decider_id: int | None
    decided_at: datetime | None


class AssistFacts(NamedTuple):
    """协办: whom the unit in charge asked, and how it ended."""

    pk: int
    ticket_id: int
    unit_id: int
    state: str
    asked_at: datetime
    asked_seq: int
    answered_by_id: int | None
    ended_at: datetime | None


class SupervisionFacts(NamedTuple):
    """督办单: who demanded it, until when, and how it ended."""

    pk: int
    ticket_id: int
    state: str
    opened_by_id: int
    opened_at: datetime
    opened_seq: int
    due_at: datetime
    answered_at: datetime | None
    lifted_at: datetime | None


class PartFacts(NamedTuple):
    """参与: a unit's or a person's time with the ticket."""

    pk: int
    ticket_id: int
    role: str
    unit_id: int
    person_id: int | None
    started_at: datetime
    ended_at: datetime | None


class FollowerFacts(NamedTuple):
    """关注人: since when, and through which merging."""

    pk: int
    ticket_id: int
    merged_id: int | None
    via_id: int | None
    started_at: datetime


class ClockFacts(NamedTuple):
    """时钟: a date that was promised, and whether it was kept."""

    pk: int
    ticket_id: int
    promise: str
    assist_id: int | None
    cycle: int
    leg: int
    lap: int
    due_at: datetime
    state: str
    ended_at: datetime | None
    breached_at: datetime | None
    legal_due_at: datetime | None
    legal_breached_at: datetime | None

    @property
    def key(self) -> str:
        """时钟名, as events call it."""
        return clock_key(self.promise, self.cycle, self.leg, self.lap, self.assist_id)


class Beside(NamedTuple):
    """旁列: the rows beside one ticket whose facts its events hold, too."""

    ratings: list[RatingFacts]
    approvals: list[ApprovalFacts]
    assists: list[AssistFacts]
    supervisions: list[SupervisionFacts]
    parts: list[PartFacts]
    followers: list[FollowerFacts]
    clocks: list[ClockFacts]
    attachments: list[AttachmentFacts]


@dataclass
class Tally:
    """计数: what was looked at."""

    tickets: int = 0
    events: int = 0
    words: int = 0
    erased: int = 0
    attachments: int = 0
    erased_attachments: int = 0
    seals: int = 0
    unsealed: int = 0
    breaches: int = 0

    def __str__(self) -> str:
        return _(
            "工单 %(tickets)s，流转记录 %(events)s，文本 %(words)s，其中按规则脱敏 %(erased)s，"
            "附件 %(attachments)s，其中按规则脱敏 %(erased_attachments)s，"
            "封存 %(seals)s，尚未封存的工单 %(unsealed)s，破绽 %(breaches)s"
        ) % vars(self)


def row(number: str, seq: int) -> str:
    """行: a ticket's event, as a person looks it up."""
    return f"{number} #{seq}"
