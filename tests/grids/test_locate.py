"""Point to grid."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from common import law
from common.errors import Invalid
from grids.loading import load_district
from grids.locate import _load, locate
from grids.models import Division
from tests.factories import GridFactory, square
from tests.grids.conftest import SIDE, SOUTH, WEST

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
EAST_GRID, WEST_GRID = "330102003051002", "330102003051001"


@pytest.fixture(autouse=True)
def _district(folder: Path) -> None:
    load_district(folder)


def code_at(lat: float, lng: float) -> str:
    return Division.objects.get(pk=locate(lat, lng, at=AT).division_id).code


@pytest.mark.parametrize(("east", "code"), [(0.5, WEST_GRID), (1.5, EAST_GRID)])
def test_a_point_belongs_to_the_grid_that_covers_it(east: float, code: str) -> None:
    assert code_at(SOUTH + SIDE / 2, WEST + east * SIDE) == code


def test_what_lies_above_the_grid_is_told_too() -> None:
    found = locate(SOUTH + SIDE / 2, WEST + SIDE / 2, at=AT)
    above = Division.objects.filter(pk__in=[found.community_id, found.subdistrict_id])
    assert [row.code for row in above] == ["330102003000", "330102003051"]


@pytest.mark.parametrize(
    ("north", "east"), [(0, 0), (1, 0), (0, 2), (1, 2), (0.5, 0), (0.5, 2), (0, 0.5), (1, 1.5)]
)
def test_the_outer_border_is_inside(north: float, east: float) -> None:
    assert not locate(SOUTH + north * SIDE, WEST + east * SIDE, at=AT).is_outside


def test_a_common_border_goes_to_the_lower_code() -> None:
    assert code_at(SOUTH + SIDE / 2, WEST + SIDE) == WEST_GRID


def test_a_point_outside_goes_to_the_nearest_with_a_flag() -> None:
    found = locate(SOUTH + SIDE / 2, WEST + 3 * SIDE, at=AT)
    east = Division.objects.get(code=EAST_GRID)
    assert (found.division_id, found.is_outside) == (east.pk, True)


def test_nearest_means_metres_not_degrees() -> None:
    farther_in_degrees = square(WEST + 2.6 * SIDE, SOUTH + 1.5 * SIDE, SIDE)
    GridFactory(code="330102003051003", shape=farther_in_degrees)
    assert code_at(SOUTH + 2 * SIDE, WEST + 1.5 * SIDE) == "330102003051003"


def test_a_crack_between_outlines_is_not_outside() -> None:
    crack = 5e-7
    GridFactory(code="330102003051003", shape=square(WEST + 2 * SIDE + crack, SOUTH, SIDE))
    assert not locate(SOUTH + SIDE / 2, WEST + 2 * SIDE + crack / 2, at=AT).is_outside


@pytest.mark.parametrize(
    ("lat", "lng"),
    [(91, 0), (-90.1, 0), (0, 180.1), (float("nan"), 120), (30, float("inf"))],
)
def test_what_is_no_place_on_earth_is_refused(lat: float, lng: float) -> None:
    with pytest.raises(Invalid) as refusal:
        locate(lat, lng, at=AT)
    assert refusal.value.field == "point"


def test_without_outlines_the_refusal_says_what_to_do() -> None:
    Division.objects.update(shape=None)
    with pytest.raises(Invalid, match="载入区划"):
        locate(SOUTH, WEST, at=AT)


def test_a_grid_that_has_ended_takes_no_points() -> None:
    Division.objects.filter(code=WEST_GRID).update(valid_to=TODAY)
    assert locate(SOUTH + SIDE / 2, WEST + SIDE / 2, at=AT).is_outside


def test_a_grid_that_begins_tomorrow_takes_no_points() -> None:
    tomorrow = TODAY + timedelta(days=1)
    Division.objects.filter(code=EAST_GRID).update(valid_from=tomorrow)
    assert code_at(SOUTH + SIDE / 2, WEST + 1.5 * SIDE) == WEST_GRID


@pytest.mark.django_db(transaction=True)
def test_a_look_up_asks_no_database(
    law_cache: law.LawCache, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    locate(SOUTH, WEST, at=AT)
    with django_assert_num_queries(0):
        locate(SOUTH + SIDE / 3, WEST + SIDE, at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_changed_outline_is_noticed(law_cache: law.LawCache, folder: Path) -> None:
    before = code_at(SOUTH + SIDE / 2, WEST + SIDE / 2)
    text = (folder / "shapes.geojson").read_text(encoding="utf-8")
    swapped = text.replace(WEST_GRID, "x").replace(EAST_GRID, WEST_GRID).replace("x", EAST_GRID)
    (folder / "shapes.geojson").write_text(swapped, encoding="utf-8")
    load_district(folder)
    assert (before, code_at(SOUTH + SIDE / 2, WEST + SIDE / 2)) == (WEST_GRID, EAST_GRID)


def test_the_tree_follows_the_date() -> None:
    last, first = date(2026, 3, 1), date(2026, 3, 2)
    Division.objects.filter(code=WEST_GRID).update(valid_to=first)
    index = _load()
    found = [index.find(SOUTH + SIDE / 2, WEST + SIDE / 2, day) for day in (last, first)]
    assert [spot.is_outside for spot in found if spot] == [False, True]
