"""years.csv: the days off and make-up days of whole years, one date a line."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from grids import calendars, dates
from grids.loading import LOCK
from grids.loading.sheets import Problem, Row, Sheet, Unloadable, parse, read
from grids.loading.upsert import Tally
from grids.models import CalendarDay, CalendarYear, DayKind, WorkCalendar

SEED = Path(__file__).parent.parent / "seed" / "years.csv"
COLUMNS = ("date", "kind", "name")
OPTIONAL = ("works_as", "hours", "calendar")
Key = tuple[str, date]


@dataclass
class Years:
    """What a file asks for: values by (calendar code, date); no code is all that observe."""

    source: str
    days: dict[Key, dict[str, Any]] = field(default_factory=dict)

    @property
    def numbers(self) -> set[int]:
        return {day.year for _code, day in self.days}


def load_years(path: Path, status: str, *, at: datetime) -> Tally:
    """载入年度: everything or nothing; what is already right stays untouched."""
    problems: list[Problem] = []
    if not path.is_file():
        raise Unloadable([Problem(str(path), None, "", _("没有这个文件，请检查路径。"))])
    found = check(read(path.parent, Sheet(path.name, COLUMNS, OPTIONAL), problems), path.name)
    if not found.days and not problems:
        problems.append(Problem(path.name, None, "", _("没有一个日期，请补上。")))
    if problems:
        raise Unloadable(problems)
    return write(found, status, at=at)


def of_text(text: str, file: str, year: int) -> Years:
    """A file for one year, as it was uploaded; raises `Unloadable`."""
    problems: list[Problem] = []
    rows = parse(text, Sheet(file, COLUMNS, OPTIONAL), problems)
    found = check(rows, file)
    if not problems and found.numbers != {year}:
        sentence = _("文件里要有且只有 %(year)s 年的日期。") % {"year": year}
        problems.append(Problem(file, None, "date", sentence))
    if problems:
        raise Unloadable(problems)
    return found


def check(rows: list[Row], source: str) -> Years:
    """Every complaint stands at its row."""
    weeks = calendars.weeks()
    observing = WorkCalendar.objects.filter(observes_holidays=True)
    general = dates.working_weekdays(weeks, list(observing.values_list("code", flat=True)))
    found = Years(source)
    for row in rows:
        code = row.text("calendar", 12, blank=True)
        if code and code not in weeks:
            row.wrong("calendar", _("没有代码为 %(code)s 的工作日历。") % {"code": code})
            continue
        _take(row, code, dates.working_weekdays(weeks, [code]) if code else general, found)
    for year in sorted(found.numbers):
        works = {
            day: values["kind"] != DayKind.OFF
            for (code, day), values in found.days.items()
            if not code
        }
        sentence = dates.year_complaint(year, works, general)
        if sentence:
            rows[-1].wrong("", sentence)
    return found


def _take(row: Row, code: str, weekdays: frozenset[int], found: Years) -> None:
    day, kind = row.day("date"), row.choice("kind", DayKind)
    number = row.number("works_as", 0, 6)
    if number is not None and number != int(number):
        row.wrong("works_as", _("请填 0（星期一）到 6（星期日）。"))
    works_as = None if number is None else int(number)
    hours = row.text("hours", 100, blank=True)
    values = {
        "kind": kind, "name": row.text("name", 40), "works_as": works_as, "hours": hours,
    }  # fmt: skip
    if day is None:
        if not row.cells["date"]:
            row.wrong("date", _("不能为空，请填写。"))
        return
    if not dates.is_year(day.year):
        row.wrong("date", _("年份要在 1990 到 2100 之间。"))
        return
    if (code, day) in found.days:
        row.wrong("date", _("%(day)s 写了两次，请删去其一。") % {"day": day})
    for column, sentence in dates.complaints(day, kind, works_as, hours, weekdays).items():
        row.wrong(column, sentence)
    found.days[code, day] = values


def write(wanted: Years, status: str, *, at: datetime) -> Tally:
    """The years of the file have its days; emergencies and days of one calendar are kept."""
    tally = Tally(_("日历年度"))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        known = {
            (row.calendar.code if row.calendar else "", row.date): row
            for row in CalendarDay.objects.filter(year__in=wanted.numbers)
            .select_related("calendar")
        }  # fmt: skip
        for year in sorted(wanted.numbers):
            _write_year(year, wanted, known, status, at, tally)
        if tally.is_changed:
            calendars.touched({code for code, _day in wanted.days if code}, holidays=True)
    return tally


def _write_year(
    year: int,
    wanted: Years,
    known: dict[Key, CalendarDay],
    status: str,
    at: datetime,
    tally: Tally,
) -> None:
    tally.seen.add(year)
    row, is_new = CalendarYear.objects.get_or_create(
        year=year, defaults={"status": status, "source": wanted.source, "loaded_at": at}
    )
    if is_new:
        tally.created.add(year)
    mine = {key: values for key, values in wanted.days.items() if key[1].year == year}
    gone = [
        one.pk
        for key, one in known.items()
        if key not in mine and (key[1].year, key[0]) == (year, "") and one.kind != DayKind.EMERGENCY
    ]
    differing = {key: values for key, values in mine.items() if _differs(known.get(key), values)}
    if not gone and not differing and row.status == status:
        return
    tally.changed.add(year)
    gone += [known[key].pk for key in differing if key in known]
    CalendarDay.objects.filter(pk__in=gone).delete()
    ids = dict(WorkCalendar.objects.values_list("code", "pk"))
    CalendarDay.objects.bulk_create(
        CalendarDay(year=row, calendar_id=ids.get(code), date=day, **values)
        for (code, day), values in differing.items()
    )
    CalendarYear.objects.filter(pk=row.pk).update(status=status, source=wanted.source, loaded_at=at)


def _differs(row: CalendarDay | None, values: dict[str, Any]) -> bool:
    return row is None or any(getattr(row, name) != value for name, value in values.items())
