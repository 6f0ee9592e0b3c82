"""What differs between a family and its clones: one slot each, in a row of strings.

A family is compiled once into templates; a clone fills the slots and pours them in.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db.models import Model

Slot = int
Fill = Callable[[list[str]], tuple[str, ...]]
MARK = re.compile(r'"?\x02(\d+)\x03"?|\x04(\d+)\x05')
"""In JSON: a number that stands without quotes, or a piece inside a string."""


@dataclass
class Slots:
    """空位: handed out while a family is compiled."""

    count: int = 0
    ids: dict[tuple[type[Model], int], Slot] = field(default_factory=dict)
    times: dict[tuple[datetime, Any], Slot] = field(default_factory=dict)
    micros: dict[datetime, Slot] = field(default_factory=dict)

    def new(self) -> Slot:
        self.count += 1
        return self.count - 1

    def time(self, moment: datetime) -> Slot:
        """As ISO text, in the zone it came in."""
        key = (moment, moment.utcoffset())
        if key not in self.times:
            self.times[key] = self.new()
        return self.times[key]

    def microseconds(self, moment: datetime) -> Slot:
        """As the hash has it."""
        if moment not in self.micros:
            self.micros[moment] = self.new()
        return self.micros[moment]


@dataclass(frozen=True)
class Template:
    """模板: a text with slots."""

    form: str
    slots: tuple[Slot, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_take", _taker(self.slots))

    def pour(self, values: list[str]) -> str:
        """The text with these values in it."""
        return self.form % self._take(values)  # type: ignore[attr-defined]


def _taker(slots: Sequence[Slot]) -> Fill:
    if not slots:
        return lambda _values: ()
    if len(slots) == 1:
        only = slots[0]
        return lambda values: (values[only],)
    return itemgetter(*slots)


def number(slot: Slot) -> str:
    """Stands in JSON for a number."""
    return f"\x02{slot}\x03"


def piece(slot: Slot) -> str:
    """Stands in JSON for a piece of a string."""
    return f"\x04{slot}\x05"


def of_json(value: Any) -> Template:
    """JSON 模板: canonical, as the record writes it."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    text = text.replace("\\u0002", "\x02").replace("\\u0003", "\x03")
    text = text.replace("\\u0004", "\x04").replace("\\u0005", "\x05")
    if "\\" in text:
        raise ValueError("a backslash would have to be written twice for COPY")
    return of_text(text)


def of_text(text: str) -> Template:
    """文本模板: `%` is no sign of ours."""
    slots = [int(left or right) for left, right in MARK.findall(text)]
    return Template(MARK.sub("\x06", text).replace("%", "%%").replace("\x06", "%s"), tuple(slots))


def cell(value: Any) -> str:
    """COPY 单元格: of a value that stays."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.isoformat()
    return escaped(str(value))


def escaped(text: str) -> str:
    """COPY 转义."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
