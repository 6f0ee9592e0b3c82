"""PDF: opened, searched for anything that acts, written anew without properties and notes."""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from tickets.attachments import embedded
from tickets.attachments.cleaned import Cleaned, Unfit, Unreadable, scratch

OBJECTS, VALUES = 50_000, 300_000
"""So much is looked at before a paper is called too complex: some seconds of work."""
MOST_READ = 1 << 29  # bytes: of the largest paper five and twenty times all of it
ROOTS = 100  # objects tried where a paper does not say which of them is its first
ACTS = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition",
    "/Movie", "/Sound", "/RichMediaExecute",
})  # fmt: skip
BEARS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
LEFT_OUT = ("/Metadata", "/PieceInfo", "/AA", "/LastModified", "/Thumb")
BROKEN = (PyPdfError, OSError, ValueError, TypeError, KeyError, IndexError, AttributeError,
          RecursionError, OverflowError, MemoryError, NotImplementedError, AssertionError,
          ArithmeticError, zlib.error, struct.error)  # fmt: skip


class _Read(io.RawIOBase):
    """读: so much in all. The reader looks through the whole file for each object it misses."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = MOST_READ

    def read(self, size: int = -1, /) -> bytes:
        found = self._file.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise Unfit(_("内容太复杂，请打印成普通 PDF 再传。"))
        return found

    def seek(self, place: int, whence: int = 0, /) -> int:
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


def clean(file: IO[bytes]) -> Cleaned:
    """清理 PDF: pages only. Raises `Unreadable` or `Unfit`."""
    file.seek(0)
    try:
        return Cleaned(_pages(file), "application/pdf")
    except BROKEN as error:
        raise Unreadable from error


def _pages(file: IO[bytes]) -> IO[bytes]:
    read: Any = _Read(file)
    reader = PdfReader(read, strict=False, root_object_recovery_limit=ROOTS)
    if reader.is_encrypted:
        raise Unfit(_("设了密码，请去掉密码后再传。"))
    _check_and_clean(reader)
    count = len(reader.pages)
    if not 1 <= count <= settings.HUBIN_PDF_PAGES:
        said = {"found": count, "most": settings.HUBIN_PDF_PAGES}
        raise Unfit(_("有 %(found)s 页，要有 1 到 %(most)s 页，请拆开后再传。") % said)
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    writer.metadata = None
    packed: IO[bytes] = scratch()
    writer.write(packed)
    packed.seek(0)
    embedded.check_bytes(packed.read())
    packed.seek(0)
    return packed


def _check_and_clean(reader: PdfReader) -> None:
    """Nothing that acts; properties left out before they are copied, pictures without notes."""
    left = embedded.MOST
    for found in _dictionaries(reader):
        action = found.get("/S")
        if action in ACTS or BEARS & set(found) or found.get("/Subtype") == "/FileAttachment":
            raise Unfit(_("里面有脚本、自动动作或夹带的文件，请打印成普通 PDF 再传。"))
        for name in LEFT_OUT:
            found.pop(name, None)
        if isinstance(found, StreamObject):
            embedded.clean(found)
            left = embedded.check(found, left)


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached, each object once, without recursion."""
    seen: set[int] = set()
    values = 0
    waiting: list[Any] = [reader.trailer]
    while waiting:
        held = waiting.pop()
        if isinstance(held, IndirectObject):
            if held.idnum in seen:
                continue
            seen.add(held.idnum)
            held = held.get_object()
        values += len(held) if isinstance(held, DictionaryObject | ArrayObject) else 0
        if len(seen) > OBJECTS or values > VALUES:
            raise Unfit(_("内容太复杂，请打印成普通 PDF 再传。"))
        if isinstance(held, DictionaryObject):
            yield held
            waiting.extend(held.values())
        elif isinstance(held, ArrayObject):
            waiting.extend(held)
