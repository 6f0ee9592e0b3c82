"""Deadlines by walking: knows nothing of the house's arithmetic, only which five minutes count.

Moments are ticks of five minutes; a walk goes from tick to tick, counts those in which the
calendar works and nothing is paused, and stops when the limit is used up.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

MINUTES = 5
HOUR = 60 // MINUTES
DAY = 24 * HOUR
EAST = 8 * HOUR  # of Greenwich, all the year
FIRST = date(1970, 1, 1)
THURSDAY = 3
START = datetime(1970, 1, 1, tzinfo=UTC)
Span = tuple[int, int]


def tick(moment: datetime) -> int:
    """A moment as a number."""
    count, rest = divmod(moment - START, timedelta(minutes=MINUTES))
    assert not rest
    return count


def moment(count: int) -> datetime:
    """And back."""
    return START + count * timedelta(minutes=MINUTES)


@dataclass
class Calendar:
    """A week, the ticks of a day between which it works, and dates off."""

    opens: int
    closes: int
    weekdays: int = 7
    off: set[date] = field(default_factory=set)

    @property
    def day(self) -> int:
        """A day of work."""
        return self.closes - self.opens

    def works(self, count: int) -> bool:
        """Whether it works in the five minutes that begin then."""
        day, of_day = divmod(count + EAST, DAY)
        return self.opens <= of_day < self.closes and self.is_on(day)

    def is_on(self, day: int) -> bool:
        """Whether it works on that day."""
        is_workday = (day + THURSDAY) % 7 < self.weekdays
        return is_workday and not (self.off and FIRST + timedelta(days=day) in self.off)

    def walk(self, count: int, ticks: int, pauses: list[Span]) -> int:
        """Where so many working ticks without a pause are used up."""
        while ticks:
            if self.works(count) and not any(begins <= count < ends for begins, ends in pauses):
                ticks -= 1
            count += 1
        return count

    def left(self, count: int, until: int) -> int:
        """Working ticks from one to the other."""
        return sum(self.works(one) for one in range(count, until))

    def after_days(self, count: int, days: int, pauses: list[Span]) -> int:
        """民法典: so many working days after that one, without a pause in any of them."""
        day = (count + EAST) // DAY
        while days:
            day += 1
            begins = day * DAY - EAST
            open_ones = range(begins + self.opens, begins + self.closes)
            is_whole = not any(low < open_ones.stop and high > open_ones.start and low < high
                               for low, high in pauses)  # fmt: skip
            days -= self.is_on(day) and is_whole
        return day * DAY - EAST + self.closes


@dataclass
class Limit:
    """What is promised of one clock."""

    began: int
    own: Calendar
    parts: list[tuple[int, Calendar]] = field(default_factory=list)
    told: int | None = None
    law_days: int = 0
    since: int = 0
    more: list[tuple[int, int | None]] = field(default_factory=list)
    pauses: list[Span] = field(default_factory=list)
    kept: Span | None = None
    law_kept: Span | None = None
    paused_at: int | None = None
    due: int = 0
    by_law: int | None = None

    def __post_init__(self) -> None:
        self.since = self.began
        self.settle()

    def settle(self) -> None:
        """By the calendars of now."""
        self.due, self.by_law = self._norm(), self._law()

    def extend(self, days: int, since: int | None) -> None:
        """Working days more."""
        self.more.append((days * self.own.day, since))
        self.settle()

    def resume(self, at: int) -> None:
        """What stood still goes on, and keeps what was left."""
        assert self.paused_at is not None
        since, self.paused_at = self.paused_at, None
        self.pauses.append((since, max(at, since)))
        self.follow(since, at)

    def follow(self, since: int, at: int) -> None:
        """A calendar has changed: who could not keep the new date has what was left at `since`."""
        due, by_law = self.due, self.by_law
        self.settle()
        soonest = self.own.walk(at, HOUR, [])
        if self._is_lost(since, due, self.due, soonest):
            self.kept = (since, due)
        if by_law and self.by_law and self._is_lost(since, by_law, self.by_law, soonest):
            self.law_kept = (since, by_law)
        self.settle()

    def relimit(self, days: int, law_days: int, at: int, *, is_broken: bool) -> None:
        """Another limit from the same start; what would be over by that alone counts from now."""
        known = dict(self.__dict__)
        self.since, self.kept, self.parts = self.began, None, [(days * self.own.day, self.own)]
        if not is_broken:
            self.law_days, self.law_kept = law_days, None
        self.settle()
        if not is_broken and self.by_law is not None and self.by_law <= at:
            self.law_kept = (at, self.own.after_days(at, law_days, []))
            self.settle()
        if self.due <= at:
            self.since = at
            self.settle()
            if known["due"] <= self.due:
                self.__dict__.update(known)

    def _norm(self) -> int:
        found = self.since if self.told is None else self._moved((self.since, self.told))
        for ticks, calendar in self.parts:
            found = calendar.walk(found, ticks, self.pauses)
        for ticks, since in self.more:
            found = self.own.walk(max(found, since or 0), ticks, self.pauses)
        return found if self.kept is None else max(found, self._moved(self.kept))

    def _law(self) -> int | None:
        if not self.law_days:
            return None
        found = self.own.after_days(self.began, self.law_days, self.pauses)
        return found if self.law_kept is None else max(found, self._moved(self.law_kept))

    def _moved(self, span: Span) -> int:
        """A date that was told, later by what pauses took of the time to it."""
        since, until = span
        return max(self.own.walk(since, self.own.left(since, until), self.pauses), until)

    def _is_lost(self, since: int, before: int, now: int, soonest: int) -> bool:
        return since < before and now <= soonest and self._moved((since, before)) > now
