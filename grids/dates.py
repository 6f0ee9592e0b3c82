"""What a date that differs from its week may say: one set of rules for admin and loader."""

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from grids.models import DayKind
from grids.worktime import Slots, are_slots

FIRST_YEAR, LAST_YEAR = 1990, 2100
SLOT = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")
MONDAY_TO_FRIDAY = frozenset(range(5))


def parse(text: str) -> Slots | None:
    """时段: “8:30-12:00 13:30-17:30”; None when it is not that or overlaps."""
    found = [SLOT.fullmatch(word) for word in text.split()]
    numbers = [[int(part) for part in match.groups()] for match in found if match]
    if len(numbers) < len(found):
        return None
    slots = tuple((a * 60 + b, c * 60 + d) for a, b, c, d in numbers)
    return slots if are_slots(slots) else None


def slots(kind: str, works_as: int | None, hours: str, week: Mapping[int, Slots]) -> Slots:
    """当天时段: hours beat a weekday, and neither is a day off."""
    if kind == DayKind.OFF:
        return ()
    if hours:
        return parse(hours) or ()
    if works_as is None:
        return week.get(0, ()) if kind == DayKind.MAKE_UP else ()
    return week.get(works_as, ())


def complaints(
    day: date, kind: str, works_as: int | None, hours: str, weekdays: Collection[int]
) -> dict[str, str]:
    """差错: by field. `weekdays` are those on which the calendars concerned work anyway."""
    found: dict[str, str] = {}
    if works_as is not None and not 0 <= works_as <= 6:
        found["works_as"] = _("请填 0（星期一）到 6（星期日）。")
    if hours and parse(hours) is None:
        found["hours"] = _("时段要写成 8:30-12:00 13:30-17:30 的样子，按先后，不重叠，最晚 24:00。")
    if kind == DayKind.OFF and hours:
        found["hours"] = _("放假不填时段；要上班请选调休上班或应急。")
    if kind == DayKind.OFF and works_as is not None:
        found["works_as"] = _("放假不填按星期几；要上班请选调休上班。")
    if kind == DayKind.MAKE_UP and day.weekday() in weekdays:
        found["date"] = _("%(day)s 本来就上班，不是调休上班；请改日期，或删去这一行。") % {
            "day": day
        }
    return found


def year_complaint(year: int, works: Mapping[date, bool], weekdays: Collection[int]) -> str:
    """差错: a year in which nobody works."""
    day = date(year, 1, 1)
    while day.year == year:
        if works.get(day, day.weekday() in weekdays):
            return ""
        day += timedelta(days=1)
    return _("%(year)s 年这一年没有工作日，请改正。") % {"year": year}


def is_year(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def working_weekdays(
    weeks: Mapping[str, Mapping[int, Slots]], codes: Collection[str]
) -> frozenset[int]:
    """Weekdays on which all of those calendars work; Monday to Friday when there is none."""
    sets = [
        {weekday for weekday, slots in weeks[code].items() if slots}
        for code in codes
        if code in weeks
    ]
    return frozenset(set.intersection(*sets)) if sets else MONDAY_TO_FRIDAY
