"""Years and calendars in the admin: refused with a sentence, nothing half saved."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grids import calendars
from grids.models import CalendarDay, CalendarYear, WorkCalendar
from tests.factories import PersonFactory, WorkCalendarFactory
from tests.grids.test_admin import complaints, entered, formset, slot, stamp

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
FILE = "date,kind,name\n2027-01-01,OFF,元旦\n2027-01-02,MAKE_UP,元旦调休\n"


@pytest.fixture
def admin() -> Client:
    return entered(PersonFactory(superuser=True))


@pytest.fixture(autouse=True)
def office() -> WorkCalendar:
    return WorkCalendarFactory(observes_holidays=True)


def day(on: str, kind: str = "OFF", **more: Any) -> dict[str, Any]:
    return {"date": on, "kind": kind, "name": "元旦"} | more


def save_year(client: Client, *rows: dict[str, Any], **changes: Any) -> Any:
    data = {"year": 2027, "status": "OFFICIAL", "source": "国办发明电"}
    url = reverse("admin:grids_calendaryear_add")
    return client.post(url, data | formset("days", list(rows)) | changes)


def file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("2027.csv", text.encode())


def test_a_year_is_saved_with_its_days(admin: Client) -> None:
    before = stamp("calendars")
    save_year(admin, day("2027-01-01"), day("2027-01-02", "MAKE_UP"))
    spec = calendars.spec("office")
    assert (len(spec.days), spec.statuses) == (2, {2027: "OFFICIAL"})
    assert (stamp("calendars") > before, spec.revision > 1) == (True, True)


def test_a_year_is_read_from_a_file(admin: Client) -> None:
    save_year(admin, upload=file(FILE))
    assert [str(row) for row in CalendarDay.objects.all()] == [
        "2027-01-01 元旦", "2027-01-02 元旦调休",
    ]  # fmt: skip
    assert CalendarYear.objects.get().source == "国办发明电"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (day("2026-12-31"), "不在 2027 年"),
        (day("2027-01-04", "MAKE_UP"), "本来就上班"),
        (day("2027-01-01", hours="8:30-12:00"), "放假不填时段"),
        (day("2027-01-02", "MAKE_UP", hours="9:00-12:00 11:00-13:00"), "不重叠"),
        (day("2027-01-02", "MAKE_UP", works_as=7), "0（星期一）到 6"),
    ],
)
def test_a_wrong_day_is_refused(admin: Client, row: dict[str, Any], said: str) -> None:
    assert said in complaints(save_year(admin, row))
    assert not CalendarYear.objects.exists()


def test_a_year_without_a_working_day_is_refused(admin: Client) -> None:
    WorkCalendar.objects.all().delete()
    WorkCalendarFactory(slots={4: [(510, 720)]}, observes_holidays=True)
    fridays = [day(f"{date(2027, 1, 1) + turn * WEEK}") for turn in range(53)]
    assert "没有工作日" in complaints(save_year(admin, *fridays))


@pytest.mark.parametrize("year", [1989, 2101])
def test_a_year_out_of_range_is_refused(admin: Client, year: int) -> None:
    assert "1990 到 2100" in complaints(save_year(admin, year=year))


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (file(FILE.replace("2027", "2028")), "有且只有 2027 年"),
        (file(FILE.replace("OFF", "FREE")), "不认识"),
        (file("date,kind\n"), "缺少这一列"),
        (SimpleUploadedFile("2027.csv", FILE.encode("gb18030")), "UTF-8"),
        (file(FILE + "\n" * 200_000), "文件太大"),
    ],
)
def test_a_wrong_file_is_refused(admin: Client, upload: SimpleUploadedFile, said: str) -> None:
    upload.seek(0)
    assert said in complaints(save_year(admin, upload=upload))
    assert not CalendarYear.objects.exists()


def test_the_number_of_a_year_stays(admin: Client) -> None:
    year = CalendarYear.objects.create(year=2026)
    url = reverse("admin:grids_calendaryear_change", args=[year.pk])
    data = {"year": 2027, "status": "OFFICIAL"} | formset("days", [])
    assert "年份不能改" in complaints(admin.post(url, data))


def test_a_deleted_year_raises_the_stamp(admin: Client) -> None:
    save_year(admin, day("2027-01-01"))
    before = stamp("calendars")
    chosen = [row.pk for row in CalendarYear.objects.all()]
    data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    admin.post(reverse("admin:grids_calendaryear_changelist"), data)
    assert not calendars.spec("office").days
    assert stamp("calendars") > before


@pytest.mark.parametrize(
    "values",
    [{"cut_off_min": 1020}, {"day_start_min": 510}, {"cut_off_min": 1441, "day_start_min": 510}],
)
def test_half_a_cut_off_is_refused(
    admin: Client, office: WorkCalendar, values: dict[str, int]
) -> None:
    url = reverse("admin:grids_workcalendar_change", args=[office.pk])
    data = {"code": "office", "name": "机关"} | formset("slots", [slot(510, 720)]) | values
    assert "要一起填" in complaints(admin.post(url, data))


def test_a_changed_calendar_has_a_new_revision(admin: Client, office: WorkCalendar) -> None:
    url = reverse("admin:grids_workcalendar_change", args=[office.pk])
    data = {"code": "office", "name": "机关"} | formset("slots", [{**slot(510, 720), "weekday": 6}])
    admin.post(url, data)
    office.refresh_from_db()
    assert office.revision > 1


def test_a_file_replaces_the_days_that_stood_there(admin: Client) -> None:
    save_year(admin, day("2027-01-01"), day("2027-01-04"))
    year = CalendarYear.objects.get()
    rows = [day(str(row.date)) | {"id": row.pk, "year": 2027} for row in year.days.order_by("date")]
    data = {"year": 2027, "status": "OFFICIAL", "upload": file(FILE)} | formset("days", rows)
    url = reverse("admin:grids_calendaryear_change", args=[year.pk])
    admin.post(url, data | {"days-INITIAL_FORMS": "2"})
    assert [str(row.date) for row in year.days.all()] == ["2027-01-01", "2027-01-02"]


def offered(client: Client, text: str) -> Any:
    return client.post(reverse("admin:grids_workcalendar_table_in"), {"file": file(text)})


def test_a_calendar_goes_out_and_comes_in_as_a_file(admin: Client) -> None:
    out = admin.get(reverse("admin:grids_workcalendar_table_out")).content.decode("utf-8-sig")
    assert offered(admin, out).context["outcome"].changes == []
    longer = out.replace(",17:30,", ",18:00,")
    assert longer != out
    before, revision = stamp("calendars"), calendars.spec("office").revision
    shown = offered(admin, longer)
    assert stamp("calendars") == before
    words = {"packed": shown.context["packed"], "seen": shown.context["seen"]}
    assert admin.post(reverse("admin:grids_workcalendar_table_in"), words).status_code == 302
    assert (stamp("calendars"), calendars.spec("office").revision) == (before + 1, revision + 1)


def test_a_slot_that_ends_before_it_begins_is_named(admin: Client) -> None:
    told = offered(admin, "code,name,weekday,opens,closes\noffice,办公,1,8:30,7:30\n")
    assert [(one.line, one.column) for one in told.context["problems"]] == [(2, "closes")]
