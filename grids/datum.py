"""Datums: maps sold in China are shifted; we store WGS-84 and keep the datum that was given.

GCJ-02 (Amap, Tencent) lies some 500 m off, BD-09 (Baidu) is GCJ-02 shifted once more. Only the
way there has a formula; the way back is iterated until it is good to a millimetre.
"""

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, isfinite, pi, sin, sqrt

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.listing import listed

Point = tuple[float, float]

AXIS = 6378245.0  # Krasovsky 1940, as the published GCJ-02 code has it
ECCENTRICITY = 0.00669342162296594323
BD_TURN = pi * 3000 / 180
CLOSE = 1e-8  # degrees: about a millimetre
TURNS = 30


class Datum(StrEnum):
    """坐标系."""

    WGS84 = "WGS84"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


def to_wgs84(lat: float, lng: float, datum: Datum | str) -> Point:
    """转为 WGS-84: the point that the given datum shows at (lat, lng)."""
    require_point(lat, lng)
    return _inverse(_forward(datum), (lat, lng))


def from_wgs84(lat: float, lng: float, datum: Datum | str) -> Point:
    """由 WGS-84 转出: where the given datum shows the point."""
    require_point(lat, lng)
    return _forward(datum)(lat, lng)


def require_point(lat: float, lng: float) -> None:
    """坐标须有效: refuse what is no place on earth."""
    if not (isfinite(lat) and isfinite(lng) and abs(lat) <= 90 and abs(lng) <= 180):
        raise Invalid(
            _("坐标无效：纬度应在 −90 到 90 度之间，经度应在 −180 到 180 度之间。"), field="point"
        )


def _forward(datum: Datum | str) -> Callable[[float, float], Point]:
    try:
        return _FORWARD[Datum(datum)]
    except ValueError:
        sentence = _("坐标系只能是 %(known)s 之一。") % {"known": listed(Datum)}
        raise Invalid(sentence, field="datum") from None


def _inverse(forward: Callable[[float, float], Point], target: Point) -> Point:
    lat, lng = target
    for _turn in range(TURNS):
        seen_lat, seen_lng = forward(lat, lng)
        off_lat, off_lng = seen_lat - target[0], seen_lng - target[1]
        lat, lng = lat - off_lat, lng - off_lng
        if abs(off_lat) < CLOSE and abs(off_lng) < CLOSE:
            break
    return lat, lng


def _same(lat: float, lng: float) -> Point:
    return lat, lng


def _gcj02(lat: float, lng: float) -> Point:
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lng <= 137.8347):
        return lat, lng  # outside China nothing is shifted
    north, east = _shift(lng - 105.0, lat - 35.0)
    turn = lat / 180.0 * pi
    magic = 1 - ECCENTRICITY * sin(turn) ** 2
    root = sqrt(magic)
    north = north * 180.0 / (AXIS * (1 - ECCENTRICITY) / (magic * root) * pi)
    east = east * 180.0 / (AXIS / root * cos(turn) * pi)
    return lat + north, lng + east


def _shift(x: float, y: float) -> Point:
    """Metres (north, east), as published."""
    wave = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + wave
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + wave
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return north, east


def _bd09(lat: float, lng: float) -> Point:
    lat, lng = _gcj02(lat, lng)
    radius = sqrt(lng * lng + lat * lat) + 0.00002 * sin(lat * BD_TURN)
    angle = atan2(lat, lng) + 0.000003 * cos(lng * BD_TURN)
    return radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065


_FORWARD: dict[Datum, Callable[[float, float], Point]] = {
    Datum.WGS84: _same,
    Datum.GCJ02: _gcj02,
    Datum.BD09: _bd09,
}
