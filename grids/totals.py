"""Running sums over the days of a calendar, and the way back: pure, no ORM, no clock."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate


class Totals:
    """累计: what each weekday gives, but for certain dates that give something else.

    Days are ordinals (`date.toordinal`; 1 is a Monday). The weeks are a closed form and the
    dates a sorted list, so that both ways take O(log dates), for a day as for a century.
    """

    def __init__(self, week: Sequence[int], days: Mapping[int, int]) -> None:
        self._week = (0, *accumulate(week))
        self._days = days
        self._dates = sorted(days)
        gains = (days[ordinal] - week[(ordinal - 1) % 7] for ordinal in self._dates)
        self._gains = (0, *accumulate(gains))
        self._starts = [self.before(ordinal) for ordinal in self._dates]

    def before(self, ordinal: int) -> int:
        """The sum of all days before that one."""
        weeks, weekday = divmod(ordinal - 1, 7)
        gain = self._gains[bisect_left(self._dates, ordinal)]
        return weeks * self._week[7] + self._week[weekday] + gain

    def find(self, target: int) -> tuple[int, int] | None:
        """The day within which the sum reaches `target`, and what of it falls on that day.

        None when the week gives nothing and the dates do not suffice.
        """
        nearest = bisect_left(self._starts, target) - 1
        if nearest >= 0:
            ordinal, rest = self._dates[nearest], target - self._starts[nearest]
            if rest <= self._days[ordinal]:
                return ordinal, rest
            target -= self._gains[nearest + 1]
        if not self._week[7]:
            return None
        weeks, rest = divmod(target - 1, self._week[7])
        weekday = bisect_left(self._week, rest + 1) - 1
        return weeks * 7 + weekday + 1, rest + 1 - self._week[weekday]
