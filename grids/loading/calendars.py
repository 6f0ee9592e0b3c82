"""calendars.csv: one working slot a line."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from grids.calendars import revise
from grids.loading.sheets import Row, Sheet
from grids.loading.upsert import Tally, upsert
from grids.models import CalendarSlot, WorkCalendar

SHEET = Sheet(
    "calendars.csv", ("code", "name", "weekday", "opens", "closes"), ("observes_holidays",)
)
CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
Slot = tuple[int, int, int]
FLAG = "observes_holidays"


@dataclass
class Week:
    """What the file says of one calendar; no flag leaves the flag as it is."""

    name: str
    flag: bool | None
    slots: set[Slot] = field(default_factory=set)

    def values(self) -> dict[str, Any]:
        flag = {} if self.flag is None else {FLAG: self.flag}
        return {"name": self.name} | flag


def check(rows: list[Row]) -> dict[str, Week]:
    """Code -> name, flag and slots (weekday, opens, closes)."""
    found: dict[str, Week] = {}
    lines: dict[str, list[tuple[Slot, Row]]] = {}
    for row in rows:
        code, name = row.text("code", 12), row.text("name", 40)
        flag = row.flag(FLAG) if row.has(FLAG) else None
        week = found.setdefault(code, Week(name, flag))
        if week.name != name:
            row.wrong("name", _("同一个日历的名称要写得一样。"))
        if week.flag != flag:
            row.wrong(FLAG, _("同一个日历的每一行要写得一样。"))
        slot = _slot(row)
        if slot is not None:
            week.slots.add(slot)
            lines.setdefault(code, []).append((slot, row))
    for slots in lines.values():
        _check_overlaps(slots)
    return found


def _slot(row: Row) -> Slot | None:
    weekday = row.number("weekday", 0, 6)
    opens, closes = _minutes(row, "opens"), _minutes(row, "closes")
    if weekday is None or weekday != int(weekday):
        row.wrong("weekday", _("请填 0（星期一）到 6（星期日）。"))
        return None
    if opens is None or closes is None:
        return None
    if opens >= closes:
        row.wrong("closes", _("结束应晚于开始；跨零时请分成两段。"))
        return None
    return int(weekday), opens, closes


def _minutes(row: Row, column: str) -> int | None:
    match = CLOCK.fullmatch(row.cells[column])
    minutes = int(match[1]) * 60 + int(match[2]) if match else 1441
    if minutes > 1440:
        row.wrong(column, _("应是 8:30 这样的时刻，最晚 24:00。"))
        return None
    return minutes


def _check_overlaps(slots: list[tuple[Slot, Row]]) -> None:
    for (before, _row), (after, row) in pairwise(sorted(slots, key=lambda pair: pair[0])):
        if before[0] == after[0] and after[1] < before[2]:
            row.wrong("opens", _("与同一天的另一段重叠，请改正其一。"))


def write(values: dict[str, Week]) -> Tally:
    """A calendar in the file has exactly the slots of the file."""
    tally = Tally(_("工作日历"))
    ids = upsert(
        WorkCalendar, "code", {code: week.values() for code, week in values.items()}, tally
    )
    for code, week in values.items():
        rows = CalendarSlot.objects.filter(calendar=ids[code])
        if week.slots == set(rows.values_list("weekday", "opens_min", "closes_min")):
            continue
        rows.delete()
        CalendarSlot.objects.bulk_create(
            CalendarSlot(calendar_id=ids[code], weekday=day, opens_min=opens, closes_min=closes)
            for day, opens, closes in sorted(week.slots)
        )
        tally.changed.add(code)
    revise(tally.changed)
    return tally
