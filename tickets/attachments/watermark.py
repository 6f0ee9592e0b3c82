"""Time, place and name, drawn into the copy that people are shown."""

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).parent / "font" / "NotoSansSC-subset.ttf"
LINES_IN_HEIGHT = 26
SMALLEST = 12
SHADE, INK = (0, 0, 0, 150), (255, 255, 255, 255)


def drawn(picture: Image.Image, lines: tuple[str, ...]) -> Image.Image:
    """水印: a new picture with the lines on a dark band along its lower edge."""
    size = max(SMALLEST, min(picture.size) // LINES_IN_HEIGHT)
    font = font_of(size)
    rows = [row for line in lines if line for row in _wrapped(line, font, picture.width - size)]
    step = size * 7 // 5
    height = min(picture.height, step * len(rows) + size // 2)
    band = Image.new("RGBA", (picture.width, height), SHADE)
    draw = ImageDraw.Draw(band)
    for nth, row in enumerate(rows):
        middle = size // 4 + nth * step + step // 2
        draw.text((size // 2, middle), row, font=font, fill=INK, anchor="lm")
    marked = picture.copy()
    marked.paste(band, (0, picture.height - height), band)
    return marked


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)


def _wrapped(line: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    rows = [""]
    for letter in line:
        if rows[-1] and font.getlength(rows[-1] + letter) > width:
            rows.append("")
        rows[-1] += letter
    return rows[:3]
