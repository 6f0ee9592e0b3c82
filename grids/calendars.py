"""Work calendars out of their tables, as `hours` wants them."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.law import cache
from grids.hours import CalendarSpec
from grids.models import CalendarSlot, WorkCalendar

STAMP = "calendars"


def spec(code: str) -> CalendarSpec:
    """日历: the calendar with that code, cached per process."""
    specs = cache.get(STAMP, _load)
    if code not in specs:
        raise Invalid(
            _("没有代码为 %(code)s 的工作日历，请先在后台建立它。") % {"code": code},
            field="calendar",
        )
    return specs[code]


def _load() -> dict[str, CalendarSpec]:
    zone = ZoneInfo(settings.TIME_ZONE)
    slots: dict[str, dict[int, tuple[tuple[int, int], ...]]] = {
        code: {} for code in WorkCalendar.objects.values_list("code", flat=True)
    }
    rows = CalendarSlot.objects.order_by("weekday", "opens_min")
    for slot in rows.select_related("calendar"):
        week = slots[slot.calendar.code]
        week[slot.weekday] = (*week.get(slot.weekday, ()), (slot.opens_min, slot.closes_min))
    return {code: CalendarSpec(code, zone, week) for code, week in slots.items()}
