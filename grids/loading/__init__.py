"""load_district: a folder of CSV and GeoJSON files becomes the district (docs/load_district.md)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import law
from grids import calendars as work_calendars
from grids import locate
from grids.loading import buildings, calendars, divisions, people, units
from grids.loading.calendars import Week
from grids.loading.divisions import Shape
from grids.loading.people import PostKey
from grids.loading.sheets import Problem, Unloadable, read
from grids.loading.upsert import Tally
from grids.models import Unit

LOCK = 3301020000  # any number of our own: two loads at once take turns
UNITS_STAMP = Unit.STAMP

__all__ = ["Problem", "Tally", "Unloadable", "load_district"]


SHEETS = (
    calendars.SHEET,
    divisions.SHEET,
    units.SHEET,
    buildings.SHEET,
    people.SHEET,
    people.POSTS,
)


@dataclass
class _Plan:
    """What the folder asks for."""

    calendars: dict[str, Week]
    divisions: dict[str, dict[str, Any]]
    shapes: dict[str, Shape]
    units: dict[str, dict[str, Any]]
    buildings: dict[str, dict[str, Any]]
    people: dict[str, dict[str, Any]]
    posts: dict[PostKey, dict[str, Any]]


def load_district(folder: Path) -> list[Tally]:
    """载入辖区: everything or nothing; what is already right stays untouched.

    A file that is not there leaves its table as it is, and rows that are not in a file are
    never deleted. Raises `Unloadable` with every problem found.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        problems: list[Problem] = []
        plan = _plan(folder, problems)
        if problems:
            problems.sort(key=lambda problem: (problem.file, problem.line or 0))
            raise Unloadable(problems)
        return _write(plan)


def _plan(folder: Path, problems: list[Problem]) -> _Plan:
    files = [sheet.file for sheet in SHEETS] + [divisions.SHAPES]
    if not any((folder / file).is_file() for file in files):
        sentence = _("没有可载入的文件；至少要有其中之一：%(files)s。") % {
            "files": ", ".join(files)
        }
        raise Unloadable([Problem(str(folder), None, "", sentence)])
    rows = {sheet.file: read(folder, sheet, problems) for sheet in SHEETS}
    places = divisions.keyed(rows[divisions.SHEET.file])
    levels = divisions.levels(places)
    offices = units.keyed(rows[units.SHEET.file])
    parents = units.parents(offices)
    named = people.keyed(rows[people.SHEET.file])
    divisions.check_own_district(levels, problems)
    return _Plan(
        calendars.check(rows[calendars.SHEET.file]),
        divisions.check(places, levels),
        divisions.read_shapes(folder, levels, problems),
        units.check(offices, parents, levels),
        buildings.check(rows[buildings.SHEET.file], levels),
        people.check(named),
        people.check_posts(rows[people.POSTS.file], people.usernames(named), parents, levels),
    )


def _write(plan: _Plan) -> list[Tally]:
    stamped = {
        work_calendars.STAMP: calendars.write(plan.calendars),
        locate.STAMP: divisions.write(plan.divisions, plan.shapes),
        UNITS_STAMP: units.write(plan.units),
    }
    for stamp, tally in stamped.items():
        if tally.is_changed:
            law.bump(stamp)
    return [
        *stamped.values(),
        buildings.write(plan.buildings),
        people.write(plan.people),
        people.write_posts(plan.posts),
    ]
