"""What a device says of when something was seen: kept and shown as claimed, never reckoned with.

The time that counts is the server's own (`Event.at`): limits, rates and lights never read this.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from common.errors import Invalid
from tickets import record

FIELD = "observed_at"
AHEAD = timedelta(minutes=5)
OLDEST = timedelta(days=7)
SAME = timedelta(seconds=60)
"""Within this of the server's time nothing is claimed that is worth a word."""


def check(observed: datetime | None, *, at: datetime) -> datetime | None:
    """现场时间: what a device claims, or nothing worth telling. Raises `Invalid`."""
    if observed is None:
        return None
    if observed > at + AHEAD:
        raise Invalid(_("手机时间比服务器快，请校对手机时间后再发送。"), field=FIELD)
    if at - observed > OLDEST:
        raise Invalid(_("这项内容记录于 7 天以前，请重新上报，或改为备注。"), field=FIELD)
    return None if at - observed < SAME else observed


def told(observed: datetime | None, *, at: datetime) -> dict[str, Any]:
    """记录: what the event says of it; nothing where it came at once."""
    claimed = check(observed, at=at)
    return {FIELD: record.plain(claimed)} if claimed is not None else {}


def read(value: Any) -> datetime | None:
    """读取: of a program; with its zone, or it is no moment. Raises `Invalid`."""
    if value is None:
        return None
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:  # well formed, but no such day
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid(_("现场时间请写成带时区的时刻，如 2026-03-02T09:30:00Z。"), field=FIELD)
    return found
