"""The same request twice is one act (DESIGN §3.5).

The key is unique per caller and written in the transaction of the act itself: a parallel twin
waits at the unique index, then finds the first one's result.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.models import IdempotencyKey

KEPT = timedelta(days=15)
"""A device may come back with what it saw seven days ago, and once more when no answer came."""


def once(
    caller: str, key: str, body: Any, *, at: datetime, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """幂等: run `act` once per (caller, key); later calls get the first result.

    `act` returns something JSON can hold (the number of the new ticket, say).
    Raises `Invalid` when the key was used with another body.
    """
    digest = hashlib.sha256(
        json.dumps(body, sort_keys=True, ensure_ascii=False, default=str).encode()
    ).hexdigest()
    with transaction.atomic():
        if _take(caller, key, digest, at):
            result = act()
            IdempotencyKey.objects.filter(caller=caller, key=key).update(result=result)
            return result
        row = IdempotencyKey.objects.get(caller=caller, key=key)
    if row.body_hash != digest:
        raise Invalid(
            _("这个幂等键已用于另一份内容，请为新的内容换一个键。"), field="idempotency_key"
        )
    return dict(row.result)


def is_known(caller: str, key: str) -> bool:
    """已用过: this caller's key stands for an act that was done."""
    return IdempotencyKey.objects.filter(caller=caller, key=key).exists()


def forget(*, at: datetime) -> int:
    """清理: drop keys older than that; returns how many."""
    return IdempotencyKey.objects.filter(at__lt=at - KEPT).delete()[0]


def _take(caller: str, key: str, digest: str, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_idempotencykey (caller, key, body_hash, result, at)"
            " VALUES (%s, %s, %s, '{}', %s) ON CONFLICT (caller, key) DO NOTHING",
            [caller, key, digest, at],
        )
        return bool(cursor.rowcount == 1)
