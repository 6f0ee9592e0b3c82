"""divisions.csv and shapes.geojson: where."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from grids.loading.sheets import Problem, Row, Sheet, decode, unique
from grids.loading.upsert import Tally, upsert
from grids.models import Division, Level
from grids.pinyin import sound
from grids.territory import code_complaint, derive, parent_complaint, shape_complaint

SHEET = Sheet(
    "divisions.csv",
    ("code", "name", "level", "parent"),
    ("valid_from", "valid_to", "successor"),
)
SHAPES = "shapes.geojson"


@dataclass(frozen=True)
class Shape:
    """边界: one outline as it stands in the file."""

    geometry: dict[str, Any]
    is_synthetic: bool


def levels(rows: dict[str, Row]) -> dict[str, str]:
    """Code -> level of what is in the table and in the file; the file wins."""
    known = dict(Division.objects.values_list("code", "level"))
    return known | {code: row.cells["level"] for code, row in rows.items()}


def keyed(rows: list[Row]) -> dict[str, Row]:
    return unique(rows, "code")


def check(rows: dict[str, Row], known: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Values by code; `parent` and `successor` still as codes."""
    return {code: _values(code, row, known) for code, row in rows.items()}


def _values(code: str, row: Row, known: dict[str, str]) -> dict[str, Any]:
    level = row.choice("level", Level)
    parent = row.cells["parent"]
    if complaint := code_complaint(code, level):
        row.wrong("code", complaint)
    if parent and parent not in known:
        row.wrong("parent", _("没有代码为“%(code)s”的区划，请改正或先加上它。") % {"code": parent})
    elif level in Level.values and (complaint := parent_complaint(level, known.get(parent))):
        row.wrong("parent", complaint)
    name = row.text("name", 60)
    values: dict[str, Any] = {"name": name, "pinyin": sound(name, 200), "level": level}
    begins, ends = row.period()
    values |= {"parent": parent}
    values |= {"valid_from": begins} if row.has("valid_from") else {}
    values |= {"valid_to": ends} if row.has("valid_to") else {}
    if row.has("successor"):
        values["successor"] = successor = row.cells["successor"]
        if successor and (successor == code or successor not in known):
            row.wrong("successor", _("没有这个代码的其他区划，请改正或先加上它。"))
    return values


def check_own_district(known: dict[str, str], problems: list[Problem]) -> None:
    """One installation serves one district: it must be there."""
    code = settings.HUBIN_DISTRICT
    if known.get(code) != Level.DISTRICT:
        problems.append(
            Problem(
                SHEET.file, None, "code",
                _("没有本系统所服务的区 %(code)s，请加上它，或改正设置 HUBIN_DISTRICT。")
                % {"code": code},
            )
        )  # fmt: skip


def read_shapes(folder: Path, known: dict[str, str], problems: list[Problem]) -> dict[str, Shape]:
    path = folder / SHAPES
    if not path.is_file():
        return {}
    text = decode(path, problems)
    try:
        features = json.loads(text or '{"features": []}')["features"]
        pairs = [(feature["properties"], feature["geometry"]) for feature in features]
        codes = [(str(properties["code"]), properties, shape) for properties, shape in pairs]
    except (ValueError, KeyError, TypeError):
        sentence = _("应是 GeoJSON 的 FeatureCollection，每个要素有 properties.code 和 geometry。")
        problems.append(Problem(SHAPES, None, "", sentence))
        return {}
    shapes: dict[str, Shape] = {}
    for number, (code, properties, geometry) in enumerate(codes, start=1):
        complaint = _shape_complaint(code, geometry, known, shapes)
        if complaint:
            place = _("第 %(number)s 个要素 (%(code)s)") % {"number": number, "code": code}
            problems.append(Problem(SHAPES, None, "", f"{place}: {complaint}"))
        else:
            shapes[code] = Shape(geometry, bool(properties.get("synthetic")))
    return shapes


def _shape_complaint(
    code: str, geometry: dict[str, Any], known: dict[str, str], seen: dict[str, Shape]
) -> str:
    if code not in known:
        return _("没有这个代码的区划，请改正或先加上它。")
    if code in seen:
        return _("这个代码的边界出现了两次，请删去其一。")
    return shape_complaint(geometry)


def write(values: dict[str, dict[str, Any]], shapes: dict[str, Shape]) -> Tally:
    """Level by level, so that a parent is there before its children."""
    tally = Tally(_("区划"))
    ids = dict(Division.objects.values_list("code", "pk"))
    for level in Level:
        rows = {
            code: _plain(row) | {"parent_id": ids.get(row["parent"])}
            for code, row in values.items()
            if row["level"] == level
        }
        ids |= upsert(Division, "code", rows, tally)
    successors = {
        code: {"successor_id": ids.get(row["successor"])}
        for code, row in values.items()
        if "successor" in row
    }
    upsert(Division, "code", successors, tally)
    outlines = {
        code: {"shape": shape.geometry, "is_synthetic": shape.is_synthetic}
        for code, shape in shapes.items()
    }
    upsert(Division, "code", outlines, tally)
    tally.changed |= derive()
    return tally


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("parent", "successor")}
