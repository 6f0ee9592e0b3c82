"""Point to grid, in memory.

An STR tree over the grids in force, built once per process and again when the stamp of the
divisions rises or the local date changes. A look-up touches no database (the stamp is looked at
once a second).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import cos, radians
from typing import Any

import shapely
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid
from common.law import cache
from grids.datum import require_point
from grids.models import Division, Level

STAMP = Division.STAMP
# about 10 cm: where two outlines were digitised apart, a point in the crack is not outside
CRACK = 1e-6


@dataclass(frozen=True, slots=True)
class Located:
    """所在: the grid of a point and what lies above it."""

    division_id: int
    community_id: int | None
    subdistrict_id: int | None
    is_outside: bool


@dataclass(frozen=True, slots=True)
class _Grid:
    id: int
    community_id: int | None
    subdistrict_id: int | None
    valid_from: date | None
    valid_to: date | None
    shape: Any

    def is_valid(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


class _Index:
    """All grids with an outline, and the tree of those in force on one day."""

    def __init__(self, grids: Sequence[_Grid]) -> None:
        self._all = grids
        self._built: tuple[date, list[_Grid], Any] | None = None
        # a degree of longitude is shorter than one of latitude: squeezed, distances compare
        self._squeeze = 1.0
        if grids:
            _, south, _, north = shapely.total_bounds([grid.shape for grid in grids])
            self._squeeze = cos(radians((south + north) / 2))

    def find(self, lat: float, lng: float, day: date) -> Located | None:
        built = self._built
        if built is None or built[0] != day:
            built = self._built = self._build(day)
        _, grids, tree = built
        if not grids:
            return None
        point = shapely.Point(lng * self._squeeze, lat)
        hits = tree.query(point, predicate="covered_by")
        if len(hits):
            return self._located(grids[hits.min()], is_outside=False)
        nearest = tree.nearest(point)
        is_outside = not shapely.dwithin(tree.geometries[nearest], point, CRACK)
        return self._located(grids[nearest], is_outside=is_outside)

    def _build(self, day: date) -> tuple[date, list[_Grid], Any]:
        grids = [grid for grid in self._all if grid.is_valid(day)]
        shapes = [
            shapely.transform(grid.shape, lambda xy: xy * [self._squeeze, 1.0]) for grid in grids
        ]
        shapely.prepare(shapes)
        return day, grids, shapely.STRtree(shapes)

    @staticmethod
    def _located(grid: _Grid, *, is_outside: bool) -> Located:
        return Located(grid.id, grid.community_id, grid.subdistrict_id, is_outside)


def locate(lat: float, lng: float, *, at: datetime) -> Located:
    """定位: the grid that covers the point, border included; outside all, the nearest one.

    On a common border the grid with the lower code wins, so that the answer is always the same.
    """
    require_point(lat, lng)
    found = cache.get(STAMP, _load).find(lat, lng, clock.local(at).date())
    if found is None:
        raise Invalid(_("还没有带边界的网格，请先载入区划数据。"), field="point")
    return found


def _load() -> _Index:
    rows = Division.objects.filter(level=Level.GRID).exclude(shape=None).order_by("code")
    return _Index(
        [
            _Grid(
                row.pk, row.community_id, row.subdistrict_id, row.valid_from, row.valid_to,
                shapely.geometry.shape(row.shape),
            )
            for row in rows
        ]
    )  # fmt: skip
