"""Who edits the calendar while tickets are under way: a day off, or a day made up, in some days."""

import threading
import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import OperationalError, connection, transaction

from common import clock
from grids import calendars
from grids.models import CalendarDay, CalendarYear, DayKind, WorkCalendar
from tests.chaos.findings import Edited

WISH = "edit-calendar"
AHEAD = 2  # days from now on, so that no day changes that has begun
WEEKEND = 5


@dataclass
class Clerk:
    """管日历的人: a date a wish, each for all calendars that do not always work."""

    folder: Path
    edits: list[Edited] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Until `over`; a wish is granted when its file is gone."""
        wish = self.folder / WISH
        while not self.over.wait(0.05):
            if wish.exists():
                self._grant()
                wish.unlink()
        connection.close()

    def _grant(self) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                self.edits.append(edit(at=clock.now()))
            except OperationalError:
                connection.close()
                self.over.wait(0.2)
            else:
                return


def edit(*, at: datetime) -> Edited:
    """改: the next date that is not special yet; working days and weekends take turns."""
    codes = list(WorkCalendar.objects.exclude(code="always").values_list("code", flat=True))
    wants_off = not CalendarDay.objects.filter(name=NAMES[True]).exists() or (
        CalendarDay.objects.filter(name=NAMES[False]).exists()
    )
    day = _free(clock.local(at).date() + timedelta(days=AHEAD), wants_off)
    with transaction.atomic():
        CalendarYear.objects.get_or_create(year=day.year)  # nobody has published it yet
        for calendar in WorkCalendar.objects.filter(code__in=codes):
            CalendarDay.objects.create(
                year_id=day.year, calendar=calendar, date=day, name=NAMES[wants_off],
                kind=DayKind.OFF if wants_off else DayKind.MAKE_UP,
            )  # fmt: skip
        calendars.touched(codes)
    return Edited(at, day)


NAMES = {True: "停电", False: "补班"}


def _free(day: date, is_off: bool) -> date:
    taken = set(CalendarDay.objects.filter(date__gte=day).values_list("date", flat=True))
    while day in taken or (day.weekday() < WEEKEND) != is_off:
        day += timedelta(days=1)
    return day
