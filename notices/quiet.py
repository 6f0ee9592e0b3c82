"""免打扰: hours in which nobody is woken for what can wait; pure."""

import re
from datetime import datetime, timedelta

from common import clock

Hours = tuple[int, int]
"""From which minute of the local day to which; the same twice means never."""
WRITTEN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def read(text: str) -> Hours:
    """读时段: "22:00-07:00"; empty is never. Raises ValueError."""
    if not text:
        return (0, 0)
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"HUBIN_QUIET_HOURS is {text!r}, not like 22:00-07:00.")
    hour, minute, last_hour, last_minute = map(int, found.groups())
    return hour * 60 + minute, last_hour * 60 + last_minute


def until(at: datetime, hours: Hours) -> datetime:
    """到何时: the end of the quiet hours that moment lies in; the moment itself outside of them."""
    opens, closes = hours
    here = clock.local(at)
    minute = here.hour * 60 + here.minute
    is_quiet = opens <= minute < closes if opens <= closes else not closes <= minute < opens
    if not is_quiet:
        return at
    day = here.replace(hour=0, minute=0, second=0, microsecond=0)
    if opens > closes and minute >= opens:
        day += timedelta(days=1)
    # back through UTC, so that a day of 23 hours ends where it should
    return day.replace(hour=closes // 60, minute=closes % 60).astimezone(at.tzinfo)
