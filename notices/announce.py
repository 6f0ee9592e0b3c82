"""Tell people: rows that name an event, made once however often it is tried (DESIGN §5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.poke import poke_soon
from notices import wishes
from notices.models import Channel, Delivery, Notice

CHUNK = 1000


@dataclass(frozen=True)
class Told:
    """告知: who, of which event, in which role; one of person, endpoint and reporter.

    `channels`: by which they are told unless they wish otherwise, of the inbox nothing needs to be
    said. `wakes`: quiet hours do not hold.
    """

    event_id: int
    ticket_id: int
    person_id: int | None
    role: str
    at: datetime
    verb: str = ""
    channels: frozenset[str] = frozenset()
    wakes: bool = False
    endpoint_id: int | None = None
    reporter_ref: str = ""


def announce(told: Iterable[Told], *, at: datetime) -> int:
    """告知: writes what is not yet there, in the caller's transaction; how many notices it tried.

    Sorted, so that two who tell the same wait for each other in one order.
    """
    wanted = sorted(told, key=lambda one: (one.event_id, one.person_id or 0, one.reporter_ref))
    people = [(one, one.person_id) for one in wanted if one.person_id is not None]
    Notice.objects.bulk_create(
        [
            Notice(
                event_id=one.event_id, ticket_id=one.ticket_id, person_id=person_id,
                channel=Channel.INBOX, role=one.role, at=one.at,
            )
            for one, person_id in people
        ],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )  # fmt: skip
    _make_deliveries(wanted, {person_id for _one, person_id in people}, at)
    return len(people)


def _make_deliveries(wanted: Sequence[Told], people: set[int], at: datetime) -> None:
    known = wishes.of(people)
    rows = [
        _delivery(one, channel, known.not_before(one.person_id, channel, at, wakes=one.wakes), at)
        for one in wanted
        for channel in sorted(known.channels(one.person_id, one.verb, one.channels))
    ]
    if rows:
        Delivery.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
        deliver_soon()


def deliver_soon() -> None:
    """戳一下: what waits is sent a second after the commit; the sweep sends what this misses."""
    poke_soon("tickets.tasks.sweep", seconds=1.0, name="deliver")


def _delivery(told: Told, channel: str, not_before: datetime, at: datetime) -> Delivery:
    row = Delivery(
        event_id=told.event_id, ticket_id=told.ticket_id, channel=channel, role=told.role,
        person_id=told.person_id, endpoint_id=told.endpoint_id, reporter_ref=told.reporter_ref,
        made_at=at, not_before=not_before,
    )  # fmt: skip
    row.dedupe_key = row.made_key()
    return row
