"""Traffic lights: how a due date stands, in a colour and in words. DUE_SOON is not stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import Refused
from grids import calendars, hours

GREEN, YELLOW, RED = "green", "yellow", "red"
SOON = hours.Budget(Decimal(2), hours.Kind.WORK_HOUR)
PLAIN_SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Light:
    """红绿灯: never a colour alone."""

    colour: str
    text: str


def soon(at: datetime) -> datetime:
    """临期线: what is due before this instant is due within two working hours of the office."""
    try:
        return hours.add(at, SOON, calendars.spec("office"))
    except (Refused, ValueError):  # no usable calendar yet: plain hours
        return at + PLAIN_SOON


def light(due_at: datetime, *, at: datetime, soon_at: datetime) -> Light:
    """红绿灯: red when over, yellow before the line of `soon`, green otherwise."""
    if due_at <= at:
        return Light(RED, _("超期 %(span)s") % {"span": span(at - due_at)})
    if due_at <= soon_at:
        return Light(YELLOW, _("临期 还剩 %(span)s") % {"span": span(due_at - at)})
    return Light(GREEN, _("按时 还剩 %(span)s") % {"span": span(due_at - at)})


def span(length: timedelta) -> str:
    """时长: minutes below an hour, hours below two days, then days; not working time."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)d 小时", "%(n)d 小时", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}
