"""What a division may look like, and the columns derived from the tree; no file, no form."""

from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError

from grids.models import Division, Level

ABOVE: dict[str, Level | None] = {
    Level.DISTRICT: None,
    Level.SUBDISTRICT: Level.DISTRICT,
    Level.COMMUNITY: Level.SUBDISTRICT,
    Level.GRID: Level.COMMUNITY,
}


def code_complaint(code: str, level: str) -> str:
    """代码: 12 digits, a grid 15."""
    length = 15 if level == Level.GRID else 12
    if code.isascii() and code.isdigit() and len(code) == length:
        return ""
    return _("应是 12 位数字，网格是 15 位。")


def parent_complaint(level: str, parent_level: str | None) -> str:
    """上级: exactly one level up; a district has none."""
    above = ABOVE[level]
    if parent_level == above:
        return ""
    if above is None:
        return _("区没有上级，请留空。")
    return _("上级应是%(level)s，请改正代码。") % {"level": above.label}


def shape_complaint(geometry: Any) -> str:
    """边界: a valid Polygon or MultiPolygon in degrees, longitude first."""
    try:
        shape = shapely.geometry.shape(geometry)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, ShapelyError):
        return _("边界读不出来，应是 Polygon 或 MultiPolygon。")
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        return _("边界应是不空的 Polygon 或 MultiPolygon。")
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return _("坐标超出范围；应是 WGS-84 度，经度在前，纬度在后。")
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        return _("边界自相交或不闭合 (%(reason)s)，请在制图软件里修复。") % {"reason": reason}
    return ""


def derive() -> set[str]:
    """所属街道、社区: fill the columns that spare walking up the tree; returns codes changed."""
    rows = {row.pk: row for row in Division.objects.defer("shape")}
    changed = []
    for row in rows.values():
        above: dict[str, int] = {}
        step: Division | None = row
        while step is not None:
            above[step.level] = step.pk
            step = rows.get(step.parent_id) if step.parent_id else None
        wanted = (above.get(Level.SUBDISTRICT), above.get(Level.COMMUNITY))
        if wanted != (row.subdistrict_id, row.community_id):
            row.subdistrict_id, row.community_id = wanted
            changed.append(row)
    Division.objects.bulk_update(changed, ["subdistrict", "community"], batch_size=200)
    return {row.code for row in changed}
