"""In which encoding a text file is: found out strictly, or not at all."""

import codecs
import gzip
import re
import zlib
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from common.errors import Invalid
from tickets.importing.opening import CHUNK, refuse, unpacked

UTF8, GB = "utf-8-sig", "gb18030"
MARKS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
HAN = re.compile(rb"[\xe3-\xe9][\x80-\xbf][\x80-\xbf]")
ENOUGH = 3
"""So many Chinese characters of UTF-8 before the first fault stand in no GB text by chance."""


def check(name: str) -> str:
    """编码名: `Invalid` when there is no such encoding of text."""
    try:
        known = codecs.lookup(name)
        if known._is_text_encoding:
            return name
    except LookupError:
        pass
    raise Invalid(
        _("没有编码“%(name)s”。常用的有 utf-8、gb18030、utf-16。") % {"name": name},
        field="encoding",
    )


def marked(path: Path) -> str:
    """标记: what the file says of itself by its first bytes; empty where it says nothing."""
    try:
        with unpacked(path) as file:
            head = file.read(4)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return ""
    return next((name for mark, name in MARKS if head.startswith(mark)), "")


def detect(path: Path) -> str:
    """识别编码: UTF-8 if all of it is, else GB18030 if all of it is, else `Invalid`.

    What is UTF-8 up to a fault stays UTF-8: whoever reads it then names the line.
    """
    utf8 = _Fault(path, "utf-8")
    if not utf8.is_found or utf8.han >= ENOUGH:
        return UTF8
    gb = _Fault(path, GB)
    if gb.is_found:
        refuse(
            _(
                "文件 %(file)s 既不是 UTF-8，也不是 GBK/GB18030 编码（第 %(line)s 行起读不下去）。"
                "请在 Excel 里另存为“CSV UTF-8”或 .xlsx，或用 --encoding 指定编码。"
            ),
            file=path.name, line=max(utf8.line, gb.line),
        )  # fmt: skip
    return GB


class _Fault:
    """The first place that is not of this encoding: its line, and Chinese of UTF-8 before it."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.is_found = False
        self.line = 1
        self.han = 0
        decoder = codecs.getincrementaldecoder(encoding)()
        with unpacked(path) as file:
            try:
                while piece := file.read(CHUNK):
                    self._look(decoder, piece)
                self._look(decoder, b"", is_last=True)
            except UnicodeDecodeError as error:
                self.is_found = True
                self._count(error.object[: error.start])
            except (EOFError, gzip.BadGzipFile, zlib.error):
                return  # whoever reads it says so

    def _look(
        self, decoder: codecs.IncrementalDecoder, piece: bytes, *, is_last: bool = False
    ) -> None:
        decoder.decode(piece, final=is_last)
        self._count(piece)

    def _count(self, piece: bytes) -> None:
        self.line += piece.count(b"\n") or piece.count(b"\r")
        if self.han < ENOUGH:
            self.han += sum(1 for _char in islice(HAN.finditer(piece), ENOUGH))
