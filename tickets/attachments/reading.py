"""From an upload to something that may be kept; outside any transaction, nothing written yet."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Invalid
from tickets.attachments import pictures
from tickets.attachments.cleaned import Cleaned, Unfit, Unreadable
from tickets.attachments.kinds import (
    FAMILIES,
    FAMILY_OF,
    FILM,
    HEAD,
    PAPER,
    PHOTO,
    SOUND,
    media_type,
)
from tickets.words import FileKind

WANTED = {
    PHOTO: gettext_lazy("不是照片，请选 JPEG、PNG、WebP 或 HEIC 格式的照片。"),
    SOUND: gettext_lazy("不是录音，请选 M4A、MP3、OGG、WebM 或 WAV 格式的录音。"),
    FILM: gettext_lazy("不是视频，请选 MP4 或 WebM 格式的视频。"),
    PAPER: gettext_lazy("不是 PDF 文件，请另存为 PDF 再传。"),
}
NAMES = {
    PHOTO: gettext_lazy("照片"), SOUND: gettext_lazy("录音"), FILM: gettext_lazy("视频"),
    PAPER: gettext_lazy("PDF 文件"),
}  # fmt: skip
LONGEST_NAME = 40
OPENING = BoundedSemaphore(2)
"""Files opened at once by a process: a photo of fifty megapixels takes up to 800 MB meanwhile."""
# films and papers are imported when one comes: 40 MB that most processes never need
MB = 1 << 20


@dataclass(frozen=True)
class Prepared:
    """备好的附件: opened, cleaned and measured; can be kept any number of times."""

    kind: FileKind
    sha256: str
    size: int
    cleaned: Cleaned


def take(
    files: Sequence[Any], kinds: Sequence[str] | str = "", *, field: str = "files"
) -> list[Prepared]:
    """收下: uploads with their kinds, one for each or one for all; "" goes by the content.

    Raises `Invalid` naming the field and the file; then none was kept.
    """
    if len(files) > settings.HUBIN_FILES_AT_ONCE:
        said = {"count": len(files), "most": settings.HUBIN_FILES_AT_ONCE}
        raise Invalid(
            _("选了 %(count)s 个文件，一次最多 %(most)s 个，请分几次传。") % said, field=field
        )
    wanted = [kinds] * len(files) if isinstance(kinds, str) else list(kinds)
    if len(wanted) != len(files):
        raise Invalid(_("每个文件要有一个种类：文件和种类的个数不同。"), field=field)
    return [prepare(file, kind, field=field) for file, kind in zip(files, wanted, strict=True)]


def prepare(upload: Any, kind: str = "", *, field: str = "files") -> Prepared:
    """备好: magic bytes, size, really opened, cleaned. Raises `Invalid` naming the field."""
    if kind and kind not in FileKind.values:
        said = {"kind": kind, "kinds": "、".join(FileKind.values)}
        raise Invalid(_("没有附件种类“%(kind)s”，可选：%(kinds)s。") % said, field=field)
    try:
        return _prepare(upload, kind)
    except Unfit as unfit:
        raise Invalid(_name(upload) + str(unfit), field=field) from None
    except Unreadable:
        raise Invalid(
            _name(upload) + _("打不开或不完整，请重新拍摄，或换一个文件。"), field=field
        ) from None


def _prepare(upload: Any, kind: str) -> Prepared:
    if getattr(upload, "is_dropped", False):
        most = settings.HUBIN_UPLOAD_BYTES // MB
        raise Unfit(_("没有收下：一次上传合计最多 %(most)s MB，请分几次传。") % {"most": most})
    if not upload.size:
        raise Unfit(_("是空文件，请重新选择。"))
    file: IO[bytes] = upload.file if hasattr(upload, "chunks") else upload
    file.seek(0)
    found = media_type(file.read(HEAD))
    family = _family(file, found, kind)
    _check_size(upload.size, family)
    digest, size = _digest(file, family)
    with OPENING:
        cleaned = _clean(file, found, family)
    own = FileKind(kind) if kind else _kind_of(family)
    return Prepared(own, digest, size, cleaned)


def _family(file: IO[bytes], found: str, kind: str) -> str:
    may_be = FAMILIES.get(found, ())
    if kind:
        wanted = FAMILY_OF[FileKind(kind)]
        if wanted not in may_be:
            raise Unfit(str(WANTED[wanted]))
        return wanted
    if not may_be:
        raise Unfit(_("不能作为附件，请选照片、录音、视频或 PDF。"))
    if len(may_be) == 1:
        return may_be[0]
    from tickets.attachments import media

    return FILM if media.has_film(file, found) else SOUND


def _kind_of(family: str) -> FileKind:
    return {PHOTO: FileKind.NEAR, SOUND: FileKind.AUDIO, FILM: FileKind.VIDEO}.get(
        family, FileKind.PDF
    )


def _clean(file: IO[bytes], found: str, family: str) -> Cleaned:
    if family == PHOTO:
        return pictures.clean(file)
    if family == PAPER:
        from tickets.attachments import papers

        return papers.clean(file)
    from tickets.attachments import media

    return media.clean(file, found, is_film=family == FILM)


def _limit(family: str) -> int:
    return {
        PHOTO: settings.HUBIN_PHOTO_BYTES, SOUND: settings.HUBIN_AUDIO_BYTES,
        FILM: settings.HUBIN_VIDEO_BYTES, PAPER: settings.HUBIN_PDF_BYTES,
    }[family]  # fmt: skip


def _check_size(size: int, family: str) -> None:
    most = _limit(family)
    if size > most:
        said = {"size": f"{size / MB:.1f}", "most": most // MB, "what": NAMES[family]}
        raise Unfit(_("有 %(size)s MB，%(what)s最多 %(most)s MB，请压缩后再传。") % said)


def _digest(file: IO[bytes], family: str) -> tuple[str, int]:
    """Counted as it is read: what an upload says of its own size proves nothing."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(1 << 16):
        digest.update(piece)
        size += len(piece)
        _check_size(size, family)
    return digest.hexdigest(), size


def _name(upload: Any) -> str:
    name = re.sub(r"[^\w .()（）-]", "", str(getattr(upload, "name", "") or "")).strip()
    return f"“{name[-LONGEST_NAME:]}”" if name else _("这个文件")
