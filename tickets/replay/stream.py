"""The messages of a file in the order of their times, as an import would read them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from common.errors import Refused
from tickets.importing.mapping import Mapper, Message
from tickets.importing.profile import Profile
from tickets.importing.table import Table


@dataclass(frozen=True)
class Stream:
    """来文流: what can be replayed, and how many rows cannot."""

    messages: list[Message]
    rejected: int


def read(path: Path, profile: Profile, *, at: datetime, limit: int | None) -> Stream:
    """读入: the first `limit` rows; times spaced evenly are spaced over the whole file."""
    table = Table(path, profile)
    mapper = Mapper(profile, max(table.check(), 1), at=at)
    messages, rejected = [], 0
    for nth, row in enumerate(islice(table.rows(), limit)):
        try:
            messages.append(mapper.message(row, nth))
        except Refused:
            rejected += 1
    messages.sort(key=lambda message: message.reported_at)
    return Stream(messages, rejected)
