"""Work calendars out of their tables, as `hours` wants them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from common import law
from common.errors import Invalid
from grids import dates
from grids.hours import CalendarSpec, Slots, YearStatus
from grids.models import CalendarDay, CalendarSlot, CalendarYear, WorkCalendar

STAMP = "calendars"
Week = Mapping[int, Slots]


def spec(code: str) -> CalendarSpec:
    """日历: the calendar with that code, cached per process."""
    specs = law.cache.get(STAMP, _load)
    if code not in specs:
        raise Invalid(
            _("没有代码为 %(code)s 的工作日历，请先在后台建立它。") % {"code": code},
            field="calendar",
        )
    return specs[code]


def touched(codes: Collection[str] = (), *, holidays: bool = False) -> None:
    """日历已改: to be called in the transaction of the change.

    With `holidays` every calendar that observes them has changed.
    """
    revise(codes, holidays=holidays)
    law.bump(STAMP)


def revise(codes: Collection[str], *, holidays: bool = False) -> None:
    """Raise the revision, by which deadlines are known to be old."""
    changed = Q(code__in=codes) | (Q(observes_holidays=True) if holidays else Q())
    if codes or holidays:
        WorkCalendar.objects.filter(changed).update(revision=F("revision") + 1)


def name(code: str) -> str:
    """日历名称; an unknown code shows itself."""
    names = law.cache.get(
        f"{STAMP}.names",
        lambda: dict(WorkCalendar.objects.values_list("code", "name")),
        stamp=STAMP,
    )
    return names.get(code, code)


def revision() -> int:
    """修订 of all calendars together; it rises with any change of any of them."""
    return sum(revisions().values())


def revisions() -> dict[str, int]:
    """修订 of each calendar, by code."""
    return {code: one.revision for code, one in law.cache.get(STAMP, _load).items()}


def weeks() -> dict[str, Week]:
    """The slots of each calendar by weekday."""
    return {row.code: _week(row) for row in _rows()}


def _rows() -> QuerySet[WorkCalendar]:
    slots = CalendarSlot.objects.order_by("weekday", "opens_min")
    return WorkCalendar.objects.prefetch_related(Prefetch("slots", slots))


def _week(row: WorkCalendar) -> Week:
    week: dict[int, Slots] = {}
    for slot in row.slots.all():
        week[slot.weekday] = (*week.get(slot.weekday, ()), (slot.opens_min, slot.closes_min))
    return week


def _load() -> dict[str, CalendarSpec]:
    zone = ZoneInfo(settings.TIME_ZONE)
    years = CalendarYear.objects.values_list("year", "status")
    statuses = {year: YearStatus(status) for year, status in years}
    days = _days()
    return {row.code: _spec(row, zone, days, statuses) for row in _rows()}


def _spec(
    row: WorkCalendar,
    zone: ZoneInfo,
    days: Mapping[str, dict[date, CalendarDay]],
    statuses: Mapping[int, YearStatus],
) -> CalendarSpec:
    week = _week(row)
    mine = (days[""] if row.observes_holidays else {}) | days[row.code]
    return CalendarSpec(
        row.code,
        zone,
        week,
        days={
            day: dates.slots(one.kind, one.works_as, one.hours, week) for day, one in mine.items()
        },
        names={day: one.name for day, one in mine.items()},
        statuses=statuses,
        observes=row.observes_holidays,
        cut_off=row.cut_off_min,
        day_start=row.day_start_min,
        revision=row.revision,
    )


def _days() -> Mapping[str, dict[date, CalendarDay]]:
    """Dates by calendar; those of all who observe holidays under no name."""
    found: defaultdict[str, dict[date, CalendarDay]] = defaultdict(dict)
    for row in CalendarDay.objects.select_related("calendar"):
        found[row.calendar.code if row.calendar else ""][row.date] = row
    return found
