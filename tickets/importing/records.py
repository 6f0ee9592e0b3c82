"""What a file gives, row by row, whatever kind of file it is."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Damaged:
    """坏格: what can still be seen of a cell, and why it cannot be trusted."""

    text: str
    why: str


Value = str | datetime | Damaged


@dataclass(frozen=True, slots=True)
class Record:
    """记录: its number in the file, its cells, or the fault that keeps them from being read."""

    line: int
    cells: list[Value] = field(default_factory=list)
    fault: str = ""
    is_endless: bool = False
