"""Values as a spreadsheet may have them: text stays text, whatever it begins with. Pure."""

import re
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

Cell = str | int | float | datetime | None
FORMULA = re.compile(
    r"[\t\r\n]|[\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
    "[=+\\-@＝﹦⁼₌＋﹢⁺₊－﹣＠﹫]"
)
"""A break, or one of the four signs, also wide or small, after blanks seen and unseen."""
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""
LONGEST = 32_767
"""Characters a cell of Excel can hold."""


def clean(text: str) -> str:
    """可写: without what no file can hold, not longer than a cell."""
    return UNFIT.sub("\ufffd", text)[:LONGEST]


def looks_like_formula(text: str) -> bool:
    """像公式: begins with = + - @, also full-width or after blanks, or with a break."""
    return FORMULA.match(text) is not None


def as_text(text: str) -> str:
    """文本: with an apostrophe before what a spreadsheet would take for a formula."""
    text = clean(text)
    return f"'{text}"[:LONGEST] if looks_like_formula(text) else text


def local(at: datetime) -> datetime:
    """当地时间, without zone, as spreadsheets have it; whole seconds."""
    return at.astimezone(_zone(settings.TIME_ZONE)).replace(tzinfo=None, microsecond=0)


def written(cell: Cell) -> str:
    """CSV 单元格."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return local(cell).isoformat(sep=" ")
    return as_text(cell) if isinstance(cell, str) else str(cell)


_zone = cache(ZoneInfo)
