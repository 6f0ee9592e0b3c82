"""令牌桶: how many may go to a destination now. The time of it is handed in, as all time is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from notices.models import Bucket

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=10)


@dataclass(frozen=True)
class Granted:
    """许可: how many may go; `is_short` where more wanted to."""

    count: int
    is_short: bool


def resting(keys: Iterable[str], at: datetime) -> set[str]:
    """暂停中: destinations that are not to be called yet."""
    rows = Bucket.objects.filter(key__in=list(keys), closed_until__gt=at)
    return set(rows.values_list("key", flat=True))


def take(key: str, wanted: int, most: int, *, rate: int, at: datetime) -> Granted:
    """取令牌: up to `most` of the `wanted`; a minute's worth is the most that gathers."""
    with transaction.atomic():
        row = _locked(key, rate, at)
        passed = max((at - row.filled_at).total_seconds(), 0.0)
        held = min(float(rate), row.tokens + passed * rate / 60)
        # after trouble one is sent ahead of the others
        there = min(int(held), 1) if row.failures else int(held)
        count = min(there, wanted, most)
        row.tokens, row.filled_at = held - count, max(at, row.filled_at)
        row.save(update_fields=["tokens", "filled_at"])
    return Granted(count, is_short=not row.failures and int(held) < wanted)


def failed(key: str, *, at: datetime, wait: timedelta | None) -> int:
    """不通: left in peace for a while, longer each time; returns how often in a row."""
    with transaction.atomic():
        row = Bucket.objects.select_for_update().get(key=key)
        row.failures = min(row.failures + 1, 1000)
        pause = min(FIRST_PAUSE * 2 ** min(row.failures - 1, 10), LONGEST_PAUSE)
        row.closed_until = at + max(pause, wait or timedelta(0))
        row.save(update_fields=["failures", "closed_until"])
    return row.failures


def worked(key: str) -> bool:
    """通了: whether there had been trouble."""
    troubled = Bucket.objects.filter(key=key, failures__gt=0)
    return bool(troubled.update(failures=0, closed_until=None))


def _locked(key: str, rate: int, at: datetime) -> Bucket:
    new = Bucket(key=key, tokens=float(rate), filled_at=at)
    Bucket.objects.bulk_create([new], ignore_conflicts=True)
    return Bucket.objects.select_for_update().get(key=key)
