"""Places, units and calendars as tables."""

from datetime import date

import pytest
from django.db import IntegrityError

from grids.models import BuildingUse, CalendarSlot, Division
from grids.territory import derive
from tests.factories import (
    BuildingFactory,
    CommunityFactory,
    GridFactory,
    SubdistrictFactory,
    WorkCalendarFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("floors", "height", "use", "is_high"),
    [
        (9, None, BuildingUse.RESIDENTIAL, False),
        (10, None, BuildingUse.RESIDENTIAL, True),
        (None, None, BuildingUse.RESIDENTIAL, None),
        (None, 27.0, BuildingUse.RESIDENTIAL, False),
        (None, 27.1, BuildingUse.RESIDENTIAL, True),
        (7, 24.0, BuildingUse.OFFICE, False),
        (7, 24.1, BuildingUse.OFFICE, True),
        (10, 20.0, BuildingUse.OFFICE, True),
    ],
)
def test_high_rise_begins_at_ten_floors_or_by_height(
    floors: int | None, height: float | None, use: str, is_high: bool | None
) -> None:
    building = BuildingFactory.build(
        division=None, code="B", floors=floors, height_m=height, use=use
    )
    assert building.is_high_rise is is_high


def test_no_building_has_zero_floors() -> None:
    with pytest.raises(IntegrityError, match="building_floors_positive"):
        BuildingFactory(floors=0)


def test_a_code_is_given_once() -> None:
    grid = GridFactory()
    with pytest.raises(IntegrityError, match="code"):
        Division.objects.create(code=grid.code, name="别名", level=grid.level)


def test_two_communities_may_share_a_name() -> None:
    names = [CommunityFactory(name="兴隆社区").name, CommunityFactory(name="兴隆社区").name]
    assert Division.objects.filter(name="兴隆社区").count() == len(names)


@pytest.mark.parametrize(
    ("day", "is_valid"),
    [(date(2021, 3, 31), False), (date(2021, 4, 1), True), (date(2026, 1, 1), False)],
)
def test_a_code_is_in_force_from_its_first_day_to_before_its_last(
    day: date, is_valid: bool
) -> None:
    CommunityFactory(valid_from=date(2021, 4, 1), valid_to=date(2026, 1, 1), code="330102003999")
    assert Division.objects.valid_on(day).filter(code="330102003999").exists() is is_valid


def test_the_row_knows_what_lies_above() -> None:
    grid = GridFactory()
    assert grid.ancestors() == [grid.pk, grid.parent_id, grid.subdistrict_id]


def test_moving_a_community_moves_its_grids() -> None:
    grid, street = GridFactory(), SubdistrictFactory()
    Division.objects.filter(pk=grid.parent_id).update(parent=street)
    changed = derive()
    grid.refresh_from_db()
    assert (grid.subdistrict, changed) == (street, {grid.code, grid.parent.code})


@pytest.mark.parametrize(("weekday", "opens", "closes"), [(7, 0, 60), (0, 60, 60), (0, 0, 1441)])
def test_a_slot_lies_within_a_day(weekday: int, opens: int, closes: int) -> None:
    calendar = WorkCalendarFactory()
    slot = CalendarSlot(calendar=calendar, weekday=weekday, opens_min=opens, closes_min=closes)
    with pytest.raises(IntegrityError, match="slot_"):
        slot.save()
