"""A tiny district of its own: one street, one community, two grids side by side."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import hypothesis
import pytest

from common import law
from tests.factories import square

# a busy machine is slow, not wrong
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

WEST, SOUTH, SIDE = 120.15, 30.24, 0.01
FILES = {
    "divisions.csv": """\
code,name,level,parent,valid_from,valid_to,successor
330102000000,上城区,DISTRICT,,,,
330102003000,湖滨街道,SUBDISTRICT,330102000000,,,
330102003051,甲社区,COMMUNITY,330102003000,,,
330102003051001,甲社区第一网格,GRID,330102003051,,,
330102003051002,甲社区第二网格,GRID,330102003051,,,
""",
    "units.csv": """\
code,name,kind,parent,divisions,duty_phone
CG,城市管理局,BUREAU,,,0571-87000001
CG-003,湖滨中队,SQUAD,CG,330102003000|330102003051,0571-87000002
""",
    "buildings.csv": """\
code,name,address,division,lat,lng,floors,height_m,use
B1,听荷新苑 1 幢,枕河巷 1 号,330102003051001,30.245,120.155,9,27.5,MIXED
B2,听荷新苑 2 幢,枕河巷 2 号,330102003051002,30.245,120.165,,,RESIDENTIAL
""",
    "people.csv": """\
username,name,email
worker,钱安,worker@hubin.example
clerk,孙柏,
""",
    "posts.csv": """\
username,kind,unit,division
worker,GRID_WORKER,,330102003051001
clerk,UNIT_CLERK,CG-003,
""",
    "calendars.csv": """\
code,name,weekday,opens,closes
office,机关,0,8:30,12:00
office,机关,0,13:30,17:30
always,全天候,6,0:00,24:00
""",
}


def write_shapes(folder: Path, shapes: Mapping[str, object]) -> None:
    features = [
        {"type": "Feature", "properties": {"code": code, "synthetic": True}, "geometry": shape}
        for code, shape in shapes.items()
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "shapes.geojson").write_text(json.dumps(collection), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the tiny district."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    shapes = {
        "330102003051001": square(WEST, SOUTH, SIDE),
        "330102003051002": square(WEST + SIDE, SOUTH, SIDE),
    }
    write_shapes(tmp_path, shapes)
    return tmp_path


@pytest.fixture
def law_cache(stamps_only: None) -> Iterator[law.LawCache]:
    """The cache as in production, empty before and after."""
    law.cache.clear()
    yield law.cache
    law.cache.clear()
