"""The tables of places, people and calendars in the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from common.models import LawStamp
from grids.models import CalendarSlot, Division, Person, WorkCalendar
from tests.factories import (
    BuildingFactory,
    CommunityFactory,
    GridFactory,
    PersonFactory,
    PostFactory,
    SubdistrictFactory,
    UnitFactory,
    WorkCalendarFactory,
    square,
)

pytestmark = pytest.mark.django_db
NO_ROWS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}


def entered(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def admin() -> Client:
    return entered(PersonFactory(superuser=True))


@pytest.fixture
def clerk() -> Client:
    """Staff who may change people, but is no superuser."""
    person = PersonFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="change_person"))
    return entered(person)


def formset(prefix: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0",
    }  # fmt: skip
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def stamp(name: str) -> int:
    return sum(LawStamp.objects.filter(name=name).values_list("version", flat=True))


def complaints(answer: Any) -> str:
    """What the form says: its own errors and those of its rows."""
    context = answer.context
    rows = [row.formset for row in context["inline_admin_formsets"]]
    parts = [str(context["adminform"].form.errors)]
    parts += [f"{found.non_form_errors()}{found.errors}" for found in rows]
    return "".join(parts)


def division_form(division: Division, **changes: Any) -> dict[str, Any]:
    fields = {
        "code": division.code,
        "name": division.name,
        "level": division.level,
        "parent": division.parent_id or "",
        "shape": "null",
    }
    return fields | changes


def save_division(client: Client, division: Division, **changes: Any) -> Any:
    url = reverse("admin:grids_division_change", args=[division.pk])
    return client.post(url, division_form(division, **changes))


@pytest.mark.parametrize(
    ("model", "factory", "sought"),
    [
        (
            "division",
            lambda: SubdistrictFactory(name="湖滨街道", pinyin="hubinjiedao hbjd"),
            "hbjd",
        ),
        ("division", lambda: SubdistrictFactory(code="330102003000"), "330102003"),
        ("unit", lambda: UnitFactory(name="湖滨中队"), "湖滨"),
        ("building", lambda: BuildingFactory(address="枕河巷 7 号"), "枕河巷 7"),
        ("person", lambda: PostFactory(unit__name="湖滨中队").person, "湖滨中队"),
        ("workcalendar", lambda: WorkCalendarFactory(), "office"),
    ],
)
def test_rows_are_found(admin: Client, model: str, factory: Any, sought: str) -> None:
    row = factory()
    answer = admin.get(reverse(f"admin:grids_{model}_changelist"), {"q": sought})
    assert list(answer.context["cl"].result_list) == [row]


@pytest.mark.parametrize("model", ["division", "unit", "building", "person", "workcalendar"])
def test_an_empty_form_opens(admin: Client, model: str) -> None:
    assert admin.get(reverse(f"admin:grids_{model}_add")).status_code == 200


def test_moving_a_community_moves_its_grids(admin: Client) -> None:
    grid, street = GridFactory(), SubdistrictFactory()
    save_division(admin, grid.community, parent=street.pk)
    grid.refresh_from_db()
    assert grid.subdistrict == street


def test_a_saved_division_raises_its_stamp_and_gets_its_sound(admin: Client) -> None:
    street = SubdistrictFactory()
    before = stamp("divisions")
    save_division(admin, street, name="湖滨街道")
    street.refresh_from_db()
    assert (street.pinyin, stamp("divisions") > before) == ("hubinjiedao hbjd", True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "3301"}, "12 位数字"),
        ({"parent": ""}, "上级应是街道"),
        ({"shape": '{"type": "Point", "coordinates": [1, 2]}'}, "Polygon"),
    ],
)
def test_a_wrong_division_is_refused(admin: Client, changes: dict[str, str], said: str) -> None:
    answer = save_division(admin, CommunityFactory(), **changes)
    assert said in complaints(answer)


def test_an_outline_is_kept(admin: Client) -> None:
    grid = GridFactory()
    text = str(square(120.15, 30.24)).replace("'", '"')
    save_division(admin, grid, shape=text)
    grid.refresh_from_db()
    assert grid.shape == square(120.15, 30.24)


def test_a_unit_cannot_be_above_itself(admin: Client) -> None:
    squad = UnitFactory(squad=True)
    url = reverse("admin:grids_unit_change", args=[squad.parent.pk])
    data = {"code": "CG", "name": "局", "kind": "BUREAU", "duty_phone": "1", "parent": squad.pk}
    assert "绕成了一圈" in complaints(admin.post(url, data))


def test_a_unit_taken_out_of_routing_raises_its_stamp(admin: Client) -> None:
    unit = UnitFactory()
    url = reverse("admin:grids_unit_change", args=[unit.pk])
    admin.post(url, {"code": unit.code, "name": unit.name, "kind": "BUREAU", "duty_phone": "1"})
    unit.refresh_from_db()
    assert (unit.is_active, stamp("units") > 0) == (False, True)


def test_a_deleted_unit_raises_its_stamp(admin: Client) -> None:
    unit = UnitFactory()
    data = {"action": "delete_selected", "_selected_action": [unit.pk], "post": "yes"}
    admin.post(reverse("admin:grids_unit_changelist"), data)
    assert stamp("units") == 1


def save_person(client: Client, person: Person, **changes: Any) -> Any:
    fields = {"username": person.username, "name": person.name, "is_active": "on"}
    url = reverse("admin:grids_person_change", args=[person.pk])
    return client.post(url, formset("posts", []) | fields | changes)


def test_a_person_gets_a_post(admin: Client) -> None:
    person, unit = PersonFactory(), UnitFactory()
    row = {"kind": "HANDLER", "unit": unit.pk, "is_active": "on"}
    save_person(admin, person, **formset("posts", [row]))
    assert person.posts.get().unit == unit


def test_a_post_in_the_wrong_place_is_refused(admin: Client) -> None:
    row = {"kind": "HANDLER", "division": GridFactory().pk, "is_active": "on"}
    answer = save_person(admin, PersonFactory(), **formset("posts", [row]))
    assert "要填单位" in complaints(answer)


def test_a_new_person_can_log_in(admin: Client) -> None:
    words = {
        "usable_password": "true",
        "password1": "ye-luo-zhi-qiu",
        "password2": "ye-luo-zhi-qiu",
    }
    data = {"username": "li_an", "name": "李安"} | words | formset("posts", [])
    admin.post(reverse("admin:grids_person_add"), data)
    person = Person.objects.get(username="li_an")
    assert (person.check_password("ye-luo-zhi-qiu"), person.pinyin) == (True, "lian la")


def test_staff_cannot_hand_out_rights(clerk: Client) -> None:
    person = PersonFactory()
    save_person(clerk, person, name="钱康", is_superuser="on", is_staff="on")
    person.refresh_from_db()
    assert (person.name, person.is_superuser, person.is_staff) == ("钱康", False, False)


def test_staff_cannot_reach_a_superusers_password(clerk: Client) -> None:
    boss = PersonFactory(superuser=True)
    url = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert clerk.get(url).status_code == 403


def slot(opens: int, closes: int) -> dict[str, int]:
    return {"weekday": 0, "opens_min": opens, "closes_min": closes}


def save_calendar(client: Client, rows: list[dict[str, int]]) -> Any:
    data = {"code": "office", "name": "机关"} | formset("slots", rows)
    return client.post(reverse("admin:grids_workcalendar_add"), data)


def test_a_calendar_is_saved_with_its_slots(admin: Client) -> None:
    save_calendar(admin, [slot(810, 1050), slot(510, 720)])
    assert (CalendarSlot.objects.count(), stamp("calendars") > 0) == (2, True)


@pytest.mark.parametrize(
    ("rows", "said"), [([slot(510, 900), slot(810, 1050)], "重叠"), ([], "至少要有一个")]
)
def test_a_calendar_that_makes_no_sense_is_refused(
    admin: Client, rows: list[dict[str, int]], said: str
) -> None:
    assert said in complaints(save_calendar(admin, rows))
    assert not WorkCalendar.objects.exists()


def test_rights_are_told_by_table_and_deed_and_only_ours_are_offered(admin: Client) -> None:
    page = admin.get(reverse("admin:grids_person_change", args=[PersonFactory().pk]))
    offered = [
        text for _, text in page.context["adminform"].form.fields["user_permissions"].choices
    ]
    assert f"{Division._meta.verbose_name} · 修改" in offered
    assert not [text for text in offered if "Can " in text or "Access" in text]


def test_nobody_looks_at_lock_outs_or_groups_in_here(admin: Client) -> None:
    page = admin.get(reverse("admin:index")).content.decode()
    assert "axes" not in page.lower()
    assert "/admin/auth/" not in page
