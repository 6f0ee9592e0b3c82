"""Deliveries in figures: since when the oldest is due, and how many stand where."""

from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from notices.models import Bucket, Delivery
from notices.models.delivery import PENDING, DeliveryState

LATELY = timedelta(hours=1)
OPEN = (*PENDING, DeliveryState.DEAD)


def oldest(*, at: datetime) -> datetime | None:
    """最早到期: of what may be sent by now; a retry is due when its pause is over.

    A destination that is left in peace for a while is an incident of its own, and nobody's lag.
    """
    due = Delivery.objects.filter(state__in=PENDING, not_before__lte=at)
    for key in Bucket.objects.filter(closed_until__gt=at).values_list("key", flat=True):
        channel, _colon, endpoint = key.partition(":")
        where = Q(endpoint_id=int(endpoint)) if endpoint else Q(endpoint=None)
        due = due.exclude(where, channel=channel)
    found: datetime | None = due.aggregate(first=Min("not_before"))["first"]
    return found


def by_state() -> dict[str, int]:
    """未了的投递: those that wait and those given up; the others fill the table for good."""
    rows = Delivery.objects.filter(state__in=OPEN).order_by().values_list("state")
    return dict.fromkeys(map(str, OPEN), 0) | dict(rows.annotate(Count("pk")))


def lately(*, at: datetime) -> dict[str, int]:
    """近一小时的投递: what became of those made within the hour."""
    rows = Delivery.objects.filter(made_at__gt=at - LATELY).order_by().values_list("state")
    return dict.fromkeys(DeliveryState.values, 0) | dict(rows.annotate(Count("pk")))
