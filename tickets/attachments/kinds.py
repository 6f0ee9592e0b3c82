"""What a file is, told from its own bytes; what its name or its sender says counts for nothing."""

from tickets.words import PHOTOS, FileKind

HEAD = 64
PHOTO, SOUND, FILM, PAPER = "photo", "sound", "film", "paper"
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
FAMILIES: dict[str, tuple[str, ...]] = {
    "image/jpeg": (PHOTO,), "image/png": (PHOTO,), "image/webp": (PHOTO,), "image/heic": (PHOTO,),
    "video/mp4": (FILM, SOUND), "video/webm": (FILM, SOUND),
    "audio/ogg": (SOUND,), "audio/mpeg": (SOUND,), "audio/wav": (SOUND,),
    "application/pdf": (PAPER,),
}  # fmt: skip
"""Boxes of film may hold sound alone."""
FAMILY_OF = {
    **dict.fromkeys(PHOTOS, PHOTO),
    FileKind.AUDIO: SOUND,
    FileKind.VIDEO: FILM,
    FileKind.PDF: PAPER,
}


def media_type(head: bytes) -> str:
    """格式: of the first bytes; empty where we do not know them."""
    starts = {
        b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png",
        b"%PDF-": "application/pdf", b"OggS": "audio/ogg", b"\x1aE\xdf\xa3": "video/webm",
        b"ID3": "audio/mpeg",
    }  # fmt: skip
    for start, found in starts.items():
        if head.startswith(start):
            return found
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in HEIC_BRANDS else "video/mp4"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:  # a frame of layer III
        return "audio/mpeg"
    return ""
