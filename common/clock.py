"""The only place that reads the clock (DESIGN §2 law 5).

Outside production `HUBIN_CLOCK_FILE` may name a file with an offset in seconds, which moves
time in all processes at once.
"""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """此刻: aware, in UTC, moved by the offset file where there is one."""
    moment = timezone.now()
    path = getattr(settings, "HUBIN_CLOCK_FILE", "")
    if path:
        moment += timedelta(seconds=_offset(Path(path)))
    return moment


def local(moment: datetime) -> datetime:
    """当地时间: the same instant in the district's zone."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def _offset(path: Path) -> float:
    try:
        return float(path.read_text(encoding="ascii").strip() or 0)
    except FileNotFoundError:
        return 0.0
