"""What is wrong with a file or profile is said in one sentence, and nothing is half done."""

import gzip
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from common import clock
from tests.tickets.importing import CLOSED, HEADER, OPEN, SPOTS, Bringer
from tickets.importing.bringing import Tally, bring_table
from tickets.importing.profile import load
from tickets.importing.rejects import Rejects
from tickets.importing.table import Table
from tickets.models import Ticket, TimeLimit

pytestmark = pytest.mark.usefixtures("world")

BROKEN = {
    "no text": ('text = ["what", "more"]', "", "text"),
    "no times": ("[times]", "[time]", "times"),
    "unknown key": ('id = "nr"', 'id = "nr"\ncolour = "red"', "colour"),
    "unknown key in a part": ('lat = "lat"', 'lat = "lat"\nheight = "h"', "height"),
    "not TOML": ('id = "nr"', "id = nr", "line 2"),
    "two identities": ('id = "nr"', 'id = "nr"\nid_from = ["what"]', "id_from"),
    "unknown zone": ("Asia/Shanghai", "Asia/Atlantis", "Asia/Atlantis"),
    "unknown encoding": ('id = "nr"', 'id = "nr"\nencoding = "utf-9"', "utf-9"),
    "half a point": ('lng = "lng"', "", "place.lng"),
    "no time at all": ('reported = "opened"', "", "reported"),
    "spread is no flag": ("spread = true", 'spread = "yes"', "spread"),
    "unknown nature": ("[category]", '[nature]\ndefault = "RANT"\n[category]', "RANT"),
    "unknown datum": ('lat = "lat"', 'lat = "lat"\ndatum = "MARS"', "MARS"),
    "unknown category": ("0103", "9999", "9999"),
    "a major category": ('"0103"', '"01"', "01"),
}


@pytest.fixture
def bringer(tmp_path: Path) -> Bringer:
    return Bringer(tmp_path)


def stop_after_a_batch(path: Path, bringer: Bringer) -> None:
    """What Ctrl-C does between two batches."""

    def step(_tally: Tally) -> None:
        raise KeyboardInterrupt

    table = Table(path, load(str(SPOTS)))
    with Rejects(bringer.rejects, source=path) as rejects:
        bring_table(table, rejects, at=clock.now(), begin=print, step=step)


def test_missing_columns_are_named(bringer: Bringer) -> None:
    path = bringer.table(OPEN, header=HEADER.replace("kind", "type").replace("lat", "y"))
    sentence = bringer.refusal(path)
    assert "lat、kind" in sentence
    assert "type" in sentence


def test_a_column_named_twice_is_refused(bringer: Bringer) -> None:
    path = bringer.table(OPEN, header=HEADER.replace("more", "what"))
    assert "more" in bringer.refusal(path)
    path = bringer.table(OPEN + ",x", header=HEADER + ",what")
    assert "不止一次" in bringer.refusal(path)


def test_another_encoding_is_noticed_before_the_first_row_goes_in(bringer: Bringer) -> None:
    path = bringer.table(*[OPEN.replace("A1", f"A{n}") for n in range(3_000)])
    path.write_bytes(path.read_bytes() + CLOSED.encode("gb18030"))
    assert "utf-8" in bringer.refusal(path)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(bringer: Bringer, content: bytes) -> None:
    path = bringer.folder / "empty.csv"
    path.write_bytes(content)
    assert "是空的" in bringer.refusal(path)


def test_a_gz_that_is_no_gzip_is_refused(bringer: Bringer) -> None:
    path = bringer.table(OPEN, name="rows.csv.gz")
    assert "不是 gzip" in bringer.refusal(path)


def test_a_gzip_cut_short_is_refused_before_the_first_row(bringer: Bringer) -> None:
    rows = "\n".join([HEADER, *(OPEN.replace("A1", f"A{n}") for n in range(3_000))])
    path = bringer.folder / "rows.csv.gz"
    path.write_bytes(gzip.compress(rows.encode())[:-200])
    assert "不是完整的 gzip" in bringer.refusal(path)
    assert not Ticket.objects.exists()


def test_a_file_without_line_ends_is_no_table(bringer: Bringer) -> None:
    path = bringer.folder / "zeros.csv"
    path.write_bytes(b"0" * 2_000_000)
    assert "第一行超过一百万字" in bringer.refusal(path)


def test_a_file_that_cannot_be_read_from_the_beginning_says_so(bringer: Bringer) -> None:
    path = bringer.folder / "rows.csv"
    path.write_bytes(b"nr,caf\xe9\n")
    assert "第 1 行起读不下去" in bringer.refusal(path)


def test_a_missing_file_is_named(bringer: Bringer) -> None:
    path = bringer.folder / "nowhere.csv"
    assert bringer.refusal(path) == f"打不开文件 {path}：没有这个文件，请核对路径。"


def test_a_folder_is_no_table(bringer: Bringer) -> None:
    assert bringer.refusal(bringer.folder).endswith("：这是一个文件夹，请给出其中的文件。")


def test_an_unknown_profile_names_the_known_ones(bringer: Bringer) -> None:
    sentence = bringer.refusal(bringer.table(OPEN), "atlantis")
    assert "boston311、complaints" in sentence


@pytest.mark.parametrize(("old", "new", "named"), BROKEN.values(), ids=BROKEN)
def test_a_broken_profile_says_where(bringer: Bringer, old: str, new: str, named: str) -> None:
    profile = bringer.folder / "broken.toml"
    profile.write_text(SPOTS.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    sentence = bringer.refusal(bringer.table(OPEN), profile)
    assert re.search(rf"“broken”.*{named}", sentence, re.DOTALL)


def test_the_rejects_never_overwrite_the_table(bringer: Bringer) -> None:
    path = bringer.table(OPEN)
    with pytest.raises(CommandError, match="来源文件"):
        call_command("import_tickets", str(path), profile=str(SPOTS), rejects=path)


def test_rejects_that_cannot_be_written_are_said_before(bringer: Bringer) -> None:
    path = bringer.table(OPEN)
    where = bringer.folder / "missing" / "rejects.csv"
    with pytest.raises(CommandError, match="--rejects"):
        call_command("import_tickets", str(path), profile=str(SPOTS), rejects=where)
    assert not Ticket.objects.exists()


def test_without_the_law_nothing_begins(bringer: Bringer) -> None:
    TimeLimit.objects.all().delete()
    assert "load_law" in bringer.refusal(bringer.table(OPEN))


def test_a_stopped_import_goes_on_where_it_was(bringer: Bringer, settings: Settings) -> None:
    settings.HUBIN_LAW_CACHE = True
    path = bringer.table(*(OPEN.replace("A1", f"A{n}") for n in range(250)))
    with pytest.raises(KeyboardInterrupt):
        stop_after_a_batch(path, bringer)
    assert Ticket.objects.count() == 100
    assert "新增 150，已有 100，退回 0" in bringer.bring(path)
