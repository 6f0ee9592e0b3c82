"""What kind of file it is, by how it begins and not by its name; else what would help."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _

from common.errors import Invalid

GZIP, ZIP, OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EMPTY_ZIP = b"PK\x05\x06"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta")
HEAD = 4096
CHUNK = 1 << 16


class Kind(StrEnum):
    """文件种类."""

    TEXT = "text"
    XLSX = "xlsx"


def kind_of(path: Path) -> Kind:
    """种类; raises `Invalid` saying what to do with a file that is no table we read."""
    with opened(path) as file:
        head = file.read(HEAD)
    if head.startswith((ZIP, EMPTY_ZIP)):
        return Kind.XLSX
    if head.startswith(OLE):
        _refuse_old(path)
    if head.startswith(GZIP):
        with unpacked(path) as file:
            try:
                head = file.read(HEAD)
            except (EOFError, OSError):
                return Kind.TEXT  # the reader of lines says what is wrong with it
        if head.startswith((ZIP, OLE)):
            refuse(_("文件 %(file)s 是压缩过的 Excel 表格，请先解压再迁入。"), file=path.name)
    begins = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begins.startswith(MARKUP):
        refuse(
            _("文件 %(file)s 的内容是网页，不是表格。请用 Excel 打开，另存为 .xlsx。"),
            file=path.name,
        )
    if begins.startswith(b"%pdf"):
        refuse(_("文件 %(file)s 是 PDF，不是表格。请要一份 .xlsx 或 .csv。"), file=path.name)
    return Kind.TEXT


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """打开: the bytes as they are; raises `Invalid` where there are none to read."""
    try:
        file = path.open("rb")
    except OSError as error:
        refuse(_("打不开文件 %(file)s：%(error)s。"), file=path, error=_why(error))
    with file:
        yield file


@contextmanager
def unpacked(path: Path) -> Iterator[IO[bytes]]:
    """打开: gzip is unpacked on the way."""
    with opened(path) as file:
        is_gzip = file.read(2) == GZIP
        file.seek(0)
        if path.suffix == ".gz" and not is_gzip:
            refuse(
                _("文件 %(file)s 的名字以 .gz 结尾，内容却不是 gzip。请改名或重新压缩。"),
                file=path.name,
            )
        plain: Any = gzip.GzipFile(fileobj=file) if is_gzip else file
        yield plain


def refuse(sentence: str, **said: object) -> NoReturn:
    """拒绝: of the file."""
    raise Invalid(sentence % said, field="file")


def _refuse_old(path: Path) -> NoReturn:
    """Old workbooks and encrypted new ones come in the same box."""
    with opened(path) as file:
        tail = b""
        while piece := file.read(CHUNK):
            if ENCRYPTED in tail + piece:
                refuse(
                    _("文件 %(file)s 有打开密码。请在 Excel 里去掉密码，再另存一份。"),
                    file=path.name,
                )
            tail = piece[-len(ENCRYPTED) :]
    refuse(
        _("文件 %(file)s 是旧的 .xls 格式。请用 Excel 或 WPS 打开，另存为 .xlsx。"),
        file=path.name,
    )


def _why(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return _("没有这个文件，请核对路径")
        case IsADirectoryError():
            return _("这是一个文件夹，请给出其中的文件")
        case PermissionError():
            return _("没有读取的权限")
    return _("系统错误 %(code)s") % {"code": error.errno}
