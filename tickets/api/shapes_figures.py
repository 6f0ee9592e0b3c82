"""What the API answers about figures."""

from datetime import date, datetime
from typing import Literal, TypedDict

MeasureName = Literal["accept", "claim", "resolve", "reply", "responded", "solved", "content"]


class RateShown(TypedDict):
    """率: what was kept of how many; no value where nothing was due."""

    measure: MeasureName
    label: str
    value: float | None
    met: float
    due: int


class GroupShown(TypedDict):
    """一行: of a street, unit or category; `code` is - where there is none."""

    code: str
    name: str
    rates: list[RateShown]
    before: list[RateShown]


class SpanShown(TypedDict):
    """一个时段, and all its rates."""

    since: date
    until: date
    rates: list[RateShown]
    composite: float | None


class FiguresShown(TypedDict):
    """数据: of the days asked for and of the time before, by street, unit and category."""

    now: SpanShown
    before: SpanShown
    streets: list[GroupShown]
    units: list[GroupShown]
    categories: list[GroupShown]


class KeptShown(TypedDict):
    """封存: what a month's numbers were when its report was due."""

    made_at: datetime
    is_intact: bool
    rates: list[RateShown]
    composite: float | None


class ReportShown(FiguresShown):
    """报告: of one period; `last_year` is null where there is none."""

    kind: Literal["day", "week", "month"]
    is_running: bool
    last_year: SpanShown | None
    kept: KeptShown | None


class BehindShown(TypedDict):
    """明细: one time limit or rating; the text only for those who may read it."""

    ticket: str
    state: str
    category: str | None
    unit: str | None
    is_met: bool
    due_at: datetime | None
    done_at: datetime | None
    said: str
    summary: str | None


class BehindPage(TypedDict):
    """明细, the latest first."""

    results: list[BehindShown]
    next: str | None
    previous: str | None
