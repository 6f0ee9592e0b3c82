"""manage.py load_law: idempotent, all or nothing, names file and line."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from common.errors import Invalid
from grids.models import Unit, UnitKind
from tickets.loading import FOLDER, load_law
from tickets.models import Category, ReasonCode, TimeLimit

BUREAUS = ("CG", "GA", "SJ", "JJ", "XF", "HB", "ZJ", "MZ", "SW", "SW2", "CL", "WJ", "JY", "ZW",
           "SF", "RS")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    """A copy of the seed, and the bureaus its rules name."""
    Unit.objects.bulk_create(
        Unit(code=code, name=code, kind=UnitKind.BUREAU, duty_phone="0571-87000000")
        for code in BUREAUS
    )
    return Path(shutil.copytree(FOLDER, tmp_path / "law"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def test_the_seed_has_twelve_major_and_eighty_five_minor_categories(folder: Path) -> None:
    load_law(folder)
    assert Category.objects.filter(parent=None).count() == 12
    assert Category.objects.exclude(parent=None).count() == 85


def test_a_second_run_changes_nothing(folder: Path) -> None:
    load_law(folder)
    assert set(load_law(folder).values()) == {(0, 0)}


def test_a_changed_row_is_changed_and_nothing_else(folder: Path) -> None:
    load_law(folder)
    edit(folder, "reasons.csv", "属于紧急警情", "属于紧急情况")
    tallies = load_law(folder)
    assert tallies.pop("reasons") == (0, 1)
    assert set(tallies.values()) == {(0, 0)}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("limits.csv", "WORK_HOUR", "FORTNIGHT"),
        ("categories.csv", "street7", "x" * 30),
        ("rules.csv", "LOCAL,CG", "LOCAL,NOBODY"),
        ("limits.csv", ",4,", ",many,"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_loaded(
    folder: Path, name: str, old: str, new: str
) -> None:
    edit(folder, name, old, new)
    with pytest.raises(Invalid, match=rf"{name} 第 \d+ 行"):
        load_law(folder)
    assert not Category.objects.exists()


def test_what_a_row_may_never_say_is_told_in_its_own_words(folder: Path) -> None:
    edit(folder, "limits.csv", ",4,", ",-4,")
    with pytest.raises(Invalid, match=r"limits\.csv 第 \d+ 行：时限要大于 0。"):
        load_law(folder)
    assert not Category.objects.exists()


def test_a_missing_column_is_named(folder: Path) -> None:
    edit(folder, "reasons.csv", "where_to_turn", "where")
    with pytest.raises(Invalid, match="where_to_turn"):
        load_law(folder)


def test_a_missing_file_is_named_by_the_command(folder: Path) -> None:
    (folder / "limits.csv").unlink()
    with pytest.raises(CommandError, match=r"limits\.csv"):
        call_command("load_law", str(folder))


def test_every_minor_category_has_its_limits(folder: Path) -> None:
    load_law(folder)
    for promise in ("ACCEPT", "RESOLVE", "VERIFY"):
        own = TimeLimit.objects.filter(promise=promise, category__isnull=False)
        assert own.count() == 85


def test_every_verb_that_needs_a_reason_has_some(folder: Path) -> None:
    load_law(folder)
    verbs = {"decline", "send_back", "extend", "suspend", "void", "resolve", "rework", "reopen"}
    assert verbs <= set(ReasonCode.objects.values_list("verb", flat=True))


def told(folder: Path) -> str:
    said = StringIO()
    call_command("load_law", str(folder), stdout=said)
    return said.getvalue()


def test_the_command_tells_each_table_by_its_name(folder: Path) -> None:
    assert "类别：新增 97，更新 0" in told(folder)


def test_a_second_run_says_that_nothing_changed(folder: Path) -> None:
    told(folder)
    assert "没有变化" in told(folder)


def test_without_a_district_the_command_names_what_comes_first(folder: Path) -> None:
    Unit.objects.all().delete()
    with pytest.raises(Invalid, match="load_district"):
        load_law(folder)
