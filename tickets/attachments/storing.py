"""Files before rows: written first, bound to an event by the action, taken away if it fails.

What a killed process leaves behind has no row and is swept (`sweeping`).
"""

import hashlib
import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext as _
from PIL import Image

from common import clock
from common.actors import Actor
from common.errors import Refused, Unavailable
from tickets.attachments.cleaned import chunks
from tickets.attachments.marks import Mark, mark_of
from tickets.attachments.pictures import encoded
from tickets.attachments.reading import Prepared
from tickets.attachments.watermark import drawn
from tickets.models import Ticket

log = logging.getLogger(__name__)
KEPT, DISPLAY, PUBLIC, THUMB = "kept", "display", "public", "thumb"
DISPLAY_SIDE, THUMB_SIDE = 1600, 320
DISPLAY_QUALITY, THUMB_QUALITY = 80, 70
SUFFIXES = {
    "image/jpeg": "jpg", "application/pdf": "pdf", "video/mp4": "mp4", "video/webm": "webm",
    "audio/mp4": "m4a", "audio/webm": "weba", "audio/ogg": "ogg", "audio/mpeg": "mp3",
    "audio/wav": "wav",
}  # fmt: skip


@dataclass(eq=False)
class Kept:
    """已存附件: its files are written; `is_bound` once an event of the record holds it."""

    prepared: Prepared
    name: str
    copies: dict[str, str] = field(default_factory=dict)
    is_bound: bool = False


def room() -> Storage:
    """存储: where attachments are kept, by setting."""
    found: Storage = storages["attachments"]
    return found


def path(name: str, copy: str, media_type: str) -> str:
    """文件名: of one copy; all copies but the cleaned original are JPEG."""
    suffix = SUFFIXES[media_type] if copy == KEPT else "jpg"
    return f"{name}-{copy}.{suffix}"


@contextmanager
def kept(
    files: Sequence[Prepared], ticket: Ticket, *, by: Actor, at: datetime
) -> Iterator[list[Kept]]:
    """存下: writes every file before the body begins; whatever the body does not bind is removed.

    After a refusal nothing is left. Where the database broke off nobody knows whether the rows
    were committed: then the files stay, and the sweep decides.
    """
    written: list[Kept] = []
    mark = mark_of(ticket, by, at=at) if files else None
    try:
        for prepared in files:
            one = Kept(prepared, f"{clock.local(at):%Y%m%d}/{secrets.token_hex(16)}")
            written.append(one)
            _write(one, mark)
        yield written
    except Refused:
        for one in written:
            one.is_bound = False
        raise
    finally:
        for one in written:
            if not one.is_bound:
                remove(one.name, one.copies, one.prepared.cleaned.media_type)


def remove(name: str, copies: Any, media_type: str) -> bool:
    """删除: every copy; a store that does not answer leaves the rest to the sweep."""
    try:
        for copy in copies:
            room().delete(path(name, copy, media_type))
    except Exception as error:  # any store, any trouble: tried again by the sweep
        log.warning("attachment %s is still there: %s", name, type(error).__name__)
        return False
    return True


def digest(file: IO[bytes]) -> str:
    """摘要: SHA-256 of a whole file, read a little at a time."""
    found = hashlib.sha256()
    for piece in chunks(file):
        found.update(piece)
    return found.hexdigest()


def _write(one: Kept, mark: Mark | None) -> None:
    cleaned = one.prepared.cleaned
    _save(one, KEPT, cleaned.file, cleaned.media_type)
    if cleaned.media_type != "image/jpeg" or mark is None:
        return
    cleaned.file.seek(0)
    with Image.open(cleaned.file) as opened:
        opened.draft("RGB", (DISPLAY_SIDE, DISPLAY_SIDE))
        opened.thumbnail((DISPLAY_SIDE, DISPLAY_SIDE))
        picture = opened.convert("RGB")
    _save(one, DISPLAY, encoded(drawn(picture, mark.inside), DISPLAY_QUALITY), "image/jpeg")
    if mark.outside != mark.inside:
        _save(one, PUBLIC, encoded(drawn(picture, mark.outside), DISPLAY_QUALITY), "image/jpeg")
    picture.thumbnail((THUMB_SIDE, THUMB_SIDE))
    _save(one, THUMB, encoded(picture, THUMB_QUALITY), "image/jpeg")


def _save(one: Kept, copy: str, file: IO[bytes], media_type: str) -> None:
    one.copies[copy] = digest(file)
    file.seek(0)
    try:
        room().save(path(one.name, copy, media_type), File(file))
    except Exception as error:  # any store, any trouble
        log.exception("attachment %s could not be kept", one.name)
        raise Unavailable(
            _("附件现在存不进去，什么也没有提交；请稍后再试，或先不带附件提交。"), field="files"
        ) from error
