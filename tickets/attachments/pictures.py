"""Photos: really opened, turned upright, encoded anew without a word about who and where."""

import warnings
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

import pillow_heif
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from tickets.attachments.cleaned import Cleaned, Unfit, Unreadable, chunks, scratch

Image.init()
pillow_heif.register_heif_opener()
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
KEPT_SIDE = 4096
SCANS = 40
"""Of a JPEG that is built up step by step; cameras and editors write ten at most."""
QUALITY = 88
BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError,
    RuntimeError, MemoryError, ArithmeticError, UnidentifiedImageError,
)  # fmt: skip
"""What a decoder raises on bytes that somebody bent."""
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def clean(file: IO[bytes]) -> Cleaned:
    """清理照片: JPEG of at most 4096 pixels a side, upright, no metadata; EXIF is read first.

    Raises `Unreadable` or `Unfit`.
    """
    _check_scans(file)
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as opened:
                _check_pixels(opened)
                exif = _exif(opened)
                if max(opened.size) > KEPT_SIDE * 3 // 2:  # decoded at half its size, where it can
                    opened.draft("RGB", (opened.width // 2, opened.height // 2))
                picture = _of_eight_bits(opened)
                picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
                ImageOps.exif_transpose(picture, in_place=True)
                picture = _opaque(picture)
                lat, lng = position(exif)
                kept = encoded(picture)
    except BOMBS:
        raise Unfit(_too_many_pixels()) from None
    except BROKEN as error:
        raise Unreadable from error
    return Cleaned(
        kept, "image/jpeg", picture.width, picture.height, None, taken_at(exif), lat, lng
    )


def encoded(picture: Image.Image, quality: int = QUALITY) -> IO[bytes]:
    """编码: pixels only; what the picture's `info` carries along stays behind."""
    picture.info = {}
    file: IO[bytes] = scratch()
    picture.save(file, "JPEG", quality=quality)
    file.seek(0)
    return file


def taken_at(exif: Mapping[int, Any]) -> datetime | None:
    """拍摄时间: in the district's zone unless the photo names another one."""
    text = str(exif.get(ExifTags.Base.DateTimeOriginal, "")).strip("\x00 ")
    zone = str(exif.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\x00 ")
    try:
        if zone:
            return datetime.strptime(text + zone, "%Y:%m:%d %H:%M:%S%z")
        naive = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")
        return naive.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    except (ValueError, OverflowError):
        return None


def position(exif: Mapping[int, Any]) -> tuple[float, float] | tuple[None, None]:
    """拍摄位置: decimal degrees, six places; nothing where it is no place (0, 0 neither)."""
    gps = exif.get(ExifTags.IFD.GPSInfo)
    if not isinstance(gps, Mapping):
        return None, None
    lat = _degrees(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S")
    lng = _degrees(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W")
    if lat is None or lng is None or not (abs(lat) <= 90 and abs(lng) <= 180) or lat == lng == 0:
        return None, None
    return lat, lng


def _degrees(gps: Mapping[int, Any], tag: int, ref_tag: int, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[tag])
        value = round(degrees + minutes / 60 + seconds / 3600, 6)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    if value != value:  # 0/0 in the photo
        return None
    return -value if str(gps.get(ref_tag, "")).strip("\x00 ").upper() == negative else value


def _check_scans(file: IO[bytes]) -> None:
    """Each scan goes over all pixels again: ten thousand empty ones take hours."""
    last, found = b"", 0
    for piece in chunks(file):
        if not last and not piece.startswith(b"\xff\xd8"):
            return
        found += (last + piece).count(b"\xff\xda")
        last = piece[-1:]
    if found > SCANS:
        raise Unreadable


def _check_pixels(opened: Image.Image) -> None:
    if opened.width * opened.height > settings.HUBIN_PHOTO_PIXELS:
        raise Unfit(_too_many_pixels())


def _too_many_pixels() -> str:
    most = settings.HUBIN_PHOTO_PIXELS // 1_000_000
    return _("像素太多，最多 %(most)s 百万像素，请缩小后再传。") % {"most": most}


def _exif(opened: Image.Image) -> dict[int, Any]:
    try:
        found = opened.getexif()
        values = dict(found) | dict(found.get_ifd(ExifTags.IFD.Exif))
        values[ExifTags.IFD.GPSInfo] = dict(found.get_ifd(ExifTags.IFD.GPSInfo))
    except BROKEN:  # the photo itself may still be whole
        return {}
    return values


def _of_eight_bits(picture: Image.Image) -> Image.Image:
    """Scanners write grey in 65,536 steps: cut off at 255, nearly all of it would be white."""
    if not picture.mode.startswith("I;16"):
        return picture
    return picture.convert("I").point([step >> 8 for step in range(1 << 16)], "L")


def _opaque(picture: Image.Image) -> Image.Image:
    picture.load()
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        shown = picture.convert("RGBA")
        paper = Image.new("RGB", shown.size, "white")
        paper.paste(shown, mask=shown.getchannel("A"))
        return paper
    return picture if picture.mode == "RGB" else picture.convert("RGB")
