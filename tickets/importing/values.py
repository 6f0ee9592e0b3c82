"""Numbers of a workbook as a person would have written them. Pure."""

import re
from datetime import datetime

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import from_excel

from tickets.importing.records import Damaged, Value

EXACT = 10**15
"""Excel keeps fifteen digits; of a longer number the last ones are gone."""
CHINESE_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Numbers that stand for dates in a Chinese Excel and for nothing elsewhere."""
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
ZEROS = re.compile("0{2,20}")
SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[Ee]\+\d{1,3}")


def number(text: str, form: str, epoch: datetime) -> Value:
    """数字格: a date where the cell shows one, else its digits; leading zeros as shown."""
    if not NUMBER.fullmatch(text):
        return Damaged(text, _("不是数字"))
    value = float(text)
    if is_date_format(form):
        return _moment(value, text, epoch)
    if abs(value) >= EXACT:
        return Damaged(text, _("超过 15 位的数字，Excel 已丢失后几位；请把这一列设为文本再填"))
    if not value.is_integer():
        return format(value, ".15g")
    digits = str(int(value))
    return digits.zfill(len(form)) if ZEROS.fullmatch(form) else digits


def form_of(number: int, own: dict[int, str]) -> str:
    """数字格式: by its number in the style sheet."""
    if number in CHINESE_DATES and number not in own:
        return "yyyy-mm-dd"
    found: str = own.get(number) or BUILTIN_FORMATS.get(number) or "General"
    return found


def is_spoiled(text: str) -> bool:
    """科学计数: a number that a spreadsheet cut short before it was saved as text."""
    return SCIENTIFIC.fullmatch(text) is not None


def _moment(value: float, text: str, epoch: datetime) -> Value:
    try:
        found = from_excel(value, epoch)
    except (ValueError, OverflowError):
        return Damaged(text, _("不是日期"))
    if isinstance(found, datetime):
        return found
    return str(found)
