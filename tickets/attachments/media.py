"""Sound and film: opened, some frames decoded, measured, packed anew without tags."""

from collections.abc import Iterable
from typing import IO, Any

import av
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.attachments.cleaned import Cleaned, Unfit, Unreadable, chunks, scratch

BOXES = {  # how it is opened and packed: never guessed, a play list would open other files
    "video/mp4": ("mp4", "mp4", {"fflags": "+bitexact"}),
    "video/webm": ("matroska", "webm", {"fflags": "+bitexact"}),
    "audio/ogg": ("ogg", "ogg", {"fflags": "+bitexact"}),
    "audio/mpeg": ("mp3", "mp3", {"write_id3v2": "0", "fflags": "+bitexact"}),
    "audio/wav": ("wav", "wav", {"fflags": "+bitexact"}),
}
FILM_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4"})
SOUND_CODECS = frozenset(
    {"aac", "mp3", "mp3float", "opus", "vorbis", "flac", "pcm_s16le", "pcm_u8", "amrnb", "amr_nb",
     "alac"}
)  # fmt: skip
FRAMES = 5  # decoded, to see that it is what it says
PACKETS = 200_000
SLACK_MS = 500  # recorders stop a little late
FILM_PIXELS = 4096 * 2304
STREAMS = 64
MOST_BYTES = 2  # times what may be uploaded, once packed anew: some boxes pack their content
PACKED_HEAD = b"dcomzlib"
"""A compressed table of contents; a megabyte of it unpacks to gigabytes. No phone writes one."""
UNCOMMON = gettext_lazy("编码格式不常见，请用手机自带的录像或录音重录。")
BROKEN = (av.FFmpegError, OSError, ValueError, TypeError, KeyError, IndexError, RuntimeError,
          AttributeError, OverflowError, MemoryError)  # fmt: skip


def clean(file: IO[bytes], media_type: str, *, is_film: bool) -> Cleaned:
    """清理录音、视频: same streams, new box, no tags. Raises `Unreadable` or `Unfit`."""
    _check_head(file)
    most_ms = 1000 * (settings.HUBIN_VIDEO_SECONDS if is_film else settings.HUBIN_AUDIO_SECONDS)
    try:
        shape = _look(file, media_type, is_film, most_ms)
        packed, duration_ms = _pack(file, media_type, is_film, most_ms)
    except BROKEN as error:
        raise Unreadable from error
    if duration_ms < shape[2] // 2:  # cut off: the box promises more than it holds
        raise Unreadable
    kind = media_type if is_film else media_type.replace("video/", "audio/")
    return Cleaned(packed, kind, shape[0], shape[1], duration_ms)


def has_film(file: IO[bytes], media_type: str) -> bool:
    """有画面: does the box hold moving pictures? Raises `Unreadable`."""
    _check_head(file)
    try:
        with _opened(file, media_type) as box:
            return any(_is_film(stream) for stream in box.streams.video)
    except BROKEN as error:
        raise Unreadable from error


def _check_head(file: IO[bytes]) -> None:
    last = b""
    for piece in chunks(file):
        if PACKED_HEAD in last + piece:
            raise Unfit(str(UNCOMMON))
        last = piece[-len(PACKED_HEAD) :]


def _opened(file: IO[bytes], media_type: str) -> Any:
    file.seek(0)
    # a frame may be larger than its box says, and opening looks at the first one
    limited: Any = [{"max_pixels": str(FILM_PIXELS)}] * STREAMS
    return av.open(
        file, mode="r", format=BOXES[media_type][0], metadata_errors="ignore",
        stream_options=limited,
    )  # fmt: skip


def _is_film(stream: Any) -> bool:
    return not stream.disposition & av.stream.Disposition.attached_pic


def _chosen(box: Any, is_film: bool) -> list[Any]:
    films = [stream for stream in box.streams.video if _is_film(stream)][:1] if is_film else []
    sounds = list(box.streams.audio)[:1]
    if (is_film and not films) or (not is_film and not sounds):
        raise Unreadable
    return films + sounds


def _look(
    file: IO[bytes], media_type: str, is_film: bool, most_ms: int
) -> tuple[int | None, int | None, int]:
    with _opened(file, media_type) as box:
        streams = _chosen(box, is_film)
        promised = int((box.duration or 0) * 1000 // av.time_base)
        _check_length(promised, most_ms)
        for stream in streams:
            known = FILM_CODECS if stream.type == "video" else SOUND_CODECS
            if stream.codec_context.name not in known:
                raise Unfit(str(UNCOMMON))
        first = streams[0].codec_context
        if is_film and first.width * first.height > FILM_PIXELS:
            raise Unfit(_("画面太大，请用 1080p 重录。"))
        streams[0].codec_context.options = {"max_pixels": str(FILM_PIXELS)}
        _decode(box, streams[0])
        return (first.width, first.height, promised) if is_film else (None, None, promised)


def _decode(box: Any, stream: Any) -> None:
    decoded = 0
    for _frame in box.decode(stream):
        decoded += 1
        if decoded == FRAMES:
            return
    if not decoded:
        raise Unreadable


def _pack(file: IO[bytes], media_type: str, is_film: bool, most_ms: int) -> tuple[IO[bytes], int]:
    _name, pack, options = BOXES[media_type]
    packed: IO[bytes] = scratch()
    with (
        _opened(file, media_type) as box,
        av.open(packed, mode="w", format=pack, container_options=options) as out,
    ):
        streams = _chosen(box, is_film)
        into = {stream.index: _bare(out, stream) for stream in streams}
        length = _copy(box.demux(streams), out, into, most_ms)
    packed.seek(0)
    return packed, length


def _bare(out: Any, stream: Any) -> Any:
    made = out.add_stream_from_template(stream)
    made.metadata.clear()
    return made


def _copy(packets: Iterable[Any], out: Any, into: dict[int, Any], most_ms: int) -> int:
    begins: dict[int, float] = {}
    longest, left = 0.0, MOST_BYTES * settings.HUBIN_VIDEO_BYTES
    for count, packet in enumerate(packets):
        if packet.dts is None:
            continue  # the flush at the end
        left -= packet.size
        if packet.is_corrupt or count > PACKETS or left < 0:
            raise Unreadable
        index = packet.stream.index
        shown = packet.dts if packet.pts is None else packet.pts  # frames may be sent out of order
        start = float(shown * packet.time_base)
        end = start + float((packet.duration or 0) * packet.time_base)
        begins[index] = min(begins.get(index, start), start)
        longest = max(longest, end - begins[index])
        _check_length(int(longest * 1000), most_ms)
        packet.stream = into[index]
        out.mux(packet)
    return int(longest * 1000)


def _check_length(found_ms: int, most_ms: int) -> None:
    if found_ms > most_ms + SLACK_MS:
        said = {"found": -(-found_ms // 1000), "most": most_ms // 1000}
        raise Unfit(_("长 %(found)s 秒，最多 %(most)s 秒，请剪短后再传。") % said)
