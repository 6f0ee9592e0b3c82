"""The script and the files it made agree: nobody edits the files by hand."""

import csv
import json
from pathlib import Path

import pytest
import shapely

from grids.demo import FOLDER
from grids.seed import make_demo


def named(level: str) -> dict[str, str]:
    with (FOLDER / "divisions.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file) if row["level"] == level}


@pytest.mark.parametrize("file", ["units.csv", "people.csv", "posts.csv"])
def test_units_and_people_come_from_the_script(tmp_path: Path, file: str) -> None:
    grids = list(named("GRID"))
    make_demo.write_people(tmp_path, named("SUBDISTRICT"), named("COMMUNITY"), grids)
    assert (tmp_path / file).read_bytes() == (FOLDER / file).read_bytes()


def test_buildings_come_from_the_script(tmp_path: Path) -> None:
    text = (FOLDER / "shapes.geojson").read_text(encoding="utf-8")
    shapes = {
        feature["properties"]["code"]: shapely.geometry.shape(feature["geometry"])
        for feature in json.loads(text)["features"]
    }
    grids = {code: shape for code, shape in shapes.items() if len(code) == 15}
    make_demo.write_buildings(tmp_path, named("SUBDISTRICT"), grids)
    assert (tmp_path / "buildings.csv").read_bytes() == (FOLDER / "buildings.csv").read_bytes()


def test_calendars_come_from_the_script(tmp_path: Path) -> None:
    make_demo.write_calendars(tmp_path)
    assert (tmp_path / "calendars.csv").read_bytes() == (FOLDER / "calendars.csv").read_bytes()
