"""Make the seed of the years: python -m grids.seed.make_years OUT.csv

Two packages by different hands, `chinesecalendar` and `holidays`, must say of every date alike
whether one works; where they differ nothing is written. Names come from the first.
Both only seed the table: at run time nothing asks them, and neither may guess a year that has not
been published.
"""

import argparse
import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays

YEARS = range(2019, 2027)
MADE_UP = "调休"


def text() -> str:
    """The file; raises `ValueError` at the first date on which the packages differ."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("date", "kind", "name", "works_as"))
    for year in YEARS:
        writer.writerows(rows(year))
    return out.getvalue()


def rows(year: int) -> Iterator[tuple[str, str, str, str]]:
    other = holidays.country_holidays("CN", years=year)
    for day in dates(year):
        works = chinese_calendar.is_workday(day)
        if works != does_other_work(day, other):
            raise ValueError(f"{day}: the packages differ on whether one works.")
        _is_off, name = chinese_calendar.get_holiday_detail(day)
        if works and day.weekday() >= 5:
            yield day.isoformat(), "MAKE_UP", f"{chinese(name)}{MADE_UP}", ""
        elif not works and (day.weekday() < 5 or chinese(name)):
            yield day.isoformat(), "OFF", chinese(name), ""


def dates(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def does_other_work(day: date, other: holidays.HolidayBase) -> bool:
    if day.weekday() < 5:
        return day not in other
    return day in other.weekend_workdays


def chinese(name: str | None) -> str:
    """The Chinese name; a plain Saturday has none."""
    known = {one.value: one.chinese for one in chinese_calendar.Holiday}
    return known.get(name or "", "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.parse_args().out.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
