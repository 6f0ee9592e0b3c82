"""Old notices go: what was read, after three months; what nobody read, after a year (settings).

So do deliveries that have come to their end.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from notices.models import PENDING, Delivery, Notice

BATCH = 1000


def sweep(*, at: datetime) -> int:
    """清理消息: in batches, each by itself; safe twice. The events they told of stay for good."""
    read = at - timedelta(days=settings.HUBIN_NOTICE_READ_DAYS)
    unread = at - timedelta(days=settings.HUBIN_NOTICE_UNREAD_DAYS)
    # what was read lately or not at all may be old: `at` finds the few blocks to look at
    old = Q(at__lt=max(read, unread)) & (Q(read_at__lt=read) | Q(read_at=None, at__lt=unread))
    done = 0
    while ids := list(Notice.objects.filter(old).order_by().values_list("pk", flat=True)[:BATCH]):
        done += Notice.objects.filter(pk__in=ids).delete()[0]
    return done + _deliveries(at)


def _deliveries(at: datetime) -> int:
    """What has come to its end; of a digest its parts go first."""
    done, old = 0, at - timedelta(days=settings.HUBIN_DELIVERY_DAYS)
    over = Delivery.objects.filter(made_at__lt=old).exclude(state__in=PENDING)
    for part in (over.filter(digest_of__isnull=False), over.filter(digested=None)):
        while ids := list(part.order_by().values_list("pk", flat=True)[:BATCH]):
            done += Delivery.objects.filter(pk__in=ids).delete()[0]
    return done
