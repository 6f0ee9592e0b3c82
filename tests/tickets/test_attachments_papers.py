"""Papers keep what they show; what cameras and editors wrote beside it goes."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from common.errors import Invalid
from tests.files import OWNER, exif, illustrated, paper, photo, picture, upload
from tickets.attachments import embedded, papers, prepare
from tickets.attachments.embedded import bare_jpeg, bare_jpeg_2000

SPOT = (30.245, 120.155)


def kept(content: bytes) -> bytes:
    cleaned = prepare(upload(content), "PDF").cleaned
    cleaned.file.seek(0)
    return cleaned.file.read()


def jpeg(mode: str = "RGB", **options: Any) -> bytes:
    file = BytesIO()
    picture().convert(mode).save(
        file, "JPEG", exif=exif(SPOT), comment=OWNER.encode(), xmp=OWNER.encode(), **options
    )
    return file.getvalue()


def jpeg_2000() -> bytes:
    """With a box of XML at its end."""
    file = BytesIO()
    picture().save(file, "JPEG2000")
    said = b"xml " + OWNER.encode()
    return file.getvalue() + (4 + len(said)).to_bytes(4) + said


@pytest.mark.parametrize("packed", [False, True])
def test_nothing_is_kept_of_who_took_a_picture_in_a_paper(packed: bool) -> None:
    content = kept(illustrated(photo(spot=SPOT), packed=packed))
    assert OWNER.encode() not in content
    assert b"Exif" not in content
    shown: Any = PdfReader(BytesIO(content)).pages[0].images[0].image
    assert (shown.size, dict(shown.getexif())) == ((640, 480), {})


@pytest.mark.parametrize(
    ("mode", "options"),
    [("RGB", {}), ("RGB", {"progressive": True}), ("CMYK", {}), ("L", {"optimize": True})],
)
def test_a_bare_jpeg_shows_the_same(mode: str, options: dict[str, Any]) -> None:
    said = jpeg(mode, **options)
    bare = bare_jpeg(said + b"trailer " + OWNER.encode())
    assert OWNER.encode() not in bare
    with Image.open(BytesIO(said)) as before, Image.open(BytesIO(bare)) as after:
        assert before.tobytes() == after.tobytes()


def test_a_bare_jpeg_2000_shows_the_same() -> None:
    said = jpeg_2000()
    bare = bare_jpeg_2000(said)
    assert OWNER.encode() not in bare
    with Image.open(BytesIO(said)) as before, Image.open(BytesIO(bare)) as after:
        assert before.tobytes() == after.tobytes()


BENT: dict[str, bytes] = {
    "no picture": b"GIF89a" + bytes(99), "cut in its head": photo()[:300], "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("name", BENT)
def test_a_picture_that_cannot_be_cleaned_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="打不开或不完整"):
        prepare(upload(illustrated(BENT[name])), "PDF")


def test_notes_in_a_picture_drawn_in_line_are_refused() -> None:
    drawn = b"BI /W 1 /H 1 /F /DCT ID " + jpeg() + b" EI"
    with pytest.raises(Invalid, match="请打印成普通 PDF"):
        prepare(upload(illustrated(photo(), drawn=drawn)), "PDF")


def test_what_unpacks_to_very_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MOST", 1 << 20)
    with pytest.raises(Invalid, match="内容太复杂"):
        prepare(upload(illustrated(photo(), drawn=b" " * (1 << 20))), "PDF")


def test_a_paper_over_the_limit_is_never_opened(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    monkeypatch.setattr(papers, "clean", opened.append)
    content = paper(pages=3)
    settings.HUBIN_PDF_BYTES = len(content) - 1
    with pytest.raises(Invalid, match="最多 0 MB"):
        prepare(upload(content), "PDF")
    assert opened == []
