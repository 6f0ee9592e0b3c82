"""How often may be tried, by whom. Counted in PostgreSQL, so that all processes know together."""

from datetime import datetime, timedelta
from math import ceil

from django.utils.translation import ngettext

from common import attempts
from common.attempts import Allowance
from common.errors import TooMany

PROVIDER = Allowance("login_provider", limit=20, window=timedelta(minutes=15))


def require_left(allowance: Allowance, who: str, *, at: datetime) -> None:
    """还可以试, else `TooMany`; counts nothing."""
    since, count = attempts.known(allowance, who, at=at)
    if count >= allowance.limit:
        raise too_many(since, allowance, at)


def count(allowance: Allowance, who: str, *, at: datetime) -> None:
    """计一次, `TooMany` when it is one too many; correct side by side."""
    since, many = attempts.add(allowance, who, 1, at=at)
    if many == 1:
        attempts.forget(allowance, at=at)
    if many > allowance.limit:
        raise too_many(since, allowance, at)


def too_many(since: datetime, allowance: Allowance, at: datetime) -> TooMany:
    """过于频繁: until when."""
    wait = since + allowance.window - at
    minutes = ceil(wait.total_seconds() / 60)
    said = ngettext(
        "试得太频繁，请 %(minutes)s 分钟后再试。",
        "试得太频繁，请 %(minutes)s 分钟后再试。",
        minutes,
    )
    return TooMany(said % {"minutes": minutes}, wait=wait)
