"""工作日历文件: calendars as the administration takes them out and in."""

from collections.abc import Iterator, Sequence

from django.db import models

from grids.loading import calendars
from grids.loading.sheets import Row, Sheet
from grids.loading.tables import Change, Outcome, cell
from grids.models import CalendarSlot, WorkCalendar


class CalendarTable:
    """工作日历: one working slot a line; a calendar in the file has exactly these slots."""

    sheet: Sheet = calendars.SHEET
    guarded: tuple[type[models.Model], ...] = (WorkCalendar, CalendarSlot)

    def lines(self) -> Iterator[Sequence[str]]:
        """Calendar by calendar, day by day."""
        slots = CalendarSlot.objects.select_related("calendar")
        for slot in slots.order_by("calendar__code", "weekday", "opens_min"):
            here = slot.calendar
            yield [
                here.code, here.name, cell(slot.weekday), _clock(slot.opens_min),
                _clock(slot.closes_min), cell(here.observes_holidays),
            ]  # fmt: skip

    def write(self, rows: list[Row]) -> Outcome:
        """As the loader of a district writes them."""
        weeks = calendars.check(rows)
        told = Outcome(problems=[one for row in rows for one in row.problems])
        if told.problems:
            return told
        tally = calendars.write(weeks)
        lines = {row.cells["code"]: row.line for row in reversed(rows)}
        touched = tally.created | tally.changed
        told.changes = [
            Change(lines[code], code, code in tally.created) for code in sorted(touched)
        ]
        told.same = len(tally.seen - touched)
        return told


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
