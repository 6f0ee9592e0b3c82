"""Working dates of a calendar: which comes next, and when it closes."""

from datetime import date, datetime, time

from grids import calendars
from grids.worktime import CalendarSpec, no_time


def from_day(day: date, calendar: CalendarSpec) -> date:
    """工作日: that date, or the next that works; ValueError when none ever does."""
    found = calendar.workdays.find(calendar.workdays.before(day.toordinal()) + 1)
    if found is None:
        raise no_time(calendar)
    return date.fromordinal(found[0])


def closes_at(day: date, calendar: CalendarSpec) -> datetime:
    """下班时刻 of a working date."""
    hour, minute = divmod(calendar.on(day)[-1][1], 60)
    if hour == 24:
        day, hour = date.fromordinal(day.toordinal() + 1), 0
    return datetime.combine(day, time(hour, minute), calendar.zone)


def of_office(day: date) -> date:
    """机关工作日: that date, or the next on which the offices are open."""
    return from_day(day, calendars.spec("office"))
