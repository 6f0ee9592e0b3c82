"""Colours that carry a meaning can be read (WCAG AA: 4.5 to 1)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = ["hubin.css", "public.css", "dark.css", "public_dark.css"]
PAIRS = [(colour, f"{colour}-soft") for colour in ("green", "yellow", "red", "blue")]


def colours(sheet: str) -> dict[str, str]:
    text = (Path(settings.BASE_DIR) / "static" / "css" / sheet).read_text(encoding="utf-8")
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", text))
    return {name: value if len(value) == 7 else f"#{value[1] * 6}" for name, value in found.items()}


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("pair", [*PAIRS, ("ink", "ground"), ("ink-soft", "ground")])
def test_text_stands_out_from_its_ground(sheet: str, pair: tuple[str, str]) -> None:
    known = colours(sheet)
    assert contrast(known[pair[0]], known[pair[1]]) >= 4.5


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("name", ["green", "yellow", "red", "blue"])
def test_light_stands_out_from_paper(sheet: str, name: str) -> None:
    known = colours(sheet)
    assert contrast(known[name], known["paper"]) >= 4.5
