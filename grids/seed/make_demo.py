"""Make the demo district: python -m grids.seed.make_demo --codes CSV --outlines GEOJSON --out DIR

CSV      official statistics codes of streets and communities: level, code, name, parent_code, …
GEOJSON  community outlines with properties.code (those of the demo are invented)
DIR      receives the files that `manage.py load_district` reads

The result is the same on every run and is committed as grids/seed/demo. Codes and names of
streets and communities are official; grids, outlines, buildings, phones and people are invented.
"""

import argparse
import csv
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import shapely

from grids.seed.cast import DISTRICT, cast
from grids.seed.outlines import grids, merged

GRIDS = 260
BUILDINGS = 400
ESTATES = [
    "听荷", "桂雨", "柳浪", "云栖", "望湖", "枕河", "听松", "临泉",
    "竹影", "晴川", "兰亭", "月塘", "芦花", "沁园", "锦澜", "梧桐",
]  # fmt: skip
SUFFIXES = {
    "RESIDENTIAL": "新苑",
    "COMMERCIAL": "商厦",
    "OFFICE": "大楼",
    "MIXED": "公寓",
    "PUBLIC": "文体楼",
}
USES = ["RESIDENTIAL"] * 6 + ["MIXED"] * 2 + ["COMMERCIAL", "OFFICE", "PUBLIC"]
FLOORS = [1, 2, 3, 4, 5, 5, 6, 6, 6, 6, 7, 7, 8, 9, 9, 10, 10, 11, 12, 15, 18, 24, 32, None]
NUMERALS = "一二三四五六七八九"
SLOTS = {
    ("office", "机关工作日"): [
        (day, *slot) for day in range(5) for slot in (("8:30", "12:00"), ("13:30", "17:30"))
    ],
    ("street7", "街面七天"): [(day, "7:00", "22:00") for day in range(7)],
    ("always", "全天候"): [(day, "0:00", "24:00") for day in range(7)],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--codes", type=Path, required=True)
    parser.add_argument("--outlines", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    outlines = read_outlines(chosen.outlines)
    names = read_names(chosen.codes)
    shapes = grids(outlines, GRIDS)
    streets = {code: names[code] for code in sorted({code[:9] + "000" for code in outlines})}
    communities = {code: names[code] for code in outlines}
    write_divisions(chosen.out, names[DISTRICT], streets, communities, list(shapes))
    write_shapes(chosen.out, shapes)
    write_buildings(chosen.out, streets, shapes)
    write_people(chosen.out, streets, communities, list(shapes))
    write_calendars(chosen.out)


def write_calendars(out: Path) -> None:
    slots = [
        (*calendar, *slot, int(calendar[0] == "office"))
        for calendar, week in SLOTS.items()
        for slot in week
    ]
    write(out / "calendars.csv", "code name weekday opens closes observes_holidays", slots)


def read_outlines(path: Path) -> dict[str, Any]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    found = {
        feature["properties"]["code"]: shapely.geometry.shape(feature["geometry"])
        for feature in features
    }
    return dict(sorted(found.items()))


def read_names(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def write(path: Path, header: str, rows: Iterable[Iterable[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


def write_divisions(
    out: Path, district: str, streets: dict[str, str], communities: dict[str, str], codes: list[str]
) -> None:
    rows = [(DISTRICT, district, "DISTRICT", "")]
    rows += [(code, name, "SUBDISTRICT", DISTRICT) for code, name in streets.items()]
    rows += [(code, name, "COMMUNITY", code[:9] + "000") for code, name in communities.items()]
    for code in codes:
        name = f"{communities[code[:12]]}第{NUMERALS[int(code[12:]) - 1]}网格"
        rows.append((code, name, "GRID", code[:12]))
    write(out / "divisions.csv", "code name level parent", rows)


def write_shapes(out: Path, shapes: dict[str, Any]) -> None:
    """Everything above a grid is the union of its grids, so the levels agree to the last digit."""
    every = {DISTRICT: merged(list(shapes.values()))}
    for width, zeros in ((9, "000"), (12, "")):
        for prefix in sorted({code[:width] for code in shapes}):
            parts = [shape for code, shape in shapes.items() if code.startswith(prefix)]
            every[prefix + zeros] = merged(parts)
    every |= shapes
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"code": code, "synthetic": True},
                "geometry": shapely.geometry.mapping(shape),
            }
        )
        for code, shape in every.items()
    ]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    (out / "shapes.geojson").write_text(text, encoding="utf-8")


def write_buildings(out: Path, streets: dict[str, str], shapes: dict[str, Any]) -> None:
    random = Random(54260)
    codes = list(shapes)
    chosen = sorted(codes + random.sample(codes, BUILDINGS - len(codes)))
    rows = []
    for place, code in enumerate(chosen):
        number = 1 + (place > 0 and chosen[place - 1] == code)
        street = streets[code[:9] + "000"]
        rows.append((f"{code}-{number:02d}", *_building(random, street, code, shapes[code])))
    header = "code name address division lat lng floors height_m use"
    write(out / "buildings.csv", header, rows)


def _building(random: Random, street: str, grid: str, shape: Any) -> tuple[Any, ...]:
    use, floors = random.choice(USES), random.choice(FLOORS)
    estate = random.choice(ESTATES)
    name = f"{estate}{SUFFIXES[use]} {random.randint(1, 28)} 幢"
    address = f"{street}{random.choice(ESTATES)}巷 {random.randint(1, 199)} 号"
    storey = 2.9 if use == "RESIDENTIAL" else 3.6
    is_measured = floors is not None and random.random() < 0.8
    height = round(floors * storey, 1) if floors is not None and is_measured else ""
    lat, lng = _inside(random, shape)
    return name, address, grid, lat, lng, floors or "", height, use


def _inside(random: Random, shape: Any) -> tuple[float, float]:
    west, south, east, north = shape.bounds
    while True:
        lng, lat = round(random.uniform(west, east), 6), round(random.uniform(south, north), 6)
        if shape.contains(shapely.Point(lng, lat)):
            return lat, lng


def write_people(
    out: Path, streets: dict[str, str], communities: dict[str, str], codes: list[str]
) -> None:
    made = cast(streets, communities, codes)
    write(out / "units.csv", "code name kind parent divisions duty_phone", made.units)
    write(out / "people.csv", "username name email active", made.people)
    write(out / "posts.csv", "username kind unit division", made.posts)


if __name__ == "__main__":
    main()
