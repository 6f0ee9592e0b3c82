"""Files made to keep a server busy or to fill its memory are refused before they do."""

import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import get_ident
from typing import Any

import av
import pytest
from PIL import Image

from common.errors import Invalid
from tests.files import film, photo, picture, png_bomb, sound, upload, wav
from tickets.attachments import media, papers, pictures, prepare
from tickets.attachments.cleaned import Unreadable


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def endless_scans() -> bytes:
    """A JPEG that goes over its picture again and again."""
    file = BytesIO()
    picture(64, 48).save(file, "JPEG", progressive=True)
    whole = file.getvalue()
    return whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2] * 100 + b"\xff\xd9"


def packed_contents() -> bytes:
    """A film whose table of contents unpacks to a hundred megabytes."""
    unpacked = zlib.compress(bytes(100 << 20))
    packed = box(b"dcom", b"zlib") + box(b"cmvd", struct.pack(">I", 100 << 20) + unpacked)
    return box(b"ftyp", b"isom\0\0\2\0isom") + box(b"moov", box(b"cmov", packed))


def numbered(objects: list[bytes]) -> bytes:
    """A PDF of these objects, the first one its catalog."""
    out, places = b"%PDF-1.5\n", []
    for nth, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % nth + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(out)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\n" % (
        size, table, size,
    ) + b"startxref\n%d\n%%%%EOF" % start  # fmt: skip


def page_with(more: bytes, *objects: bytes) -> bytes:
    page = b"<</Type/Page/MediaBox[0 0 9 9]%s>>" % more
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return numbered([b"<</Type/Catalog/Pages 2 0 R>>", pages, page, *objects])


def drawn_in(kind: bytes, picture: bytes) -> bytes:
    """A paper with that picture, packed small."""
    packed = zlib.compress(picture)
    told = b"<</Subtype/Image/Length %d/Filter[/FlateDecode/%s]>>stream\n%s\nendstream "
    return page_with(b"/Resources<</XObject<</I 4 0 R>>>>", told % (len(packed), kind, packed))


def fanned_pages() -> bytes:
    """Each level names the next one twice: 2²⁶ pages."""
    levels = [b"<</Type/Pages/Count 1/Kids[%d 0 R %d 0 R]>>" % (n, n) for n in range(3, 29)]
    last = b"<</Type/Page/MediaBox[0 0 9 9]>>"
    return numbered([b"<</Type/Catalog/Pages 2 0 R>>", *levels, last])


def lost_objects() -> bytes:
    """A table of contents of objects that are none, each of them looked for in all of the file."""
    table = b"xref\n0 100000\n" + b"0000000009 00000 n \n" * 100_000
    return b"%PDF-1.4\n" + table + b"trailer<</Size 9/Root 1 0 R>>\nstartxref\n9\n%%EOF"


def lost_references() -> bytes:
    named = b" ".join(b"%d 0 R" % nth for nth in range(100, 40_000))
    return page_with(b"/X[%s]/Y(%s)" % (named, b"a" * (1 << 20)))


def packed_page() -> bytes:
    packed = zlib.compress(bytes(100 << 20))
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream " % (len(packed), packed)
    return page_with(b"/Contents 4 0 R", stream)


def many_values() -> bytes:
    named = b" ".join(b"%d 0 R" % nth for nth in range(4, 304))
    return page_with(b"/X[%s]" % named, *[b"<</A[%s]>>" % (b"1 " * 1000)] * 300)


def lying_film() -> bytes:
    """Frames far larger than their box says."""
    small: Any = av.open(BytesIO(film(1, box="webm")))
    large, file = BytesIO(), BytesIO()
    with av.open(large, "w", format="webm") as out:
        stream: Any = out.add_stream("libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 1280, 960, "yuv420p"
        for _nth in range(8):
            out.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", (1280, 960)))))
        out.mux(stream.encode())
    large.seek(0)
    with av.open(large, "r") as frames, av.open(file, "w", format="webm") as out:
        into = out.add_stream_from_template(small.streams.video[0])
        for packet in frames.demux(frames.streams.video[0]):
            if packet.dts is not None:
                packet.stream = into
                out.mux(packet)
    return file.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "scans": (endless_scans, "NEAR", "打不开或不完整"),
    "pixels": (png_bomb, "NEAR", "像素太多"),
    "packed contents": (packed_contents, "VIDEO", "编码格式不常见"),
    "packed contents, heard": (packed_contents, "", "编码格式不常见"),
    "many pages": (fanned_pages, "PDF", "打不开或不完整"),
    "packed page": (packed_page, "PDF", "内容太复杂"),
    "filling without end": (
        lambda: drawn_in(b"DCTDecode", b"\xff\xd8" + b"\xff" * (16 << 20)),
        "PDF",
        "打不开",
    ),
    "pieces without end": (
        lambda: drawn_in(b"DCTDecode", b"\xff\xd8" + b"\xff\xdb\0\x02" * (4 << 20)),
        "PDF",
        "内容太复杂",
    ),
    "marks without end": (
        lambda: drawn_in(b"DCTDecode", b"\xff\xd8" + b"\xff\x01" * (8 << 20)),
        "PDF",
        "内容太复杂",
    ),
    "boxes without end": (
        lambda: drawn_in(b"JPXDecode", b"\0\0\0\x08jp2h" * (2 << 20)),
        "PDF",
        "内容太复杂",
    ),
    "many values": (many_values, "PDF", "内容太复杂"),
    "deep values": (lambda: page_with(b"/X" + b"[" * 99_999 + b"]" * 99_999), "PDF", "打不开"),
    "long promise": (
        lambda: wav().replace(b"data\x00}\0\0", b"data\xf0\xff\xff\xff"),
        "AUDIO",
        "打不开或不完整",
    ),
    "play list": (lambda: b"#EXTM3U\nfile:///etc/passwd\n", "", "不能作为附件"),
    "cut sound": (lambda: sound()[:900], "AUDIO", "打不开或不完整"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(name: str) -> None:
    make, kind, said = HOSTILE[name]
    with pytest.raises(Invalid, match=said):
        prepare(upload(make()), kind)


def test_a_frame_larger_than_its_box_says_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    content = lying_film()
    assert prepare(upload(content), "VIDEO").cleaned.width == 1280
    monkeypatch.setattr(media, "FILM_PIXELS", 640 * 480)
    with pytest.raises(Invalid, match="打不开"):
        prepare(upload(content), "VIDEO")


def test_what_grows_as_it_is_packed_anew_is_refused(settings: Any) -> None:
    content = film(2)
    settings.HUBIN_VIDEO_BYTES = 200
    with pytest.raises(Unreadable):
        media.clean(BytesIO(content), "video/mp4", is_film=True)


@pytest.mark.parametrize("make", [lost_objects, lost_references])
def test_what_is_missing_is_not_looked_for_without_end(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[], bytes]
) -> None:
    monkeypatch.setattr(papers, "MOST_READ", 8 << 20)
    with pytest.raises(Invalid, match=r"打不开或不完整|内容太复杂"):
        prepare(upload(make()), "PDF")


def test_many_photos_at_once_are_opened_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    content, inside, counts = photo("WEBP", size=(1600, 1200)), set[int](), list[int]()
    clean = pictures.clean

    def counted(file: Any) -> Any:
        inside.add(get_ident())
        counts.append(len(inside))
        try:
            return clean(file)
        finally:
            inside.remove(get_ident())

    monkeypatch.setattr(pictures, "clean", counted)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _nth: prepare(upload(content)).cleaned.width, range(8)))
    assert (found, max(counts)) == ([1600] * 8, 2)
