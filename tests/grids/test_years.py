"""Years of holidays out of a file, and the calendars that observe them."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from common.models import LawStamp
from grids import calendars
from grids.hours import Budget, Kind, YearStatus, add
from grids.loading.years import SEED
from grids.models import CalendarDay, CalendarYear, DayKind, WorkCalendar
from grids.seed import make_years
from tests.factories import WorkCalendarFactory
from tests.grids.drawn import hours, local

pytestmark = pytest.mark.django_db
HEAD = "date,kind,name,works_as,hours,calendar\n"
SLOTS = {weekday: [(510, 720), (810, 1050)] for weekday in range(5)}


@pytest.fixture
def office() -> WorkCalendar:
    return WorkCalendarFactory(slots=SLOTS, observes_holidays=True)


@pytest.fixture
def seeded(office: WorkCalendar) -> None:
    call_command("load_year", stdout=StringIO())


def load(tmp_path: Path, *lines: str, status: str = "official") -> str:
    file, out = tmp_path / "years.csv", StringIO()
    file.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    call_command("load_year", str(file), status=status, stdout=out)
    return out.getvalue()


def revision() -> int:
    return WorkCalendar.objects.get(code="office").revision


def test_the_years_that_come_with_it_are_official(seeded: None) -> None:
    statuses = calendars.spec("office").statuses
    assert statuses == dict.fromkeys(range(2019, 2027), YearStatus.OFFICIAL)


@pytest.mark.parametrize(
    ("year", "made_up"),
    [
        (2024, ["2-4", "2-18", "4-7", "4-28", "5-11", "9-14", "9-29", "10-12"]),
        (2025, ["1-26", "2-8", "4-27", "9-28", "10-11"]),
        (2026, ["1-4", "2-14", "2-28", "5-9", "9-20", "10-10"]),
    ],
)
def test_make_up_days_are_those_published(seeded: None, year: int, made_up: list[str]) -> None:
    rows = CalendarDay.objects.filter(kind=DayKind.MAKE_UP, year=year)
    assert [f"{row.date.month}-{row.date.day}" for row in rows] == made_up


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (local(2024, 9, 30, 17, 0), local(2024, 10, 8, 9, 0)),
        (local(2025, 9, 30, 17, 0), local(2025, 10, 9, 9, 0)),
        (local(2026, 9, 30, 17, 0), local(2026, 10, 8, 9, 0)),
        (local(2024, 2, 9, 17, 0), local(2024, 2, 18, 9, 0)),
        (local(2025, 1, 27, 17, 0), local(2025, 2, 5, 9, 0)),
        (local(2026, 2, 14, 17, 0), local(2026, 2, 24, 9, 0)),
        (local(2026, 3, 6, 17, 50), local(2026, 3, 9, 9, 30)),
    ],
)
def test_an_hour_across_the_holidays(seeded: None, start: object, due: object) -> None:
    assert add(start, hours("1"), calendars.spec("office")) == due  # type: ignore[arg-type]


def test_the_seven_day_street_does_not_close(seeded: None) -> None:
    WorkCalendarFactory(street7=True)
    assert not calendars.spec("street7").days


def test_a_second_run_changes_nothing(seeded: None) -> None:
    before = (revision(), list(LawStamp.objects.values_list("name", "version")))
    out = StringIO()
    call_command("load_year", stdout=out)
    assert "未变 8" in out.getvalue()
    assert (revision(), list(LawStamp.objects.values_list("name", "version"))) == before


def test_a_loaded_year_raises_the_revision_of_those_who_observe_it(
    office: WorkCalendar, tmp_path: Path
) -> None:
    street = WorkCalendarFactory(street7=True)
    load(tmp_path, "2027-01-01,OFF,元旦,,,")
    street.refresh_from_db()
    assert (revision(), street.revision) == (2, 1)
    assert calendars.spec("office").revision == 2


def test_a_year_may_be_provisional_and_become_official(
    office: WorkCalendar, tmp_path: Path
) -> None:
    load(tmp_path, "2027-01-01,OFF,元旦,,,", status="provisional")
    assert calendars.spec("office").statuses[2027] == YearStatus.PROVISIONAL
    load(tmp_path, "2027-01-01,OFF,元旦,,,")
    assert calendars.spec("office").statuses[2027] == YearStatus.OFFICIAL


def test_a_loaded_year_replaces_its_holidays_and_keeps_emergencies(
    office: WorkCalendar, tmp_path: Path
) -> None:
    load(tmp_path, "2027-01-01,OFF,元旦,,,", "2027-07-05,EMERGENCY,台风停工,,,")
    load(tmp_path, "2027-01-04,OFF,元旦,,,")
    assert [str(row.date) for row in CalendarDay.objects.all()] == ["2027-01-04", "2027-07-05"]


def test_a_day_of_one_calendar_beats_that_of_all(office: WorkCalendar, tmp_path: Path) -> None:
    load(tmp_path, "2027-01-01,OFF,元旦,,,", "2027-01-01,EMERGENCY,除雪,,9:00-12:00,office")
    spec = calendars.spec("office")
    assert spec.days[date(2027, 1, 1)] == ((540, 720),)
    assert spec.names[date(2027, 1, 1)] == "除雪"


@pytest.mark.parametrize(
    ("line", "slots"),
    [
        ("2027-01-02,MAKE_UP,调休,,,", tuple(SLOTS[0])),
        ("2027-01-02,MAKE_UP,调休,5,,", ()),
        ("2027-01-02,EMERGENCY,抢险,,8:30-12:00 13:30-24:00,", ((510, 720), (810, 1440))),
        ("2027-01-04,EMERGENCY,停工,,,", ()),
    ],
)
def test_the_slots_of_a_date(
    office: WorkCalendar, tmp_path: Path, line: str, slots: tuple[tuple[int, int], ...]
) -> None:
    load(tmp_path, line)
    assert calendars.spec("office").days[date.fromisoformat(line[:10])] == slots


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2027-01-04,MAKE_UP,调休,,,", "本来就上班"),
        ("2027-01-01,OFF,元旦,,8:30-12:00,", "放假不填时段"),
        ("2027-01-01,OFF,元旦,0,,", "放假不填按星期几"),
        ("2027-01-02,MAKE_UP,调休,7,,", "0 到 6"),
        ("2027-01-02,MAKE_UP,调休,1.5,,", "0（星期一）到 6"),
        ("2027-01-02,MAKE_UP,调休,,9:00-12:00 11:00-13:00,", "不重叠"),
        ("2027-01-02,MAKE_UP,调休,,早上,", "8:30-12:00"),
        ("1989-01-01,OFF,元旦,,,", "1990 到 2100"),
        ("2027-02-30,OFF,元旦,,,", "不是日期"),
        (",OFF,元旦,,,", "不能为空"),
        ("2027-01-01,FREE,元旦,,,", "不认识"),
        ("2027-01-01,OFF,,,,", "不能为空"),
        ("2027-01-01,OFF,元旦,,,lunar", "lunar"),
    ],
)
def test_a_wrong_line_is_refused_with_its_cure(
    office: WorkCalendar, tmp_path: Path, line: str, said: str
) -> None:
    with pytest.raises(CommandError, match="什么也没有载入") as refusal:
        load(tmp_path, "2027-05-01,OFF,劳动节,,,", line)
    assert said in str(refusal.value)
    assert not CalendarYear.objects.exists()


def test_a_date_that_comes_twice_is_refused(office: WorkCalendar, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="写了两次"):
        load(tmp_path, *["2027-01-01,OFF,元旦,,,"] * 2)


def test_a_year_without_a_working_day_is_refused(office: WorkCalendar, tmp_path: Path) -> None:
    days = (date(2027, 1, 1) + timedelta(days=turn) for turn in range(365))
    with pytest.raises(CommandError, match="没有工作日"):
        load(tmp_path, *[f"{day},OFF,休,,," for day in days])


def test_a_file_without_a_date_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有一个日期"):
        load(tmp_path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有这个文件"):
        call_command("load_year", str(tmp_path / "nowhere.csv"))


def test_a_missing_year_is_computed_on_weekdays(seeded: None) -> None:
    budget = Budget(Decimal(1), Kind.WORK_DAY)
    due = add(local(2026, 12, 31, 9, 0), budget, calendars.spec("office"))
    assert due == local(2027, 1, 1, 9, 0)


@pytest.mark.parametrize(
    "values",
    [
        {"date": date(2026, 12, 31), "kind": DayKind.OFF},
        {"date": date(2027, 1, 1), "kind": DayKind.OFF, "hours": "8:30-12:00"},
        {"date": date(2027, 1, 1), "kind": DayKind.MAKE_UP, "works_as": 7},
    ],
)
def test_the_database_refuses_a_day_that_makes_no_sense(values: dict[str, object]) -> None:
    year = CalendarYear.objects.create(year=2027)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(year=year, name="休", **values)


def test_the_database_refuses_half_a_cut_off(office: WorkCalendar) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkCalendar.objects.update(cut_off_min=1020)


def test_a_cut_off_comes_out_of_its_table(office: WorkCalendar) -> None:
    WorkCalendar.objects.update(cut_off_min=1020, day_start_min=510)
    spec = calendars.spec("office")
    assert add(local(2026, 3, 6, 17, 10), hours("1"), spec) == local(2026, 3, 9, 9, 30)


def test_the_seed_comes_from_the_script() -> None:
    assert make_years.text() == SEED.read_text(encoding="utf-8")


def test_where_the_packages_differ_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_years, "does_other_work", lambda day, other: day.weekday() < 5)
    with pytest.raises(ValueError, match="2019-01-01: the packages differ"):
        make_years.text()


def test_a_year_that_is_not_published_is_not_guessed() -> None:
    with pytest.raises(NotImplementedError):
        list(make_years.rows(2027))
