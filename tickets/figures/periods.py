"""Days, weeks and months of the district, and which of them one is compared with. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
YEAR_OF_WEEKS = timedelta(weeks=52)


class Kind(StrEnum):
    """日报、周报、月报."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """一期: from its first to its last day."""

    kind: Kind
    first: date

    @property
    def last(self) -> date:
        """末日."""
        if self.kind == Kind.DAY:
            return self.first
        if self.kind == Kind.WEEK:
            return self.first + 6 * DAY
        return self.next.first - DAY

    @property
    def next(self) -> "Period":
        """下一期."""
        if self.kind == Kind.MONTH:
            return of(self.kind, self.first.replace(day=28) + 4 * DAY)
        return of(self.kind, self.first + (DAY if self.kind == Kind.DAY else 7 * DAY))

    @property
    def before(self) -> "Period":
        """上一期."""
        return of(self.kind, self.first - DAY)

    @property
    def last_year(self) -> "Period | None":
        """去年同期: a week 52 weeks ago; None for the 29th of February."""
        if self.kind == Kind.WEEK:
            return replace(self, first=self.first - YEAR_OF_WEEKS)
        try:
            return replace(self, first=self.first.replace(year=self.first.year - 1))
        except ValueError:
            return None


def of(kind: Kind, day: date) -> Period:
    """那一天所在的一期: weeks begin on Monday."""
    if kind == Kind.WEEK:
        day -= timedelta(days=day.weekday())
    return Period(kind, day.replace(day=1) if kind == Kind.MONTH else day)


def latest(kind: Kind, today: date) -> Period:
    """最近一期 that is over."""
    return of(kind, today).before
