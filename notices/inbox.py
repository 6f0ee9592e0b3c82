"""A person's own notices: what is there, what is unread, and marking it read."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from grids.models import Person
from notices.models import Channel, Notice

MOST = 1000


def of(person: Person) -> QuerySet[Notice]:
    """消息: everything this person was told in the inbox; order and page are the door's."""
    return Notice.objects.filter(person=person, channel=Channel.INBOX)


def unread(person: Person) -> QuerySet[Notice]:
    """未读."""
    return of(person).filter(read_at=None)


def pulse(person: Person) -> str:
    """脉搏: another one whenever something was told or read; one statement, never counting far."""
    newest = unread(person).order_by("-at", "-id").values("pk")[:MOST]
    found = Notice.objects.filter(pk__in=newest).aggregate(count=Count("pk"), newest=Max("pk"))
    return f"{found['count']}-{found['newest'] or 0}"


def mark_read(
    person: Person, *, at: datetime, ids: Collection[int] | None = None, upto: int | None = None
) -> int:
    """标为已读: one's own only, all of them without `ids`; returns how many were unread.

    `upto`: nothing newer than the newest that was shown. What was read keeps its time.
    """
    rows = unread(person)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    if upto is not None:
        rows = rows.filter(pk__lte=upto)
    return rows.update(read_at=at)
