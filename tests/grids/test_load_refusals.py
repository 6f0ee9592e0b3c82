"""A folder with faults: every fault is told with its place, and nothing is loaded."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from grids.loading import Unloadable, load_district
from grids.models import Division, Unit
from tests.factories import square
from tests.grids.conftest import write_shapes
from tests.grids.test_load_district import rewrite

pytestmark = pytest.mark.django_db


def faults(folder: Path) -> list[tuple[str, int | None, str]]:
    """Places of all faults."""
    with pytest.raises(Unloadable) as refusal:
        load_district(folder)
    return [(fault.file, fault.line, fault.column) for fault in refusal.value.problems]


FAULTS = [
    ("divisions.csv", "330102003051,甲", "33010200305,甲", 4, "code"),
    ("divisions.csv", "湖滨街道,SUBDISTRICT", "湖滨街道,STREET", 3, "level"),
    ("divisions.csv", "第二网格,GRID,330102003051", "第二网格,GRID,330102003000", 6, "parent"),
    ("divisions.csv", "第二网格,GRID,330102003051", "第二网格,GRID,330102003099", 6, "parent"),
    ("divisions.csv", "DISTRICT,,,,", "DISTRICT,330102003000,,,", 2, "parent"),
    ("divisions.csv", "330102003051002", "330102003051001", 6, "code"),
    ("divisions.csv", "甲社区第一网格", "", 5, "name"),
    ("divisions.csv", "甲社区第一网格", "格" * 61, 5, "name"),
    ("divisions.csv", "甲社区第一网格", "格\x07", 5, "name"),
    ("divisions.csv", "330102000000,,,\n", "330102000000,2026-13-01,,\n", 3, "valid_from"),
    ("divisions.csv", "330102000000,,,\n", "330102000000,2026-2-1,,\n", 3, "valid_from"),
    (
        "divisions.csv",
        "330102000000,,,\n",
        "330102000000,2026-02-01,2026-02-01,\n",
        3,
        "valid_to",
    ),
    ("divisions.csv", "330102000000,,,\n", "330102000000,,,330102003000\n", 3, "successor"),
    ("divisions.csv", "code,name", "code,title", 1, "name"),
    ("buildings.csv", "330102003051001,30", "330102003051,30", 2, "division"),
    ("buildings.csv", "30.245,120.155", "120.155,30.245", 2, "lat"),
    ("buildings.csv", "30.245,120.155", ",120.155", 2, "lat"),
    ("buildings.csv", ",9,27.5", ",0,27.5", 2, "floors"),
    ("buildings.csv", ",9,27.5", ",9.5,27.5", 2, "floors"),
    ("buildings.csv", ",9,27.5", ",9,high", 2, "height_m"),
    ("buildings.csv", "MIXED", "mixed", 2, "use"),
    ("units.csv", "SQUAD,CG,", "SQUAD,XX,", 3, "parent"),
    ("units.csv", "BUREAU,,", "BUREAU,CG-003,", 2, "parent"),
    ("units.csv", "330102003000|", "330102999000|", 3, "divisions"),
    ("units.csv", "0571-87000001", "", 2, "duty_phone"),
    ("units.csv", "BUREAU", "AGENCY", 2, "kind"),
    ("people.csv", "worker@hubin.example", "worker", 2, "email"),
    ("people.csv", "clerk,孙", "孙 柏,孙", 3, "username"),
    ("posts.csv", "worker,GRID", "nobody,GRID", 2, "username"),
    ("posts.csv", "UNIT_CLERK", "CLERK", 3, "kind"),
    ("posts.csv", "CG-003,", "CG-009,", 3, "unit"),
    ("posts.csv", "CG-003,", ",330102003000", 3, "division"),
    ("posts.csv", "CG-003,", "CG-003,330102003000", 3, "division"),
    ("posts.csv", ",,330102003051001", ",,330102003051", 2, "division"),
    ("calendars.csv", "12:00", "25:00", 2, "closes"),
    ("calendars.csv", "8:30", "12:30", 2, "closes"),
    ("calendars.csv", "13:30", "11:30", 3, "opens"),
    ("calendars.csv", "全天候,6", "全天候,7", 4, "weekday"),
    ("calendars.csv", "机关,0,13", "单位,0,13", 3, "name"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "column"), FAULTS)
def test_a_fault_is_told_with_its_place(
    folder: Path, file: str, old: str, new: str, line: int, column: str
) -> None:
    rewrite(folder, file, old, new)
    assert (file, line, column) in faults(folder)


def test_nothing_is_loaded_when_anything_is_wrong(folder: Path) -> None:
    rewrite(folder, "calendars.csv", "12:00", "25:00")
    faults(folder)
    assert (Division.objects.count(), Unit.objects.count()) == (0, 0)


def test_all_faults_are_told_at_once(folder: Path) -> None:
    rewrite(folder, "units.csv", "0571-87000001", "")
    rewrite(folder, "buildings.csv", "MIXED", "mixed")
    rewrite(folder, "buildings.csv", ",9,27.5", ",-9,27.5")
    assert len(faults(folder)) == 3


def test_one_wrong_row_gives_no_followers(folder: Path) -> None:
    rewrite(folder, "divisions.csv", "甲社区,COMMUNITY", ",COMMUNITY")
    assert faults(folder) == [("divisions.csv", 4, "name")]


def test_the_command_says_that_nothing_was_loaded(folder: Path) -> None:
    rewrite(folder, "units.csv", "0571-87000001", "")
    with pytest.raises(CommandError) as refusal:
        call_command("load_district", str(folder))
    assert str(refusal.value).splitlines() == [
        "units.csv 第 2 行 duty_phone 列: 不能为空，请填写。",
        "共 1 处差错；什么也没有载入。",
    ]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有文件夹"):
        call_command("load_district", str(tmp_path / "nowhere"))


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有可载入的文件"):
        call_command("load_district", str(tmp_path))


def test_another_encoding_is_told(folder: Path) -> None:
    path = folder / "units.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert ("units.csv", 2, "") in faults(folder)


def test_a_row_of_another_width_is_told(folder: Path) -> None:
    rewrite(folder, "people.csv", "clerk,孙柏,", "clerk,孙柏")
    assert ("people.csv", 3, "") in faults(folder)


def test_a_broken_quotation_is_told(folder: Path) -> None:
    rewrite(folder, "people.csv", "钱安", '"钱"安')
    assert ("people.csv", None, "") in faults(folder)


def test_an_empty_file_lacks_its_columns(folder: Path) -> None:
    (folder / "people.csv").write_text("", encoding="utf-8")
    columns = [column for file, _line, column in faults(folder) if file == "people.csv"]
    assert columns == ["username", "name", "email"]


def test_an_unknown_column_is_told(folder: Path) -> None:
    rewrite(folder, "people.csv", "username,name,email", "username,name,email,phone")
    assert ("people.csv", 1, "phone") in faults(folder)


def test_a_column_twice_is_told(folder: Path) -> None:
    rewrite(folder, "people.csv", "username,name,email", "username,name,name")
    assert ("people.csv", 1, "name") in faults(folder)


def test_the_same_post_twice_is_told(folder: Path) -> None:
    rewrite(folder, "posts.csv", "clerk,UNIT_CLERK,CG-003,\n", "clerk,UNIT_CLERK,CG-003,\n" * 2)
    assert ("posts.csv", 4, "") in faults(folder)


def test_the_district_of_this_installation_must_be_there(folder: Path, settings: Settings) -> None:
    settings.HUBIN_DISTRICT = "330106000000"
    assert faults(folder) == [("divisions.csv", None, "code")]


BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    ("code", "shape", "said"),
    [
        ("330102003051009", square(120.15, 30.24), "没有这个代码"),
        ("330102003051001", square(30.24, 120.15), "经度在前"),
        ("330102003051001", {"type": "Point", "coordinates": [120, 30]}, "Polygon"),
        ("330102003051001", {"type": "Polygon", "coordinates": []}, "不空"),
        ("330102003051001", {"type": "Polygon", "coordinates": "x"}, "读不出来"),
        ("330102003051001", {"type": "Blob"}, "读不出来"),
        ("330102003051001", None, "读不出来"),
        ("330102003051001", BOW_TIE, "自相交"),
    ],
)
def test_an_outline_that_is_none_is_told(folder: Path, code: str, shape: object, said: str) -> None:
    write_shapes(folder, {code: shape})
    with pytest.raises(Unloadable, match=said):
        load_district(folder)


@pytest.mark.parametrize("text", ["{", "[]", '{"features": [{}]}', '{"features": 7}', "null"])
def test_a_file_that_is_no_geojson_is_told(folder: Path, text: str) -> None:
    (folder / "shapes.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(Unloadable, match="FeatureCollection"):
        load_district(folder)


def test_the_same_outline_twice_is_told(folder: Path) -> None:
    path = folder / "shapes.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    collection["features"] *= 2
    path.write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(Unloadable, match="两次"):
        load_district(folder)
