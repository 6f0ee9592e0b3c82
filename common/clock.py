"""The only place that reads the clock (DESIGN §2 law 5).

Outside production `HUBIN_CLOCK_FILE` may name a file which moves time in all processes at once:
`+86400` or `-3600` seconds away from the true time, or `@2026-11-23T01:00:00Z`, where it stands
still.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

STILL = "@"


def now() -> datetime:
    """此刻: aware, in UTC, moved or stopped by the clock file where there is one."""
    path = getattr(settings, "HUBIN_CLOCK_FILE", "")
    said = _said(Path(path)) if path else ""
    if said.startswith(STILL):
        return datetime.fromisoformat(said.removeprefix(STILL)).astimezone(UTC)
    return timezone.now() + timedelta(seconds=float(said or 0))


def local(moment: datetime) -> datetime:
    """当地时间: the same instant in the district's zone."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def _said(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
