"""units.csv: who is responsible, and where."""

from typing import Any

from django.utils.translation import gettext as _

from grids.loading.sheets import Row, Sheet, unique
from grids.loading.upsert import Tally, upsert
from grids.models import Division, Unit, UnitKind
from grids.pinyin import sound

SHEET = Sheet(
    "units.csv", ("code", "name", "kind", "parent", "divisions", "duty_phone"), ("active",)
)


def keyed(rows: list[Row]) -> dict[str, Row]:
    return unique(rows, "code")


def parents(rows: dict[str, Row]) -> dict[str, str]:
    """Code -> code of the parent (or nothing), of the table and the file; the file wins."""
    known = {
        code: parent or "" for code, parent in Unit.objects.values_list("code", "parent__code")
    }
    return known | {code: row.cells["parent"] for code, row in rows.items()}


def check(
    rows: dict[str, Row], known: dict[str, str], levels: dict[str, str]
) -> dict[str, dict[str, Any]]:
    return {code: _values(code, row, known, levels) for code, row in rows.items()}


def _values(code: str, row: Row, known: dict[str, str], levels: dict[str, str]) -> dict[str, Any]:
    row.text("code", 24)
    parent = row.cells["parent"]
    if parent and parent not in known:
        row.wrong("parent", _("没有代码为“%(code)s”的单位，请改正或先加上它。") % {"code": parent})
    elif _is_circle(code, known):
        row.wrong("parent", _("上级单位绕成了一圈，请改正。"))
    divisions = [part.strip() for part in row.cells["divisions"].split("|") if part.strip()]
    for division in divisions:
        if division not in levels:
            row.wrong(
                "divisions",
                _("没有代码为“%(code)s”的区划，请改正或先加上它。") % {"code": division},
            )
    name = row.text("name", 80)
    values: dict[str, Any] = {"name": name, "pinyin": sound(name, 240)}
    values |= {"is_active": row.flag("active")} if row.has("active") else {}
    values |= {"kind": row.choice("kind", UnitKind), "duty_phone": row.text("duty_phone", 20)}
    return values | {"parent": parent, "divisions": divisions}


def _is_circle(code: str, known: dict[str, str]) -> bool:
    step, seen = known.get(code, ""), {code}
    while step and step not in seen:
        seen.add(step)
        step = known.get(step, "")
    return step == code


def write(values: dict[str, dict[str, Any]]) -> Tally:
    tally = Tally(_("单位"))
    plain = {
        code: {name: value for name, value in row.items() if name not in ("parent", "divisions")}
        for code, row in values.items()
    }
    upsert(Unit, "code", plain, tally)
    ids = dict(Unit.objects.values_list("code", "pk"))
    upsert(
        Unit,
        "code",
        {code: {"parent_id": ids.get(row["parent"])} for code, row in values.items()},
        tally,
    )
    _write_divisions(values, tally)
    return tally


def _write_divisions(values: dict[str, dict[str, Any]], tally: Tally) -> None:
    codes = {code for row in values.values() for code in row["divisions"]}
    ids = dict(Division.objects.filter(code__in=codes).values_list("code", "pk"))
    for unit in Unit.objects.filter(code__in=values).prefetch_related("divisions"):
        wanted = {ids[code] for code in values[unit.code]["divisions"]}
        if wanted != {division.pk for division in unit.divisions.all()}:
            unit.divisions.set(wanted)
            tally.changed.add(unit.code)
