"""Traffic lights: how a due date stands, in a colour and in words. DUE_SOON is not stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import Refused
from grids import calendars, hours
from tickets import reckoning
from tickets.models import Clock, Ticket

GREEN, YELLOW, RED = "green", "yellow", "red"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = float(reckoning.SOON)


@dataclass(frozen=True, slots=True)
class Light:
    """红绿灯: never a colour alone."""

    colour: str
    text: str
    due_at: datetime


def of_ticket(ticket: Ticket, *, at: datetime) -> Light | None:
    """工单: by the clock that is due first; none for one that has ended."""
    if ticket.due_at is None or ticket.soon_at is None:
        return None
    calendar, is_provisional = ticket.due_calendar, ticket.due_is_provisional
    return _light(ticket.due_at, ticket.soon_at, calendar, is_provisional, at)


def of_clock(clock: Clock, *, at: datetime) -> Light:
    """时钟."""
    return _light(clock.due_at, clock.soon_at, calendar_of(clock), clock.is_provisional, at)


def of_span(start: datetime, due_at: datetime, *, at: datetime) -> Light:
    """别的期限, such as that of a request: no clock counts it in working time."""
    return _light(due_at, start + (due_at - start) * SOON, "", False, at)


def colour(due_at: datetime, soon_at: datetime, *, at: datetime) -> str:
    """颜色: red when over, yellow from four fifths of the time on, green otherwise."""
    if due_at <= at:
        return RED
    return YELLOW if soon_at <= at else GREEN


def calendar_of(clock: Clock) -> str:
    """日历 by which what is left is told; none where it runs day and night."""
    follows = reckoning.follows_calendar(clock.kind, clock.counting)
    return clock.calendar if follows else ""


def left(due_at: datetime, calendar: str, *, at: datetime) -> timedelta:
    """剩余: working time of that calendar, or time on the clock; nothing when it is over."""
    if due_at <= at:
        return timedelta()
    if not calendar:
        return due_at - at
    try:
        return hours.elapsed(at, due_at, calendars.spec(calendar))
    except (Refused, ValueError):  # a calendar that is gone, or has no time left
        return due_at - at


def span(length: timedelta) -> str:
    """时长: minutes below an hour, hours below two days, then days; not working time."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)d 小时", "%(n)d 小时", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}


def working(length: timedelta, calendar: str) -> str:
    """工作时长: minutes, hours below two working days, then working days of that calendar."""
    day = _working_day(calendar)
    if length < HOUR:
        minutes = int(length.total_seconds() // 60)
        return ngettext("%(n)d 分钟（工作时）", "%(n)d 分钟（工作时）", minutes) % {"n": minutes}
    if length < 2 * day:
        count = length // HOUR
        return ngettext("%(n)d 小时（工作时）", "%(n)d 小时（工作时）", count) % {"n": count}
    return ngettext("%(n)d 工作日", "%(n)d 工作日", length // day) % {"n": length // day}


def _light(
    due_at: datetime, soon_at: datetime, calendar: str, is_provisional: bool, at: datetime
) -> Light:
    shown = colour(due_at, soon_at, at=at)
    if shown == RED:
        return Light(RED, _("超期 %(span)s") % {"span": span(at - due_at)}, due_at)
    rest = left(due_at, calendar, at=at)
    much = working(rest, calendar) if calendar else span(rest)
    text = _("临期 剩 %(span)s") if shown == YELLOW else _("按时 剩 %(span)s")
    words = text % {"span": much}
    told = _("%(light)s（临时）") % {"light": words} if is_provisional else words
    return Light(shown, told, due_at)


def _working_day(calendar: str) -> timedelta:
    spec = calendars.spec(calendar)
    days = sum(1 for slots in spec.slots.values() if slots)
    return spec.week() / days if days else DAY
