"""The demo district that is shipped."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import shapely
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from grids import calendars
from grids.demo import FOLDER, demo_accounts, set_demo_passwords
from grids.loading import load_district
from grids.locate import locate
from grids.models import Building, Division, Level, Person, Post, PostKind, Unit, UnitKind

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for the module, and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_district(FOLDER)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _savepoint(_loaded: None) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outlines(level: Level) -> dict[str, Any]:
    rows = Division.objects.filter(level=level)
    return {row.code: shapely.geometry.shape(row.shape) for row in rows}


def holders_by_unit(kind: PostKind) -> Counter[str]:
    posts = Post.objects.filter(kind=kind, person__is_active=True)
    return Counter(posts.values_list("unit__code", flat=True))


def test_the_territory_is_old_shangcheng() -> None:
    levels = Counter(Division.objects.values_list("level", flat=True))
    assert levels == {"DISTRICT": 1, "SUBDISTRICT": 6, "COMMUNITY": 54, "GRID": 260}


def test_every_street_has_its_communities() -> None:
    rows = Division.objects.filter(level=Level.COMMUNITY)
    names = Counter(rows.values_list("subdistrict__name", flat=True))
    assert names == {
        "清波街道": 5, "湖滨街道": 6, "小营街道": 12, "南星街道": 8, "紫阳街道": 12, "望江街道": 11,
    }  # fmt: skip


def test_it_is_the_district_of_the_settings() -> None:
    assert Division.objects.get(level=Level.DISTRICT).code == settings.HUBIN_DISTRICT


def test_every_outline_is_marked_synthetic() -> None:
    assert not Division.objects.filter(is_synthetic=False).exists()


def test_grids_neither_overlap_nor_leave_gaps() -> None:
    assert shapely.coverage_is_valid(list(outlines(Level.GRID).values()))


@pytest.mark.parametrize(
    ("level", "width"), [(Level.COMMUNITY, 12), (Level.SUBDISTRICT, 9), (Level.DISTRICT, 6)]
)
def test_the_grids_fill_every_level_above(level: Level, width: int) -> None:
    areas: Counter[str] = Counter()
    for code, shape in outlines(Level.GRID).items():
        areas[code[:width]] += shape.area
    for code, shape in outlines(level).items():
        assert areas[code[:width]] == pytest.approx(shape.area, rel=1e-9)


def test_coordinates_have_six_digits() -> None:
    points = shapely.get_coordinates(list(outlines(Level.GRID).values()))
    assert (points.round(6) == points).all()


def test_every_corner_lies_in_a_grid() -> None:
    corners = shapely.get_coordinates(list(outlines(Level.GRID).values()))[::40]
    assert not [point for point in corners if locate(point[1], point[0], at=AT).is_outside]


def test_every_grid_has_its_worker() -> None:
    posts = Post.objects.filter(kind=PostKind.GRID_WORKER, person__is_active=True)
    assert posts.values("division").distinct().count() == 260


def test_buildings_stand_in_their_grids() -> None:
    buildings = list(Building.objects.all()[::20])
    assert len(buildings) == 20
    for building in buildings:
        assert locate(building.lat, building.lng, at=AT).division_id == building.division_id


def test_buildings_show_the_limits_of_high_rise() -> None:
    floors = Counter(Building.objects.values_list("floors", flat=True))
    assert Building.objects.count() == 400
    assert min(floors[9], floors[10], floors[None]) > 0


def test_every_unit_has_a_clerk_handlers_and_a_head() -> None:
    clerks, heads = holders_by_unit(PostKind.UNIT_CLERK), holders_by_unit(PostKind.UNIT_HEAD)
    handlers = holders_by_unit(PostKind.HANDLER)
    for unit in Unit.objects.all():
        needed = 1 if unit.kind == UnitKind.COMMUNITY else 2
        assert clerks[unit.code] == 1
        assert heads[unit.code] == 1
        assert handlers[unit.code] >= needed


def test_every_unit_has_a_duty_phone_of_its_own() -> None:
    phones = set(Unit.objects.values_list("duty_phone", flat=True))
    assert len(phones) == Unit.objects.count() == 23 + 3 * 6 + 6 + 54


def test_every_community_belongs_to_the_office_of_its_street() -> None:
    for unit in Unit.objects.filter(kind=UnitKind.COMMUNITY).select_related("parent"):
        assert unit.parent is not None
        assert unit.parent.code == f"JD-{unit.divisions.get().code[6:9]}"


@pytest.mark.parametrize(
    ("kind", "street", "district"),
    [(PostKind.DESK, 2, 2), (PostKind.SHIFT_LEADER, 1, 2), (PostKind.LEADER, 1, 1)],
)
def test_streets_and_district_are_staffed(kind: PostKind, street: int, district: int) -> None:
    places = Post.objects.filter(kind=kind).values_list("division__code", flat=True)
    streets = Division.objects.filter(level=Level.SUBDISTRICT).values_list("code", flat=True)
    assert Counter(places) == dict.fromkeys(streets, street) | {settings.HUBIN_DISTRICT: district}


def test_somebody_holds_two_posts_and_somebody_has_left() -> None:
    posts = Counter(Post.objects.values_list("person__username", flat=True))
    left = Person.objects.filter(is_active=False)
    assert [name for name, count in posts.items() if count > 1] == ["cg_008_handler_1"]
    assert [person.username for person in left] == ["cg_001_handler_3"]


@pytest.mark.parametrize("code", ["office", "street7", "always"])
def test_the_calendars_have_working_time(code: str) -> None:
    assert calendars.spec(code).week()


def test_demo_people_share_one_password() -> None:
    assert set_demo_passwords("long-enough-1") == Person.objects.filter(is_demo=True).count()
    assert Person.objects.get(username="gw_003050001").check_password("long-enough-1")


def test_other_people_keep_theirs() -> None:
    other = Person.objects.create_user("li_an", name="李安", password="long-enough-2")
    set_demo_passwords("long-enough-1")
    other.refresh_from_db()
    assert (other.is_demo, other.check_password("long-enough-2")) == (False, True)


def test_only_the_administrator_enters_the_admin() -> None:
    set_demo_passwords("long-enough-1")
    staff = Person.objects.filter(is_staff=True).values_list("username", "is_superuser")
    assert list(staff) == [("admin", True)]


def test_no_demo_accounts_before_they_have_passwords() -> None:
    assert demo_accounts() == []


def test_demo_accounts_hold_every_post_of_the_chain() -> None:
    set_demo_passwords("long-enough-1")
    usernames = [account["username"] for account in demo_accounts()]
    kinds = Post.objects.filter(person__username__in=usernames).values_list("kind", flat=True)
    assert set(kinds) == {
        "GRID_WORKER", "COMMUNITY_LEAD", "DESK", "SHIFT_LEADER", "UNIT_CLERK", "HANDLER",
        "UNIT_HEAD", "INSPECTOR", "LEADER", "AUDITOR", "ADMIN",
    }  # fmt: skip


def test_demo_accounts_name_post_and_person() -> None:
    set_demo_passwords("long-enough-1")
    desk = next(account for account in demo_accounts() if account["username"] == "desk_003_1")
    name = Person.objects.get(username="desk_003_1").name
    assert desk == {"post": "受理员 · 湖滨街道", "name": name, "username": "desk_003_1"}
