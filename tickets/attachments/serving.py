"""A file goes out: with its true type, into a sandbox, to nobody's shared cache."""

import logging
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import IO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from common.errors import Gone, NotVisible, Unavailable
from tickets.attachments.cleaned import CHUNK
from tickets.attachments.showing import copy_of
from tickets.attachments.storing import KEPT, SUFFIXES, THUMB, path, room
from tickets.models import Attachment

log = logging.getLogger(__name__)
RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Accept-Ranges": "bytes",
}
SAVED = frozenset({"application/pdf"})
"""Never opened inside our own pages."""


def serve(request: HttpRequest, row: Attachment, *, is_outside: bool) -> HttpResponseBase:
    """发送附件: the display copy, `?copy=thumb`, or with `?original=1` the cleaned original."""
    if row.is_erased or not row.name:
        raise Gone(_("这个附件已按规定删除。"))
    wanted = KEPT if request.GET.get("original") == "1" else request.GET.get("copy", "")
    copy = copy_of(row, wanted, is_outside=is_outside)
    media_type = row.media_type if copy == KEPT else "image/jpeg"
    tag = f'"{row.copies[copy]}"'
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponseBase = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        answer = _body(request, _open(row, copy), media_type)
        answer["Content-Disposition"] = _disposition(row, copy, media_type)
    for name, value in HEADERS.items():
        answer[name] = value
    answer["ETag"] = tag
    return answer


def thumb_of(row: Attachment) -> bytes | None:
    """缩略图 for a paper; None where it was erased, there is none, or the store has lost it."""
    if row.is_erased or not row.name or THUMB not in row.copies:
        return None
    try:
        with _open(row, THUMB) as file:
            file.seek(0)
            return file.read()
    except (NotVisible, Unavailable):
        return None


def _open(row: Attachment, copy: str) -> IO[bytes]:
    name = path(row.name, copy, row.media_type)
    try:
        file: IO[bytes] = room().open(name)
        file.seek(0, 2)  # some stores begin to read here
    except FileNotFoundError:
        log.error("attachment %s: its file is not in the store", row.pk)
        raise NotVisible(_("附件的文件暂时读不到，请稍后再试或联系管理员。")) from None
    except Exception as error:  # any store, any trouble
        log.exception("attachment %s could not be read", row.pk)
        raise Unavailable(_("附件的文件暂时读不到，请稍后再试或联系管理员。")) from error
    return file


def _body(request: HttpRequest, file: IO[bytes], media_type: str) -> HttpResponseBase:
    """The file stands at its end."""
    size = file.tell()
    first, last = _range(request.headers.get("Range", ""), size)
    is_part = "Range" in request.headers and (first, last) != (0, size - 1)
    if first > last:
        file.close()
        answer: HttpResponseBase = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    answer = StreamingHttpResponse(_pieces(file, first, last), content_type=media_type)
    answer["Content-Length"] = str(last - first + 1)
    if is_part:
        answer.status_code = HTTPStatus.PARTIAL_CONTENT
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    return answer


def _range(asked: str, size: int) -> tuple[int, int]:
    """First and last byte; the whole file where none is asked for, or not in a way we know."""
    found = RANGE.fullmatch(asked)
    if found is None or found.groups() == ("", ""):
        return 0, size - 1
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _pieces(file: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


def _disposition(row: Attachment, copy: str, media_type: str) -> str:
    suffix = SUFFIXES[media_type]
    how = "attachment" if media_type in SAVED else "inline"
    return f'{how}; filename="hubin-{row.pk}-{copy}.{suffix}"'
