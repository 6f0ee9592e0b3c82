"""What is left of a file once it was opened and everything that is not its content taken out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

IN_MEMORY = 1 << 20
CHUNK = 1 << 16


class Unreadable(Exception):
    """打不开: broken, cut off, or not what its first bytes say."""


class Unfit(Exception):
    """不合适: opens, but may not be kept; the sentence says why and what helps."""


@dataclass(frozen=True)
class Cleaned:
    """清理件: content only, re-encoded or packed anew."""

    file: IO[bytes]
    media_type: str
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    taken_at: datetime | None = None
    lat: float | None = None
    lng: float | None = None


def scratch() -> Any:
    """草稿: a file that takes little memory and is gone once nobody holds it."""
    return SpooledTemporaryFile(max_size=IN_MEMORY)


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """分块: from the beginning, a little at a time."""
    file.seek(0)
    while piece := file.read(CHUNK):
        yield piece
