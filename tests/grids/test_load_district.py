"""A folder becomes the district."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from common.models import LawStamp
from grids import calendars
from grids.loading import SHEETS, load_district
from grids.loading.sheets import Sheet
from grids.models import Building, Division, Person, Post, Unit
from tests.races import race

pytestmark = pytest.mark.django_db


def load(folder: Path) -> str:
    out = StringIO()
    call_command("load_district", str(folder), stdout=out)
    return out.getvalue()


def rewrite(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_table_is_filled(folder: Path) -> None:
    load(folder)
    tables = (Division, Unit, Building, Person, Post)
    assert [table.objects.count() for table in tables] == [5, 2, 2, 2, 2]


def test_the_summary_counts_what_is_new(folder: Path) -> None:
    assert "区划：新增 5，更新 0，未变 0" in load(folder)


def test_a_second_run_changes_nothing_and_says_so(folder: Path) -> None:
    load(folder)
    said = load(folder)
    assert "没有变化" in said
    assert not re.search(r"(新增|更新) [1-9]", said)


def test_a_second_run_raises_no_stamp(folder: Path) -> None:
    load(folder)
    before = list(LawStamp.objects.values_list("name", "version"))
    load(folder)
    assert list(LawStamp.objects.values_list("name", "version")) == before


def test_every_table_of_rules_gets_its_stamp(folder: Path) -> None:
    load(folder)
    assert set(LawStamp.objects.values_list("name", flat=True)) == {
        "calendars", "divisions", "units",
    }  # fmt: skip


def test_a_grid_knows_its_community_and_street(folder: Path) -> None:
    load(folder)
    grid = Division.objects.get(code="330102003051002")
    above = (grid.parent, grid.community, grid.subdistrict)
    assert [row.code for row in above if row] == ["330102003051"] * 2 + ["330102003000"]


def test_outlines_are_marked_synthetic(folder: Path) -> None:
    load(folder)
    marked = Division.objects.filter(is_synthetic=True).exclude(shape=None)
    assert marked.count() == 2


def test_names_are_found_by_sound(folder: Path) -> None:
    load(folder)
    assert Division.objects.get(code="330102003000").pinyin == "hubinjiedao hbjd"


def test_a_unit_serves_its_divisions(folder: Path) -> None:
    load(folder)
    served = Unit.objects.get(code="CG-003").divisions.values_list("code", flat=True)
    assert list(served) == ["330102003000", "330102003051"]


def test_unknown_floors_stay_unknown(folder: Path) -> None:
    load(folder)
    assert dict(Building.objects.values_list("code", "floors")) == {"B1": 9, "B2": None}


def test_new_people_cannot_log_in(folder: Path) -> None:
    load(folder)
    assert not Person.objects.get(username="worker").has_usable_password()


def test_passwords_are_never_touched(folder: Path) -> None:
    load(folder)
    worker = Person.objects.get(username="worker")
    worker.set_password("long-enough-1")
    worker.save()
    rewrite(folder, "people.csv", "钱安", "钱康")
    load(folder)
    worker.refresh_from_db()
    assert (worker.name, worker.check_password("long-enough-1")) == ("钱康", True)


def test_slots_are_read(folder: Path) -> None:
    load(folder)
    assert calendars.spec("office").slots == {0: ((510, 720), (810, 1050))}


def test_slots_left_out_are_gone(folder: Path) -> None:
    load(folder)
    rewrite(folder, "calendars.csv", "office,机关,0,13:30,17:30\n", "")
    assert "工作日历：新增 0，更新 1，未变 1" in load(folder)
    assert calendars.spec("office").slots == {0: ((510, 720),)}


def test_a_changed_row_is_updated_alone(folder: Path) -> None:
    load(folder)
    rewrite(folder, "units.csv", "0571-87000002", "0571-87000009")
    assert "单位：新增 0，更新 1，未变 1" in load(folder)
    assert Unit.objects.get(code="CG-003").duty_phone == "0571-87000009"


def test_a_row_left_out_is_not_deleted(folder: Path) -> None:
    load(folder)
    rewrite(folder, "buildings.csv", "B2,", "B3,")
    load(folder)
    assert list(Building.objects.values_list("code", flat=True)) == ["B1", "B2", "B3"]


def test_a_code_that_ends_names_its_successor(folder: Path) -> None:
    load(folder)
    old = "330102003051002,甲社区第二网格,GRID,330102003051,,,"
    new = "330102003051003,甲社区第三网格,GRID,330102003051,2026-07-01,,\n"
    rewrite(folder, "divisions.csv", old, old[:-2] + ",2026-07-01,330102003051003\n" + new)
    load(folder)
    ended = Division.objects.get(code="330102003051002")
    assert (str(ended.valid_to), ended.successor and ended.successor.code) == (
        "2026-07-01", "330102003051003",
    )  # fmt: skip


def test_a_folder_may_hold_one_file_only(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    load(folder)
    lone = tmp_path_factory.mktemp("lone")
    (lone / "posts.csv").write_text(
        "username,kind,unit,division,active\nworker,GRID_WORKER,,330102003051001,0\n",
        encoding="utf-8",
    )
    load(lone)
    worker = Post.objects.get(person__username="worker")
    assert (worker.is_active, Division.objects.count()) == (False, 5)


def test_an_optional_column_left_out_is_not_touched(folder: Path) -> None:
    load(folder)
    Person.objects.filter(username="clerk").update(is_active=False)
    load(folder)
    assert not Person.objects.get(username="clerk").is_active


def test_a_byte_order_mark_does_no_harm(folder: Path) -> None:
    path = folder / "units.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    load(folder)
    assert Unit.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_load_once(folder: Path) -> None:
    tallies = race(lambda: load_district(folder), lambda: load_district(folder))
    assert sorted(len(found[1].created) for found in tallies) == [0, 5]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.file)
def test_the_documentation_names_every_column(sheet: Sheet, settings: Settings) -> None:
    text = (settings.BASE_DIR / "docs" / "load_district.md").read_text(encoding="utf-8")
    section = text.split(f"## {sheet.file}")[1].split("\n## ")[0]
    assert [name for name in sheet.required + sheet.optional if name not in section] == []
