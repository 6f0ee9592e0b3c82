"""占用: which deliveries this process sends now, and what came of each.

A lease lasts by the database's clock, the only one that all processes share: a machine whose own is
ahead takes nothing out of another's hands. One that runs out is anybody's. Each taking over raises
the fence, and a result is written only by whoever holds the fence of the row: who comes back late
changes nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now  # noqa: TID251  it must not be moved

from notices.models import PENDING, Delivery, DeliveryState, Endpoint

FIRST, LONGEST, JITTER = timedelta(seconds=30), timedelta(hours=1), 0.2
LEASE = """
UPDATE notices_delivery AS d
SET state = 'LEASED', leased_until = statement_timestamp() + %(lasts)s, fence = d.fence + 1,
    tries = d.tries + 1
FROM (
  SELECT id FROM notices_delivery
  WHERE channel = %(channel)s AND {endpoint} AND state IN ('WAITING', 'LEASED', 'FAILED')
    AND not_before <= %(at)s AND (leased_until IS NULL OR leased_until <= statement_timestamp())
  ORDER BY not_before, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
) AS free
WHERE d.id = free.id RETURNING {columns}
"""


@dataclass(frozen=True)
class Destination:
    """去处: a channel, or one robot or system; with how many deliveries are due there."""

    channel: str
    endpoint: Endpoint | None
    due: int

    @property
    def key(self) -> str:
        """As in `Bucket` and in incidents."""
        return self.channel if self.endpoint is None else f"{self.channel}:{self.endpoint.pk}"

    @property
    def is_off(self) -> bool:
        """停用."""
        return self.endpoint is not None and not self.endpoint.is_active

    @property
    def rate(self) -> int:
        """每分钟上限."""
        if self.endpoint is not None:
            return self.endpoint.rate_per_minute
        return int(getattr(settings, f"HUBIN_{self.channel}_RATE"))


def due(at: datetime) -> QuerySet[Delivery]:
    """到点的: waiting, to be tried again, or held by somebody whose lease ran out."""
    free = Q(leased_until=None) | Q(leased_until__lte=Now())
    return Delivery.objects.filter(free, state__in=PENDING, not_before__lte=at)


def destinations(at: datetime) -> list[Destination]:
    """去处: where something is due, in two statements."""
    counted = due(at).order_by().values("channel", "endpoint").annotate(due=Count("pk"))
    rows = list(counted)
    endpoints = Endpoint.objects.in_bulk([row["endpoint"] for row in rows if row["endpoint"]])
    found = [
        Destination(row["channel"], endpoints.get(row["endpoint"]), row["due"]) for row in rows
    ]
    return sorted(found, key=lambda one: one.key)


def lease(where: Destination, most: int, *, at: datetime) -> list[Delivery]:
    """占用: the longest due ones; what another process takes at this moment is passed over."""
    endpoint = "endpoint_id IS NULL" if where.endpoint is None else "endpoint_id = %(endpoint)s"
    lasts = timedelta(seconds=settings.HUBIN_DELIVERY_LEASE)
    values: dict[str, Any] = {"channel": where.channel, "at": at, "lasts": lasts, "most": most,
              "endpoint": where.endpoint.pk if where.endpoint else None}  # fmt: skip
    names = [field.attname for field in Delivery._meta.concrete_fields]
    columns = ", ".join(f"d.{field.column}" for field in Delivery._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(LEASE.format(endpoint=endpoint, columns=columns), values)
        rows = [Delivery.from_db(connection.alias, names, row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: (row.not_before, row.pk))


def absorb(lead: Delivery, *, at: datetime) -> int:
    """并入摘要: all else that is due to the same addressee by the same channel."""
    twins = due(at).filter(
        channel=lead.channel, endpoint=lead.endpoint_id, person=lead.person_id
    ).exclude(pk=lead.pk)  # fmt: skip
    with transaction.atomic():
        held = list(twins.select_for_update(skip_locked=True).values_list("pk", flat=True))
        # what was to be a digest itself brings along what is in it
        Delivery.objects.filter(digest_of__in=held).update(digest_of=lead)
        return Delivery.objects.filter(pk__in=held).update(
            state=DeliveryState.DIGESTED, digest_of=lead, leased_until=None, fence=F("fence") + 1
        )


def drop(where: Destination, *, at: datetime) -> int:
    """不再推送: what waits for a robot or system that was switched off."""
    rows = due(at).filter(channel=where.channel, endpoint=where.endpoint)
    return rows.update(state=DeliveryState.SKIPPED, leased_until=None, fault="off")


def done(row: Delivery, *, provider_id: str, at: datetime) -> bool:
    """已发: False where somebody else has taken over; then it is theirs to write."""
    return _end(row, state=DeliveryState.SENT, sent_at=at, provider_id=provider_id[:120], fault="")


def skipped(row: Delivery, why: str) -> bool:
    """不再需要: whom it was for may not see it any more, or has no address."""
    with transaction.atomic():
        is_ours = _end(row, state=DeliveryState.SKIPPED, fault=why)
        if is_ours:  # what it was to speak for speaks for itself again
            absorbed = Delivery.objects.filter(digest_of=row, state=DeliveryState.DIGESTED)
            absorbed.update(state=DeliveryState.WAITING, digest_of=None)
    return is_ours


def failed(
    row: Delivery, fault: str, *, is_final: bool, at: datetime, wait: timedelta | None = None
) -> bool:
    """没有发出: tried again later, or dead after the last try; True if it is dead now."""
    if is_final or row.tries >= settings.HUBIN_DELIVERY_TRIES:
        return _end(row, state=DeliveryState.DEAD, fault=fault)
    later = at + max(back_off(row.tries, row.dedupe_key), wait or timedelta(0))
    _end(row, state=DeliveryState.FAILED, fault=fault, not_before=later)
    return False


def released(row: Delivery) -> bool:
    """放回: it was not tried."""
    state = DeliveryState.FAILED if row.fault else DeliveryState.WAITING
    return _end(row, state=state, tries=row.tries - 1)


def back_off(tries: int, key: str) -> timedelta:
    """退避: twice as long each time, at most an hour, a fifth more or less as the key falls."""
    drawn = hashlib.sha256(f"{key} {tries}".encode()).digest()[0] / 255
    return min(FIRST * 2 ** min(tries, 20), LONGEST) * (1 + JITTER * (2 * drawn - 1))


def digested(rows: Sequence[Delivery]) -> dict[int, int]:
    """摘要里有几条: beside the lead itself."""
    found = Delivery.objects.filter(digest_of__in=[row.pk for row in rows]).order_by()
    return dict(found.values_list("digest_of").annotate(Count("pk")))


def _end(row: Delivery, **values: object) -> bool:
    held = Delivery.objects.filter(pk=row.pk, fence=row.fence, state=DeliveryState.LEASED)
    return bool(held.update(leased_until=None, **values))
