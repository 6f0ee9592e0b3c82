"""Tell people: rows that name an event, made once however often it is tried (DESIGN §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from notices.models import Channel, Notice

CHUNK = 1000


@dataclass(frozen=True)
class Told:
    """告知: which person, of which event, in which role."""

    event_id: int
    ticket_id: int
    person_id: int
    role: str
    at: datetime


def announce(told: Iterable[Told], *, channel: str = Channel.INBOX) -> int:
    """告知: writes what is not yet there, in the caller's transaction; returns how many it tried.

    Sorted, so that two who tell the same wait for each other in one order.
    """
    wanted = sorted(told, key=lambda one: (one.event_id, one.person_id))
    Notice.objects.bulk_create(
        [
            Notice(
                event_id=one.event_id, ticket_id=one.ticket_id, person_id=one.person_id,
                channel=channel, role=one.role, at=one.at,
            )
            for one in wanted
        ],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )  # fmt: skip
    return len(wanted)
