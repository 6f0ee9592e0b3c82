"""Pictures inside a PDF: their pixels stay as they are, what a camera wrote beside them goes."""

import re
import struct
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _
from pypdf.generic import ArrayObject, EncodedStreamObject, NameObject, NullObject, StreamObject

from tickets.attachments.cleaned import Unfit, Unreadable

JPEG, JPEG_2000 = "/DCTDecode", "/JPXDecode"
TRACES = (b"Exif\x00\x00", b"http://ns.adobe.com/xap/", b"<?xpacket", b"Photoshop 3.0\x00")
"""How what a camera or an editor adds begins, wherever it is."""
MOST = 64 << 20  # bytes unpacked to look for traces, of one PDF
NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
PARTS = 20_000
"""So many pieces a picture is taken apart into; cameras and scanners write some dozens."""
SCAN, END, COMMENT, JFIF, ADOBE = 0xDA, 0xD9, 0xFE, 0xE0, 0xEE
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
SAYS = frozenset({b"xml ", b"uuid", b"uinf"})


def clean(held: StreamObject) -> None:
    """清理图片: in place, where it is one that can carry words."""
    names = _filters(held)
    if not names or names[-1] not in (JPEG, JPEG_2000):
        return
    data = _outer(held, names)
    held._data = bare_jpeg(data) if names[-1] == JPEG else bare_jpeg_2000(data)
    parms = held.get("/DecodeParms")
    held[NameObject("/Filter")] = NameObject(names[-1])
    held.pop("/DecodeParms", None)
    if isinstance(parms, ArrayObject) and len(parms) == len(names):
        parms = parms[-1]
    if len(names) == 1 and parms is not None and not isinstance(parms, ArrayObject | NullObject):
        held[NameObject("/DecodeParms")] = parms


def check(held: StreamObject, left: int) -> int:
    """查痕迹: in whatever else is packed, such as pictures drawn in line; what may still be read.

    Raises `Unfit` where something is found, or where there is too much to look at.
    """
    names = _filters(held)
    is_picture = str(held.get("/Subtype")) == "/Image"
    if is_picture or names not in ([], ["/FlateDecode"]):
        return left
    if names:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(held._data, left + 1)
    else:
        data = held._data
    if len(data) > left:
        raise Unfit(_("内容太复杂，请打印成普通 PDF 再传。"))
    check_bytes(data)
    return left - len(data)


def check_bytes(data: bytes) -> None:
    """查痕迹: `Unfit` where a camera's or an editor's notes are still in it."""
    if any(trace in data for trace in TRACES):
        raise Unfit(_("里面图片的拍摄信息清不掉，请打印成普通 PDF 再传。"))


def bare_jpeg(data: bytes) -> bytes:
    """JPEG without notes: no EXIF, XMP, comments, thumbnails, nor what follows its end."""
    if data[:2] != b"\xff\xd8":
        raise Unreadable
    kept = list(_segments(data))
    if not any(segment.startswith(b"\xff\xda") for segment in kept):
        raise Unreadable
    return b"\xff\xd8" + b"".join(kept) + b"\xff\xd9"


def _segments(data: bytes) -> Iterator[bytes]:
    at, left = 2, PARTS
    while (found := NEXT.search(data, at)) and (left := _fewer(left)):
        marker, body = data[found.end() - 1], found.end()
        if marker == END:
            return
        if marker in ALONE:
            at = body
            continue
        (length,) = struct.unpack_from(">H", data, body)
        at = body + length
        if length < 2 or at > len(data):
            raise Unreadable
        said = data[body + 2 : at]
        if marker == SCAN:
            after = NEXT.search(data, at)
            end = after.start() if after else len(data)
            yield b"\xff\xda" + data[body:end]
            at = end
        elif _is_kept(marker, said):
            yield bytes((0xFF, marker)) + data[body:at]


def _is_kept(marker: int, said: bytes) -> bool:
    if marker == JFIF:
        return said[:5] == b"JFIF\x00" and len(said) == 14  # with a thumbnail it is longer
    if marker == ADOBE:
        return said[:5] == b"Adobe"
    return marker != COMMENT and not 0xE0 <= marker <= 0xEF


def bare_jpeg_2000(data: bytes) -> bytes:
    """JPEG 2000 without notes; a bare stream of it has room for none but a comment."""
    if data[:4] == b"\xff\x4f\xff\x51":
        return data
    kept, at, left = list[bytes](), 0, PARTS
    while at < len(data) and (left := _fewer(left)):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = len(data) if length == 0 else at + length
        if length == 1 or end - at < 8 or end > len(data):
            raise Unreadable
        kept += [] if kind in SAYS else [data[at:end]]
        at = end
    return b"".join(kept)


def _fewer(left: int) -> int:
    if left == 1:
        raise Unfit(_("内容太复杂，请打印成普通 PDF 再传。"))
    return left - 1


def _filters(held: StreamObject) -> list[str]:
    found = held.get("/Filter")
    if found is None or isinstance(found, NullObject):
        return []
    return [str(one) for one in found] if isinstance(found, ArrayObject) else [str(found)]


def _outer(held: StreamObject, names: list[str]) -> bytes:
    """The picture as a file, out of what it is packed in besides."""
    if len(names) == 1:
        return bytes(held._data)
    packed = EncodedStreamObject()
    packed._data = held._data
    packed[NameObject("/Filter")] = ArrayObject(NameObject(name) for name in names[:-1])
    return bytes(packed.get_data())
