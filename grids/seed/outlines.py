"""Grids out of community outlines: no overlap, no gap.

Every community is cut into pieces of equal area. Then all lines together are snapped to six
digits and noded, and the faces between them become the grids, so that neighbours share every
vertex and a border point lies on both.
"""

from collections import defaultdict
from collections.abc import Mapping
from math import cos, radians, sin
from typing import Any

import shapely
from shapely import Polygon

SNAP = 1e-6
FAR = 10.0  # degrees: longer than any community


def shares(areas: Mapping[str, float], total: int) -> dict[str, int]:
    """Pieces per community: the same number each, one more for the larger ones."""
    base, more = divmod(total, len(areas))
    by_area = sorted(areas, key=lambda code: (-areas[code], code))
    return {code: base + (place < more) for place, code in enumerate(by_area)}


def split(shape: Any, pieces: int) -> list[Any]:
    """Pieces of equal area by straight cuts across the longer side."""
    if pieces == 1:
        return [shape]
    first = pieces // 2
    left, right = _best_cut(shape, first / pieces)
    return split(left, first) + split(right, pieces - first)


def _best_cut(shape: Any, part: float) -> tuple[Any, Any]:
    """Of all directions in steps of 15 degrees, the one with the shortest cut in one piece."""
    cuts = [_cut(shape, part, radians(15 * step)) for step in range(12)]
    whole = [pair for pair in cuts if all(half.geom_type == "Polygon" for half in pair)]
    return min(whole or cuts, key=lambda pair: pair[0].length + pair[1].length)


def _cut(shape: Any, part: float, angle: float) -> tuple[Any, Any]:
    low, high = -FAR, FAR
    centre = shape.centroid
    for _turn in range(60):
        middle = (low + high) / 2
        if shape.intersection(_half(centre, angle, middle)).area < part * shape.area:
            low = middle
        else:
            high = middle
    half = _half(centre, angle, low)
    return shape.intersection(half), shape.difference(half)


def _half(centre: Any, angle: float, offset: float) -> Polygon:
    """The half plane on the left of a line at `offset` from the centre."""
    across, along = (cos(angle), sin(angle)), (-sin(angle), cos(angle))
    corners = [(offset, -FAR), (offset, FAR), (offset - 3 * FAR, FAR), (offset - 3 * FAR, -FAR)]
    return Polygon(
        (centre.x + a * across[0] + b * along[0], centre.y + a * across[1] + b * along[1])
        for a, b in corners
    )


def grids(communities: Mapping[str, Any], total: int) -> dict[str, Any]:
    """Grid code (community + 3 digits) -> outline, numbered from the north-west."""
    counts = shares({code: shape.area for code, shape in communities.items()}, total)
    pieces: dict[str, Any] = {}
    for code, shape in communities.items():
        parts = sorted(split(shape, counts[code]), key=_from_north_west)
        pieces |= {f"{code}{number:03d}": part for number, part in enumerate(parts, start=1)}
    return _noded(pieces)


def _from_north_west(shape: Any) -> float:
    return float(shape.centroid.x - shape.centroid.y)


def _noded(pieces: Mapping[str, Any]) -> dict[str, Any]:
    codes = list(pieces)
    lines = shapely.union_all([piece.boundary for piece in pieces.values()], grid_size=SNAP)
    faces = shapely.polygonize([lines]).geoms
    tree = shapely.STRtree(list(pieces.values()))
    owned: dict[str, list[Any]] = defaultdict(list)
    for face in faces:
        owned[codes[tree.nearest(face.representative_point())]].append(face)
    return {code: merged(owned[code]) for code in codes}


def merged(shapes: list[Any]) -> Any:
    """One outline for several that share vertices, at six digits."""
    return shapely.transform(shapely.union_all(shapes), lambda xy: xy.round(6))
