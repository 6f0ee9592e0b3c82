"""投递: what waits is leased, sent outside of any transaction, and its outcome written (DESIGN §5).

At least once: who dies between sending and writing leaves a lease that runs out, and the next one
sends it again under the same dedupe key. Every destination goes by itself, in a thread that knows
no database; one in trouble ends its own round at the first failure and holds up nobody else.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from notices import buckets, leasing
from notices.channels.messages import Message, NotSent, Sent, Target, Way
from notices.channels.ways import way
from notices.incidents import end_incident, raise_incident
from notices.leasing import Destination
from notices.models import DIGESTS, Delivery, Endpoint

log = logging.getLogger(__name__)
Letters = Mapping[int, Message | NotSent]
Render = Callable[..., Letters]
"""(deliveries, at=, counts=): the message of each, by id; none for whom it is no longer meant."""
NOBODY = NotSent("nobody", is_final=True, is_addressees=True)
"""Whom it was for may not see it any more, or has no address."""
TROUBLE, UNDELIVERED = "delivery", "undelivered"
ROUND = 12  # messages to one destination before the others have their turn
TOLD_AFTER = 3  # failures of a destination in a row


@dataclass(frozen=True)
class Parcel:
    """一批: what goes to one destination in this round."""

    where: Destination
    way: Way
    rows: list[Delivery]
    worked: list[int] = field(default_factory=list)

    @property
    def target(self) -> Target | None:
        """A robot or another system; of people the message itself says where."""
        endpoint = self.where.endpoint
        return None if endpoint is None else Target(endpoint.url, endpoint.secret or "")


@dataclass(frozen=True)
class Outcome:
    """结果: `came` is None where it was not tried."""

    parcel: Parcel
    row: Delivery
    came: Sent | NotSent | None
    written: threading.Event = field(default_factory=threading.Event)


def run(*, at: datetime, render: Render) -> int:
    """投递: all that is due, for half a lease at most; returns how many were taken."""
    ends = time.monotonic() + settings.HUBIN_DELIVERY_LEASE / 2
    done = 0
    while time.monotonic() < ends:
        parcels = _take(at)
        if not parcels:
            break
        rows = [row for parcel in parcels for row in parcel.rows]
        letters = render(rows, at=at, counts=leasing.digested(rows))
        for outcome in _sent(parcels, letters, at, ends):
            done += _write(outcome, at)
        _note_working(parcels, at)
    return done


def _take(at: datetime) -> list[Parcel]:
    """One round: of every destination that may be called, what its bucket has tokens for."""
    waiting = leasing.destinations(at)
    resting = buckets.resting((where.key for where in waiting), at)
    found = []
    for where in waiting:
        if where.is_off:
            leasing.drop(where, at=at)
            continue
        there = None if where.key in resting else way(where.channel)
        if there is None:
            continue
        granted = buckets.take(where.key, where.due, ROUND, rate=where.rate, at=at)
        rows = leasing.lease(where, granted.count, at=at) if granted.count else []
        if granted.is_short and where.channel in DIGESTS:
            for lead in {row.addressee: row for row in rows}.values():
                leasing.absorb(lead, at=at)
        if rows:
            found.append(Parcel(where, there, rows))
    return found


def _sent(
    parcels: Sequence[Parcel], letters: Letters, at: datetime, ends: float
) -> Iterator[Outcome]:
    """Each as soon as it is known; what is asked for next is written first.

    So whoever shoots this process makes one twin at each destination, and no more.
    """
    outcomes: queue.Queue[Outcome] = queue.Queue()
    for parcel in parcels:
        threading.Thread(
            target=_send_all, args=(parcel, letters, at, ends, outcomes), daemon=True,
            name=f"deliver {parcel.where.key}",
        ).start()  # fmt: skip
    for _row in range(sum(len(parcel.rows) for parcel in parcels)):
        outcome = outcomes.get()
        yield outcome
        outcome.written.set()


def _send_all(
    parcel: Parcel, letters: Letters, at: datetime, ends: float,
    outcomes: "queue.Queue[Outcome]",
) -> None:  # fmt: skip
    target, is_over = parcel.target, False
    for row in parcel.rows:
        letter = letters.get(row.pk, NOBODY)
        came: Sent | NotSent | None = None
        if isinstance(letter, NotSent):
            came = letter
        elif not is_over and time.monotonic() < ends:
            came = _send(parcel.way, letter, target, at)
        is_over = is_over or _is_trouble(came)
        outcome = Outcome(parcel, row, came)
        outcomes.put(outcome)
        outcome.written.wait(settings.HUBIN_DELIVERY_LEASE)


def _send(way: Way, letter: Message, target: Target | None, at: datetime) -> Sent | NotSent:
    try:
        return way.send(letter, target, at=at)
    except NotSent as failed:
        return failed
    except Exception as error:  # a fault of ours is this row's, and is tried again
        log.exception("deliver: %s", letter.dedupe_key)
        return NotSent(type(error).__name__, is_final=False, is_addressees=True)


def _is_trouble(came: Sent | NotSent | None) -> bool:
    """The destination's own: whoever comes next would fare no better."""
    return isinstance(came, NotSent) and not came.is_addressees


def _write(outcome: Outcome, at: datetime) -> int:
    row, came, key = outcome.row, outcome.came, outcome.parcel.where.key
    if came is None:
        leasing.released(row)
        return 0
    if isinstance(came, Sent):
        leasing.done(row, provider_id=came.provider_id, at=at)
        outcome.parcel.worked.append(row.pk)
        if buckets.worked(key):
            end_incident(TROUBLE, key, at=at)
        return 1
    if came is NOBODY:
        leasing.skipped(row, came.code)
        return 1
    log.warning("deliver: %s %s not sent: %s", key, row.pk, came.code)
    if _is_trouble(came):
        _note_trouble(key, came, at)
    if leasing.failed(row, came.code, is_final=came.is_final, at=at, wait=came.retry_after):
        raise_incident(UNDELIVERED, key, detail=_told(came, row), at=at)
    return 1


def _note_working(parcels: Sequence[Parcel], at: datetime) -> None:
    worked = [one.where.endpoint.pk for one in parcels if one.worked and one.where.endpoint]
    if worked:
        Endpoint.objects.filter(pk__in=worked).update(last_ok_at=at)


def _note_trouble(key: str, came: NotSent, at: datetime) -> None:
    buckets.failed(key, at=at, wait=came.retry_after)
    nth = 1 if came.is_final else TOLD_AFTER
    raise_incident(TROUBLE, key, detail=came.sentence or came.code, at=at, nth=nth)


def _told(came: NotSent, row: Delivery) -> str:
    return f"#{row.pk} {came.sentence or came.code}"[:400]
