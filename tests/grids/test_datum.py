"""Datums there and back."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Invalid
from grids.datum import Datum, from_wgs84, to_wgs84

# corners of the district's published outline: (GCJ-02, WGS-84), latitude first
CORNERS = [
    ((30.257783, 120.188063), (30.260165705918983, 120.18345379703085)),
    ((30.246239, 120.186613), (30.248619990313603, 120.18200049170775)),
    ((30.230548, 120.213307), (30.232974437286586, 120.2087683521785)),
    ((30.205626, 120.177628), (30.207992838886057, 120.17299207687472)),
]
METRES = 111_195.0
CENTIMETRE = 0.01
in_china = st.tuples(st.floats(20, 50), st.floats(80, 130))


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points close together."""
    east = (one[1] - other[1]) * cos(radians(one[0]))
    return METRES * hypot(one[0] - other[0], east)


@pytest.mark.parametrize(("gcj02", "wgs84"), CORNERS)
def test_amap_points_come_back_to_where_they_are(
    gcj02: tuple[float, float], wgs84: tuple[float, float]
) -> None:
    assert apart(to_wgs84(*gcj02, Datum.GCJ02), wgs84) < CENTIMETRE


@pytest.mark.parametrize(("gcj02", "wgs84"), CORNERS)
def test_the_shift_here_is_half_a_kilometre(
    gcj02: tuple[float, float], wgs84: tuple[float, float]
) -> None:
    assert 500 < apart(from_wgs84(*wgs84, Datum.GCJ02), wgs84) < 540


def test_baidu_shifts_once_more() -> None:
    gcj02 = from_wgs84(30.25, 120.16, Datum.GCJ02)
    bd09 = from_wgs84(30.25, 120.16, Datum.BD09)
    assert 800 < apart(bd09, gcj02) < 1000


@given(in_china, st.sampled_from(Datum))
def test_there_and_back_is_good_to_a_centimetre(point: tuple[float, float], datum: Datum) -> None:
    assert apart(to_wgs84(*from_wgs84(*point, datum), datum), point) < CENTIMETRE


def test_wgs84_stays_as_it_is() -> None:
    assert to_wgs84(30.25, 120.16, "WGS84") == (30.25, 120.16)


def test_outside_china_nothing_is_shifted() -> None:
    assert to_wgs84(48.85, 2.35, Datum.GCJ02) == (48.85, 2.35)


def test_an_unknown_datum_is_refused() -> None:
    with pytest.raises(Invalid, match="WGS84、GCJ02、BD09") as refusal:
        to_wgs84(30.25, 120.16, "XIAN80")
    assert refusal.value.field == "datum"


@pytest.mark.parametrize("lat", [float("inf"), float("nan"), 90.5])
def test_a_point_nowhere_is_refused(lat: float) -> None:
    with pytest.raises(Invalid) as refusal:
        to_wgs84(lat, 120.16, Datum.BD09)
    assert refusal.value.field == "point"
