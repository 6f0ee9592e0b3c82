"""buildings.csv: floors, height and use."""

from typing import Any

from django.utils.translation import gettext as _

from grids.loading.sheets import Row, Sheet, unique
from grids.loading.upsert import Tally, upsert
from grids.models import Building, BuildingUse, Division, Level

SHEET = Sheet(
    "buildings.csv",
    ("code", "name", "address", "division", "lat", "lng", "floors", "height_m", "use"),
)


def check(rows: list[Row], levels: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {code: _values(row, levels) for code, row in unique(rows, "code").items()}


def _values(row: Row, levels: dict[str, str]) -> dict[str, Any]:
    row.text("code", 24)
    if levels.get(row.cells["division"]) != Level.GRID:
        row.wrong("division", _("没有这个代码的网格，请改正或先加上它。"))
    point = {"lat": row.number("lat", -90, 90), "lng": row.number("lng", -180, 180)}
    for column, value in point.items():
        if value is None and not row.cells[column]:
            row.wrong(column, _("不能为空，请填 WGS-84 度。"))
    floors = row.number("floors", 1, 200)
    if floors is not None and floors != int(floors):
        row.wrong("floors", _("应是整数；不详请留空。"))
    return {
        "name": row.text("name", 80),
        "address": row.text("address", 160),
        "division": row.cells["division"],
        **point,
        "floors": None if floors is None else int(floors),
        "height_m": row.number("height_m", 1, 1000),
        "use": row.choice("use", BuildingUse),
    }


def write(values: dict[str, dict[str, Any]]) -> Tally:
    tally = Tally(_("楼栋"))
    grids = dict(Division.objects.filter(level=Level.GRID).values_list("code", "pk"))
    wanted = {
        code: {name: value for name, value in row.items() if name != "division"}
        | {"division_id": grids[row["division"]]}
        for code, row in values.items()
    }
    upsert(Building, "code", wanted, tally)
    return tally
