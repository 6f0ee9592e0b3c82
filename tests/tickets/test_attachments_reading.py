"""Files are told by their bytes, really opened, and cleaned of who and where."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import av
import pytest
from PIL import ExifTags, Image
from pypdf import PdfReader

from common.errors import Invalid
from tests.files import (
    OWNER,
    film,
    gif,
    paper,
    photo,
    picture,
    png_bomb,
    sound,
    upload,
    wav,
)
from tickets.attachments import prepare, take
from tickets.attachments.reading import Prepared

FORMS = ("JPEG", "PNG", "WEBP", "HEIF")
SPOT = (30.245, 120.155)
EIGHT = datetime(2026, 11, 23, 8, 0)  # as a phone writes it, without a zone
FILES: dict[str, Any] = {
    "mp4": film, "mp4 with sound": lambda: film(with_sound=True),
    "webm": lambda: film(box="webm"), "mp3": sound, "ogg": lambda: sound(box="ogg"),
    "m4a": lambda: sound(box="mp4"), "wav": wav, "pdf": paper,
    **{form: lambda form=form: photo(form, spot=SPOT) for form in FORMS},
}  # fmt: skip
KINDS = {
    "mp4": "VIDEO", "mp4 with sound": "VIDEO", "webm": "VIDEO", "mp3": "AUDIO", "ogg": "AUDIO",
    "m4a": "AUDIO", "wav": "AUDIO", "pdf": "PDF", **dict.fromkeys(FORMS, "NEAR"),
}  # fmt: skip


def kept(prepared: Prepared) -> bytes:
    prepared.cleaned.file.seek(0)
    return prepared.cleaned.file.read()


@pytest.mark.parametrize("name", FILES)
def test_what_it_is_is_told_by_its_content(name: str) -> None:
    claimed = upload(FILES[name](), "letter.txt", "text/plain")
    assert prepare(claimed).kind == KINDS[name]


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_kept_of_whose_phone_it_was(name: str) -> None:
    clean = kept(prepare(upload(FILES[name]())))
    traces = [OWNER.encode(code) for code in ("utf-8", "utf-16-be", "utf-16-le", "gbk")]
    assert [trace for trace in traces if trace in clean] == []


@pytest.mark.parametrize("form", FORMS)
def test_where_and_when_is_read_and_then_gone(form: str) -> None:
    prepared = prepare(upload(photo(form, spot=SPOT, taken=EIGHT)))
    found = prepared.cleaned
    assert (found.lat, found.lng) == SPOT
    assert found.taken_at == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    with Image.open(BytesIO(kept(prepared))) as clean:
        assert dict(clean.getexif()) == {}
        assert set(clean.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("spot", [(0.0, 0.0), (95.0, 10.0), (10.0, 190.0)])
def test_what_is_no_place_is_no_position(spot: tuple[float, float]) -> None:
    assert prepare(upload(photo(spot=spot))).cleaned.lat is None


def test_a_place_in_the_south_and_west_keeps_its_sign() -> None:
    found = prepare(upload(photo(spot=(-33.5, -70.25)))).cleaned
    assert (found.lat, found.lng) == (-33.5, -70.25)


def test_bent_exif_does_not_spoil_a_whole_photo() -> None:
    file, exif = BytesIO(), Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (30.0, 14.0)
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "yesterday"
    picture().save(file, "JPEG", exif=exif)
    found = prepare(upload(file.getvalue())).cleaned
    assert (found.lat, found.taken_at) == (None, None)


@pytest.mark.parametrize("form", FORMS)
def test_a_photo_is_kept_upright(form: str) -> None:
    found = prepare(upload(photo(form, turn=6))).cleaned
    assert (found.width, found.height) == (480, 640)


def test_a_transparent_picture_stands_on_white() -> None:
    file = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(file, "PNG")
    with Image.open(BytesIO(kept(prepare(upload(file.getvalue()))))) as clean:
        assert clean.getpixel((20, 20)) == (255, 255, 255)


def test_grey_in_65536_steps_stays_grey() -> None:
    file, fine = BytesIO(), Image.linear_gradient("L").convert("I").point(lambda step: step * 257)
    fine.convert("I;16").save(file, "PNG")
    with Image.open(prepare(upload(file.getvalue())).cleaned.file) as shown:
        steps = [shown.convert("L").getpixel((128, height)) for height in (10, 128, 245)]
    assert steps == pytest.approx([10, 128, 245], abs=3)


def test_a_large_photo_is_kept_smaller() -> None:
    found = prepare(upload(photo(size=(5000, 100)))).cleaned
    assert (found.width, found.height) == (4096, 82)


@pytest.mark.parametrize("name", ["mp4", "mp4 with sound", "webm", "mp3", "ogg", "m4a"])
def test_cleaned_sound_and_film_still_play(name: str) -> None:
    clean = prepare(upload(FILES[name]()))
    with av.open(BytesIO(kept(clean)), "r") as box:
        assert len(list(box.decode(box.streams[0]))) >= 18
        assert box.metadata.get("title") is None
    assert 1900 < (clean.cleaned.duration_ms or 0) < 2300


@pytest.mark.parametrize("box", ["mp4", "webm"])
def test_a_film_is_as_long_as_it_plays(box: str) -> None:
    assert prepare(upload(film(15, box=box))).cleaned.duration_ms == 15_000


def test_a_cleaned_pdf_has_its_pages_and_no_properties() -> None:
    found = PdfReader(BytesIO(kept(prepare(upload(paper(pages=3))))))
    assert (len(found.pages), found.metadata) == (3, None)


def test_the_original_is_known_by_its_sha256() -> None:
    content = photo(spot=SPOT)
    again = prepare(upload(content))
    assert again.sha256 == prepare(upload(content)).sha256
    assert again.size == len(content)


BAD: dict[str, tuple[Any, str, str]] = {
    # file, asked for as, what is said
    "empty": (lambda: b"", "", "是空文件"),
    "text": (lambda: b"hello " * 99, "", "不能作为附件"),
    "gif": (gif, "NEAR", "不是照片"),
    "program": (lambda: b"MZ" + bytes(999), "NEAR", "不是照片"),
    "page": (lambda: b"<html><script>alert(1)</script>", "NEAR", "不是照片"),
    "drawing": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "NEAR", "不是照片"),
    "zip": (lambda: b"PK\x03\x04" + bytes(99), "PDF", "不是 PDF 文件"),
    "pdf as a photo": (paper, "NEAR", "不是照片"),
    "photo as a pdf": (photo, "PDF", "不是 PDF 文件"),
    "photo as a film": (photo, "VIDEO", "不是视频"),
    "film as a photo": (film, "AFTER", "不是照片"),
    "sound as a film": (lambda: sound(box="mp4"), "VIDEO", "打不开"),
    "cut photo": (lambda: photo()[:5000], "NEAR", "打不开或不完整"),
    "cut heic": (lambda: photo("HEIF")[:500], "NEAR", "打不开或不完整"),
    "cut film": (lambda: film(4)[:2500], "VIDEO", "打不开或不完整"),
    "cut pdf": (lambda: paper()[:60], "PDF", "打不开或不完整"),
    "head of a photo": (lambda: b"\xff\xd8\xff" + bytes(9999), "NEAR", "打不开"),
    "head of a film": (lambda: b"\0\0\0\x20ftypisom" + bytes(9999), "VIDEO", "打不开"),
    "head of a pdf": (lambda: b"%PDF-1.7\n" + bytes(9999), "PDF", "打不开"),
    "pixels": (png_bomb, "NEAR", "像素太多，最多 50 百万像素"),
    "fewer pixels": (lambda: png_bomb(8000), "NEAR", "像素太多"),
    "long film": (lambda: film(17), "VIDEO", "长 17 秒，最多 15 秒"),
    "long sound": (lambda: sound(62), "AUDIO", "最多 60 秒"),
    "script": (lambda: paper(script="/JavaScript"), "PDF", "脚本、自动动作"),
    "launch": (lambda: paper(script="/Launch"), "PDF", "脚本、自动动作"),
    "zip in a pdf": (lambda: paper(stowaway=b"PK\x03\x04"), "PDF", "夹带的文件"),
    "password": (lambda: paper(password="geheim"), "PDF", "设了密码"),
    "many pages": (lambda: paper(pages=201), "PDF", "有 201 页"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_kept_is_refused_with_name_and_cure(name: str) -> None:
    make, kind, said = BAD[name]
    with pytest.raises(Invalid, check=lambda error: error.field == "after_photos") as refused:
        prepare(upload(make(), "现场 1.jpg"), kind, field="after_photos")
    assert said in refused.value.sentence
    assert "“现场 1.jpg”" in refused.value.sentence


@pytest.mark.parametrize(
    ("setting", "make"),
    [("PHOTO", photo), ("VIDEO", film), ("AUDIO", sound), ("PDF", paper)],
)
def test_each_family_has_its_size(settings: Any, setting: str, make: Any) -> None:
    setattr(settings, f"HUBIN_{setting}_BYTES", 100)
    with pytest.raises(Invalid, match="最多 0 MB"):
        prepare(upload(make()))


def test_what_an_upload_says_of_its_size_proves_nothing(settings: Any) -> None:
    settings.HUBIN_PHOTO_BYTES = 4000
    small = upload(photo())
    small.size = 1
    with pytest.raises(Invalid, match="最多"):
        prepare(small)


@pytest.mark.parametrize("name", ["a\x00b.jpg", "../../etc/passwd", "\u202egpj.exe", "x" * 300])
def test_a_bent_name_is_neither_kept_nor_repeated(name: str) -> None:
    file = upload(b"no photo")
    file._name = name  # type: ignore[attr-defined]
    with pytest.raises(Invalid) as refused:
        prepare(file)
    assert not {"\x00", "/", "\u202e"} & set(refused.value.sentence)
    assert len(refused.value.sentence) < 100


def test_too_many_at_once_are_refused() -> None:
    with pytest.raises(Invalid, match="一次最多 9 个"):
        take([upload(b"x")] * 10)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Invalid, match="没有附件种类"):
        take([upload(photo())], ["SELFIE"])


def test_every_file_has_its_kind() -> None:
    shots = [upload(photo()), upload(photo(shade=9))]
    assert [one.kind for one in take(shots, ["BEFORE", "AFTER"])] == ["BEFORE", "AFTER"]
    with pytest.raises(Invalid, match="个数不同"):
        take(shots, ["BEFORE"])
