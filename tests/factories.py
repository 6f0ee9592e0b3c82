"""Test objects of the lower rooms. Every place hangs on the one district of the installation."""

from typing import TYPE_CHECKING, Any

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from grids.models import (
    Building,
    BuildingUse,
    CalendarSlot,
    Division,
    Level,
    Person,
    Post,
    PostKind,
    Unit,
    UnitKind,
    WorkCalendar,
)
from grids.territory import derive

if TYPE_CHECKING:
    # calling a factory class gives a row, which a type checker cannot know
    class ModelFactory:
        def __new__(cls, **given: Any) -> Any: ...

        @classmethod
        def build(cls, **given: Any) -> Any: ...
else:
    ModelFactory = DjangoModelFactory

DISTRICT = "330102000000"
PASSWORD = "correct-horse-battery"


def square(west: float, south: float, side: float = 0.01) -> dict[str, Any]:
    """A GeoJSON square with its south-west corner there."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def suffix(number: int) -> str:
    """Three digits for a code."""
    return f"{number % 900 + 100}"


class DivisionFactory(ModelFactory):
    """区划: the district itself; the factories below make what belongs to it."""

    class Meta:
        model = Division
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    class Params:
        ended = factory.Trait(valid_to=factory.Faker("date_object", end_datetime="-1y"))

    code = DISTRICT
    name = "上城区"
    level = Level.DISTRICT
    parent = None

    @factory.post_generation
    def derived(self: Division, create: bool, given: Any) -> None:
        if create:
            derive()
            self.refresh_from_db()


class SubdistrictFactory(DivisionFactory):
    """街道."""

    level = Level.SUBDISTRICT
    parent = factory.SubFactory(DivisionFactory)
    code = factory.LazyAttributeSequence(lambda row, n: f"{row.parent.code[:6]}{suffix(n)}000")
    name = factory.Sequence(lambda n: f"甲{n}街道")


class CommunityFactory(DivisionFactory):
    """社区."""

    level = Level.COMMUNITY
    parent = factory.SubFactory(SubdistrictFactory)
    code = factory.LazyAttributeSequence(lambda row, n: f"{row.parent.code[:9]}{suffix(n)}")
    name = factory.Sequence(lambda n: f"乙{n}社区")


class GridFactory(DivisionFactory):
    """网格: `shape=square(120.15, 30.24)` gives it an outline."""

    level = Level.GRID
    parent = factory.SubFactory(CommunityFactory)
    code = factory.LazyAttributeSequence(lambda row, n: f"{row.parent.code}{suffix(n)}")
    name = factory.Sequence(lambda n: f"丙{n}网格")


class BuildingFactory(ModelFactory):
    """楼栋: six floors; `tall=True` has ten, `unmeasured=True` nobody knows."""

    class Meta:
        model = Building

    class Params:
        tall = factory.Trait(floors=10, height_m=29.0)
        unmeasured = factory.Trait(floors=None, height_m=None)

    division = factory.SubFactory(GridFactory)
    code = factory.LazyAttributeSequence(lambda row, n: f"{row.division.code}-{n}")
    name = factory.Sequence(lambda n: f"听荷新苑 {n} 幢")
    address = factory.Sequence(lambda n: f"枕河巷 {n} 号")
    lat = 30.245
    lng = 120.155
    floors = 6
    height_m = 17.4
    use = BuildingUse.RESIDENTIAL


class UnitFactory(ModelFactory):
    """承办单位: a bureau; traits `squad`, `office`, `of_community`, `centre`, `closed`."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    class Params:
        squad = factory.Trait(
            kind=UnitKind.SQUAD, parent=factory.SubFactory("tests.factories.UnitFactory")
        )
        office = factory.Trait(kind=UnitKind.SUBDISTRICT_OFFICE)
        of_community = factory.Trait(
            kind=UnitKind.COMMUNITY,
            parent=factory.SubFactory("tests.factories.UnitFactory", office=True),
        )
        centre = factory.Trait(kind=UnitKind.CENTRE)
        closed = factory.Trait(is_active=False)

    code = factory.Sequence(lambda n: f"U{n}")
    name = factory.Sequence(lambda n: f"丁{n}单位")
    kind = UnitKind.BUREAU
    duty_phone = factory.Sequence(lambda n: f"0571-8701{n % 10000:04d}")

    @factory.post_generation
    def divisions(self: Unit, create: bool, given: Any) -> None:
        if create and given:
            self.divisions.set(given)


class PersonFactory(ModelFactory):
    """人员 with PASSWORD; traits `gone` (disabled) and `superuser`."""

    class Meta:
        model = Person

    class Params:
        gone = factory.Trait(is_active=False)
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    username = factory.Sequence(lambda n: f"person_{n}")
    name = factory.Sequence(lambda n: f"钱{n}")
    email = factory.LazyAttribute(lambda row: f"{row.username}@hubin.example")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


class PostFactory(ModelFactory):
    """岗位: a handler of a unit; traits for the other posts; `left=True` is no longer held."""

    class Meta:
        model = Post

    class Params:
        clerk = factory.Trait(kind=PostKind.UNIT_CLERK)
        head = factory.Trait(kind=PostKind.UNIT_HEAD)
        grid_worker = factory.Trait(
            kind=PostKind.GRID_WORKER, unit=None, division=factory.SubFactory(GridFactory)
        )
        community_lead = factory.Trait(
            kind=PostKind.COMMUNITY_LEAD, unit=None, division=factory.SubFactory(CommunityFactory)
        )
        desk = factory.Trait(
            kind=PostKind.DESK, unit=None, division=factory.SubFactory(SubdistrictFactory)
        )
        shift_leader = factory.Trait(
            kind=PostKind.SHIFT_LEADER, unit=None, division=factory.SubFactory(SubdistrictFactory)
        )
        leader = factory.Trait(
            kind=PostKind.LEADER, unit=None, division=factory.SubFactory(SubdistrictFactory)
        )
        inspector = factory.Trait(
            kind=PostKind.INSPECTOR, unit=None, division=factory.SubFactory(DivisionFactory)
        )
        auditor = factory.Trait(
            kind=PostKind.AUDITOR, unit=None, division=factory.SubFactory(DivisionFactory)
        )
        admin = factory.Trait(
            kind=PostKind.ADMIN, unit=None, division=factory.SubFactory(DivisionFactory)
        )
        left = factory.Trait(is_active=False)

    person = factory.SubFactory(PersonFactory)
    kind = PostKind.HANDLER
    unit = factory.SubFactory(UnitFactory)
    division = None


class WorkCalendarFactory(ModelFactory):
    """工作日历: office, Monday to Friday 8:30–17:30; traits `street7` and `always`."""

    class Meta:
        model = WorkCalendar
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    class Params:
        street7 = factory.Trait(code="street7", slots={day: [(420, 1320)] for day in range(7)})
        always = factory.Trait(code="always", slots={day: [(0, 1440)] for day in range(7)})

    code = "office"
    name = factory.LazyAttribute(lambda row: f"日历 {row.code}")

    @factory.post_generation
    def slots(self: WorkCalendar, create: bool, given: Any) -> None:
        week = given or {day: [(510, 1050)] for day in range(5)}
        CalendarSlot.objects.bulk_create(
            CalendarSlot(calendar=self, weekday=day, opens_min=opens, closes_min=closes)
            for day, slots in week.items()
            for opens, closes in slots
        )
