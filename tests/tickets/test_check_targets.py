"""Our arithmetic beside the dates another house promised (invented rows; no database)."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.tickets.importing import FIXTURES

PROFILE, ROWS = FIXTURES / "promised.toml", FIXTURES / "promised.csv"
Change = Callable[[str, str], Path]


def told(path: Path = ROWS, profile: Path = PROFILE, **options: int) -> str:
    said = StringIO()
    call_command("check_targets", str(path), profile=str(profile), stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def profile(tmp_path: Path) -> Change:
    """The profile with something else in one place."""

    def changed(old: str, new: str) -> Path:
        text = PROFILE.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "changed.toml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return changed


def test_rows_opened_while_the_house_is_open_are_judged() -> None:
    assert "对照 8 行，相差不超过 60 秒的 8 行（100.00%）。" in told()


def test_rows_of_other_hours_are_told_apart() -> None:
    assert "其他时间开单的 3 行里对上 2 行（不计入）。" in told()


def test_only_the_first_rows() -> None:
    assert "对照 2 行" in told(limit=2)


def test_another_cut_off_is_found_out(profile: Change) -> None:
    found = told(profile=profile('cut_off = "17:00"', 'cut_off = "18:00"'))
    assert "其他时间开单的 3 行里对上 1 行" in found


def test_too_many_misses_end_with_the_worst_and_a_sentence(profile: Change) -> None:
    said = StringIO()
    strict = profile("lamp = 5", "lamp = 4")
    with pytest.raises(CommandError, match="对上的不到 99%"):
        call_command("check_targets", str(ROWS), profile=str(strict), stdout=said)
    assert "对照 8 行，相差不超过 60 秒的 6 行（75.00%）。" in said.getvalue()
    assert (
        "第 8 行 lamp：开单 2026-03-13 14:00:00，对方 2026-03-20 14:00:00，"
        "我们 2026-03-19 14:00:00。" in said.getvalue()
    )


def test_rows_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    more = "14,odd,bench,yesterday,2026-03-04 09:15:00\n15,short\n"
    path.write_text(ROWS.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert "读不出的行：2。" in told(path)


def test_nothing_to_compare_is_no_success(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text("nr,what,kind,opened,promised\n1,a,tree,,\n", encoding="utf-8")
    with pytest.raises(CommandError, match="没有可以对照的行"):
        told(path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text("nr,what,kind,opened\n1,a,tree,\n", encoding="utf-8")
    with pytest.raises(CommandError, match="缺少列：promised"):
        told(path)


def test_a_profile_without_targets_is_refused() -> None:
    with pytest.raises(CommandError, match=r"complaints.*缺少 'targets'"):
        call_command("check_targets", str(ROWS), profile="complaints")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('slots = "00:00-24:00"', 'slots = "24:00-00:00"', "slots 要写成"),
        ("weekdays = [1, 2, 3, 4, 5]", "weekdays = []", "weekdays 至少要有一天"),
        ("weekdays = [1, 2, 3, 4, 5]", "weekdays = [8]", "weekday 7"),
        ('day_start = "08:30"', "", "a cut-off needs a day start"),
        ('cut_off = "17:00"', 'cut_off = "late"', "Invalid isoformat"),
        ('opened = "08:00-17:00"', 'opened = "all day"', "opened 要写成"),
        ("bench = 2", "bench = -2", "zero or more"),
        ("bench = 2", 'bench = "two"', "work_days 要写天数"),
        ("bench = 2\nlamp = 5", "", "work_days 至少要有一类"),
        ("seconds = 60", "minutes = 1", "不认识 minutes"),
        ('column = "promised"', "", "缺少 'column'"),
        ("[targets.work_days]\nbench = 2\nlamp = 5", "work_days = 2", "has no attribute"),
    ],
)
def test_rules_that_make_no_sense_are_refused(
    profile: Change, old: str, new: str, why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        told(profile=profile(old, new))


def test_the_profile_of_boston_has_its_rules(tmp_path: Path) -> None:
    path = tmp_path / "boston.csv"
    path.write_text(
        "case_enquiry_id,open_dt,target_dt,closed_dt,case_title,reason,type,location,latitude,"
        "longitude,source\n1,2011-07-01 08:05:00,2011-07-05 08:05:00,,Sofa,Sanitation,"
        "Schedule a Bulk Item Pickup,1 Main,42.27,-71.07,App\n",
        encoding="utf-8",
    )
    said = StringIO()
    call_command("check_targets", str(path), profile="boston311", stdout=said)
    assert "对照 1 行，相差不超过 60 秒的 1 行" in said.getvalue()
