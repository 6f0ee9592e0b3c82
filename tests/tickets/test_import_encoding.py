"""Text files as they come: UTF-8, GB18030, UTF-16, with commas, tabs or semicolons."""

from pathlib import Path

import pytest

from tests.tickets.importing import CLOSED, HEADER, OPEN, SPOTS, Bringer
from tickets.importing.encoding import detect
from tickets.models import Ticket, Words

ROWS = "\n".join([HEADER, OPEN, CLOSED]) + "\n"
RARE = "㐀镕喆囍𠮷"
"""Characters that GBK lacks and GB18030 has."""


@pytest.fixture
def bringer(tmp_path: Path) -> Bringer:
    return Bringer(tmp_path)


def written(bringer: Bringer, content: bytes, name: str = "rows.csv") -> Path:
    path = bringer.folder / name
    path.write_bytes(content)
    return path


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_encoding_is_found_out(bringer: Bringer, encoding: str) -> None:
    assert "新增 2" in bringer.bring(written(bringer, ROWS.encode(encoding)))
    assert Words.objects.filter(text="门口有垃圾\n三天没有人清运").exists()


@pytest.mark.usefixtures("world")
def test_characters_beyond_gbk_are_read(bringer: Bringer) -> None:
    rows = ROWS.replace("门口有垃圾", RARE)
    assert "新增 2" in bringer.bring(written(bringer, rows.encode("gb18030")))
    assert Words.objects.filter(text__startswith=RARE).exists()


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("sign", ["\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_the_delimiter_is_the_one_that_shows_the_columns(
    bringer: Bringer, sign: str, encoding: str
) -> None:
    rows = ROWS.replace(",", sign)
    assert "新增 2" in bringer.bring(written(bringer, rows.encode(encoding)))


BYTES = {
    "latin": ("nr,caf\xe9\n甲".encode("latin-1", "replace"), 1),
    "a broken end": ("编号,内容\n".encode("gbk") * 9 + b"\xff\n", 10),
    "nothing but noise": (b"\x80\x81\xff\xfe" * 50, 1),
}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("content", "line"), BYTES.values(), ids=BYTES)
def test_neither_of_both_is_a_sentence_with_line_and_cure(
    bringer: Bringer, content: bytes, line: int
) -> None:
    sentence = bringer.refusal(written(bringer, content))
    assert "既不是 UTF-8，也不是 GBK/GB18030" in sentence
    assert f"第 {line} 行" in sentence
    assert "--encoding" in sentence


@pytest.mark.usefixtures("world")
def test_broken_utf8_is_not_taken_for_gb(bringer: Bringer) -> None:
    # read as GB18030 to its end it would be nonsense without a fault
    content = HEADER.encode() + b"\n" + "门口有垃圾".encode() * 4 + "好".encode("gbk") + b"\n"
    path = written(bringer, content)
    assert detect(path) == "utf-8-sig"
    assert "第 2 行" in bringer.refusal(path)


@pytest.mark.usefixtures("world")
def test_utf16_without_its_mark_has_to_be_named(bringer: Bringer) -> None:
    path = written(bringer, ROWS.encode("utf-16-le"))
    assert "--encoding" in bringer.refusal(path)
    assert "新增 2" in bringer.bring(path, encoding="utf-16-le")


@pytest.mark.usefixtures("world")
def test_an_encoding_can_be_forced(bringer: Bringer) -> None:
    path = written(bringer, ROWS.encode("big5", "replace"))
    assert "新增 2" in bringer.bring(path, encoding="big5")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("name", ["utf-9", "base64", ""])
def test_an_unknown_encoding_is_refused(bringer: Bringer, name: str) -> None:
    path = written(bringer, ROWS.encode())
    if name:
        assert f"没有编码“{name}”" in bringer.refusal(path, encoding=name)
    else:
        assert "新增 2" in bringer.bring(path, encoding=name)


@pytest.mark.usefixtures("world")
def test_a_mark_is_believed_more_than_the_profile(bringer: Bringer) -> None:
    profile = bringer.folder / "spots.toml"
    text = SPOTS.read_text(encoding="utf-8")
    profile.write_text('encoding = "gb18030"\ndelimiter = ";"\n' + text, encoding="utf-8")
    bringer.bring(written(bringer, ROWS.replace("2026-03", "2026-13").encode("gbk")), profile)
    text = bringer.rejects.read_text(encoding="utf-8-sig").replace("2026-13", "2026-03")
    corrected = written(bringer, text.encode("utf-8-sig"), "corrected.csv")
    assert "新增 2，已有 0，退回 0" in bringer.bring(corrected, profile)


@pytest.mark.usefixtures("world")
def test_a_number_that_a_spreadsheet_spoiled_is_rejected(bringer: Bringer) -> None:
    rows = ROWS.replace("A1", "1.38E+10")
    assert "新增 1，已有 0，退回 1" in bringer.bring(written(bringer, rows.encode()))
    assert "科学计数" in bringer.rejects.read_text(encoding="utf-8-sig")
    assert Ticket.objects.get().source_id == "A2"
