"""Drawn pictures for the demo and for replays: real files through the real door, made once."""

from functools import cache
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from tickets.attachments.reading import Prepared, prepare
from tickets.attachments.watermark import font_of
from tickets.words import FileKind

SIZE = (480, 360)
SKY, STREET, WALL = (176, 201, 219), (120, 124, 128), (214, 200, 178)
HEAP = {FileKind.BEFORE: 9, FileKind.NEAR: 9, FileKind.FAR: 4}


@cache
def sample(kind: FileKind, which: int = 0) -> Prepared:
    """样图: a street corner, with a heap on it unless it was cleared; another one for each."""
    picture = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 220, 480, 360), fill=STREET)
    shift = which * 7 % 30
    draw.rectangle((40 + shift, 70, 230, 220), fill=WALL, outline="white", width=4)
    draw.rectangle((105, 140, 160, 220), fill=(94, 84, 74))
    for nth in range(HEAP.get(kind, 0)):
        left, top = 260 + nth % 4 * 45, 230 + nth // 4 * 30
        draw.ellipse((left, top, left + 60, top + 46), fill=(60 + nth * 9, 70, 52 + nth * 4))
    draw.text(
        (250, 30), f"演示照片 {kind.label} {which or ''}", font=font_of(24), fill=(40, 60, 80)
    )
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return prepare(SimpleUploadedFile("sample.jpg", file.getvalue()), kind)


def settled(which: int = 0) -> list[Prepared]:
    """自行处置: before and after."""
    return [sample(FileKind.BEFORE, which), sample(FileKind.AFTER, which)]
