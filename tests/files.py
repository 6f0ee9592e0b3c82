"""Files to attach, made on the fly: real ones, bent ones, and monsters."""

import struct
import wave
import zlib
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

import av
import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from tickets.attachments import Prepared, prepare

OWNER = "上官路人甲的手机"
"""Written into whatever a format can carry; may be found nowhere afterwards."""
Spot = tuple[float, float]


def picture(width: int = 640, height: int = 480, shade: int = 90) -> Image.Image:
    """A slope of grey with a darker corner, so that upright can be told from fallen."""
    made = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    made.paste((shade, 20, 160), (0, 0, width // 4, height // 4))
    return made


def exif(spot: Spot | None = None, taken: datetime | None = None, turn: int = 1) -> Image.Exif:
    """With the owner's name, and where, when and how the phone was held."""
    found = Image.Exif()
    found[ExifTags.Base.Artist] = OWNER
    found[ExifTags.Base.Orientation] = turn
    if taken is not None:
        found.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken.strftime(
            "%Y:%m:%d %H:%M:%S"
        )
    if spot is not None:
        found.get_ifd(ExifTags.IFD.GPSInfo).update(_gps(*spot))
    return found


def _gps(lat: float, lng: float) -> dict[int, Any]:
    return {
        ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
        ExifTags.GPS.GPSLatitude: (abs(lat), 0.0, 0.0),
        ExifTags.GPS.GPSLongitudeRef: "E" if lng >= 0 else "W",
        ExifTags.GPS.GPSLongitude: (abs(lng), 0.0, 0.0),
    }


def photo(form: str = "JPEG", *, shade: int = 90, size: Spot | None = None, **held: Any) -> bytes:
    """A photo with everything a phone writes into it."""
    width, height = (int(side) for side in size or (640, 480))
    made, file = picture(width, height, shade), BytesIO()
    if form == "HEIF":
        heif = pillow_heif.from_pillow(made)
        heif.info["exif"] = exif(**held).tobytes()
        heif.save(file, quality=60)
    elif form == "JPEG":
        made.save(file, form, exif=exif(**held), comment=OWNER.encode())
    else:
        made.save(file, form, exif=exif(**held))
    return file.getvalue()


def upload(content: bytes, name: str = "a.jpg", claimed: str = "image/jpeg") -> SimpleUploadedFile:
    """As a browser sends it."""
    return SimpleUploadedFile(name, content, claimed)


@cache
def ready(kind: str = "NEAR", shade: int = 90) -> Prepared:
    """One photo of a kind, prepared once and used again."""
    return prepare(upload(photo(shade=shade)), kind)


def settled() -> list[Prepared]:
    """What 自行处置 needs."""
    return [ready("BEFORE"), ready("AFTER", 200)]


def film(seconds: float = 2, *, box: str = "mp4", with_sound: bool = False) -> bytes:
    """Moving grey."""
    file = BytesIO()
    with av.open(file, "w", format=box) as out:
        out.metadata["title"] = OWNER
        codec = {"mp4": "libx264", "webm": "libvpx"}[box]
        stream: Any = out.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.metadata["title"] = OWNER
        heard = _voice(out, "aac", 16000) if with_sound else None
        for nth in range(int(seconds * 10)):
            frame = av.VideoFrame.from_image(picture(64, 48, nth % 250))
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
        if heard is not None:
            _sound(out, heard, seconds)
    return file.getvalue()


def _voice(out: Any, codec: str, rate: int) -> Any:
    stream = out.add_stream(codec, rate=rate)
    stream.layout = "mono"
    return stream


def _sound(out: Any, stream: Any, seconds: float) -> None:
    rate, step = stream.rate, 800
    resampler = av.AudioResampler(stream.format, "mono", rate)
    for nth in range(int(seconds * rate / step)):
        frame = av.AudioFrame(format="s16", layout="mono", samples=step)
        frame.sample_rate, frame.pts = rate, nth * step
        frame.planes[0].update(bytes(2 * step))
        for even in resampler.resample(frame):
            out.mux(stream.encode(even))
    out.mux(stream.encode())


def sound(seconds: float = 2, *, box: str = "mp3") -> bytes:
    """Silence with a title."""
    file = BytesIO()
    codec, rate = {"mp3": ("libmp3lame", 16000), "ogg": ("libopus", 48000), "mp4": ("aac", 16000)}[
        box
    ]
    with av.open(file, "w", format=box) as out:
        out.metadata["title"] = OWNER
        _sound(out, _voice(out, codec, rate), seconds)
    return file.getvalue()


def wav(seconds: float = 2) -> bytes:
    """Silence without anything."""
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(int(seconds * 16000)))
    return file.getvalue()


def paper(*, script: str = "", password: str = "", pages: int = 1, stowaway: bytes = b"") -> bytes:
    """Blank pages, and what they may not have."""
    writer = PdfWriter()
    for _nth in range(pages):
        writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": OWNER})
    if script:
        act = DictionaryObject({NameObject("/S"): NameObject(script)})
        act[NameObject("/JS" if script == "/JavaScript" else "/F")] = TextStringObject("x")
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(act)
    if stowaway:
        writer.add_attachment("x.zip", stowaway)
    if password:
        writer.encrypt(password)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def illustrated(shot: bytes, *, packed: bool = False, drawn: bytes = b"/I Do") -> bytes:
    """A page with a picture in it, and with what an editor says of both."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    said, shown, drawing = StreamObject(), EncodedStreamObject(), StreamObject()
    said._data = b"<?xpacket begin='' ?>" + OWNER.encode()
    shown._data = zlib.compress(shot) if packed else shot
    filters = [NameObject("/FlateDecode")] if packed else []
    named = {
        "/Subtype": NameObject("/Image"), "/Width": NumberObject(640),
        "/Height": NumberObject(480), "/ColorSpace": NameObject("/DeviceRGB"),
        "/BitsPerComponent": NumberObject(8), "/Metadata": writer._add_object(said),
        "/Filter": ArrayObject([*filters, NameObject("/DCTDecode")]),
    }  # fmt: skip
    shown.update({NameObject(name): value for name, value in named.items()})
    drawing._data = b"q 200 0 0 200 0 0 cm " + drawn + b" Q"
    pictures = DictionaryObject({NameObject("/I"): writer._add_object(shown)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    page[NameObject("/Contents")] = writer._add_object(drawing.flate_encode())
    writer.root_object[NameObject("/Metadata")] = named["/Metadata"]
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def png_bomb(side: int = 50_000) -> bytes:
    """A few bytes that promise a picture of side × side pixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b""))
        + (_chunk(b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def gif(frames: int = 3000) -> bytes:
    """So many frames."""
    file = BytesIO()
    shots = [Image.new("L", (8, 8), nth % 250) for nth in range(frames)]
    shots[0].save(file, "GIF", save_all=True, append_images=shots[1:])
    return file.getvalue()
