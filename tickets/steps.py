"""升级步骤: what comes next while a clock runs, and when. Pure.

A plan's last step repeats, so that a running clock always has a next one (DESIGN §4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count, islice, takewhile
from typing import Protocol

from django.utils.translation import gettext as _

from grids import hours
from tickets.models.escalation import StepAt, StepVerb
from tickets.reckoning import Promised

MOST = 500
"""Steps of one clock that are caught up with at a time."""


WEIGHTS = {StepVerb.LAPSE: 0, StepVerb.REMIND: 1, StepVerb.WARN: 2, StepVerb.ESCALATE: 4}


REPEATED = (StepAt.EVERY_HOURS, StepAt.EVERY_WORK_DAYS)


LEAST_HOURS = Decimal("0.25")
"""A step that comes more often than that only fills the record."""


class Row(Protocol):
    """升级步骤的行."""

    nth: int
    at_kind: str
    at_value: Decimal
    verb: str


class Dated(Promised, Protocol):
    """A clock with its due date."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """一步: which of the plan, how often already, and when it is due."""

    nth: int
    again: int
    verb: str
    due_at: datetime
    is_overdue: bool

    @property
    def weight(self) -> int:
        """轻重: of all that was missed people are told the gravest."""
        return WEIGHTS[StepVerb(self.verb)] + self.is_overdue


@dataclass(frozen=True)
class Course:
    """进程: one clock, its plan, its pauses and its calendar."""

    clock: Dated
    rows: Sequence[Row]
    pauses: Sequence[hours.Pause]
    spec: hours.CalendarSpec

    def after(self, nth: int, again: int, since: datetime | None = None) -> Iterator[Step]:
        """此后各步: without an end, and never before `since`, when the one before them was due.

        A calendar edited meanwhile would set them there.
        """
        for row in self.rows:
            if row.at_kind in REPEATED:  # the last one, also where a plan was cut or grew
                yield from (self.step(row, time, since) for time in count(again + 1))
            elif row.nth > nth:
                yield self.step(row, 0, since)

    def missed(self, nth: int, again: int, at: datetime, since: datetime) -> Iterator[Step]:
        """已到各步: those after (nth, again), which was due at `since`, that are due by now."""
        due = takewhile(lambda step: step.due_at <= at, self.after(nth, again, since))
        yield from islice(due, MOST)

    def next(self, at: datetime, *, fired_nth: int) -> Step:
        """下一步: the first that is still to come.

        A graver one than any that came, past by dates that have only now been set, comes now.
        """
        graver: Step | None = None
        for step in self.after(0, 0):
            if step.due_at > at:
                break
            graver = step if step.nth > fired_nth else graver
        if graver is not None:
            return Step(graver.nth, graver.again, graver.verb, at, graver.is_overdue)
        return step

    def step(self, row: Row, again: int, since: datetime | None = None) -> Step:
        """That row's step, the how manieth time."""
        due_at = self._instant(row, again)
        due_at = max(due_at, since or due_at)
        return Step(row.nth, again, row.verb, due_at, due_at >= self.clock.due_at)

    def _instant(self, row: Row, again: int) -> datetime:
        clock, value = self.clock, row.at_value
        match row.at_kind:
            case StepAt.SHARE if value >= 100:
                return clock.due_at
            case StepAt.SHARE:
                return hours.at_share(
                    clock.counted_from, clock.due_at, value / 100, hours.Kind(clock.kind),
                    self.spec, self.pauses,
                )  # fmt: skip
            case StepAt.AFTER_HOURS:
                return clock.due_at + _hours(value)
            case StepAt.EVERY_HOURS:
                return self._before(row) + _hours(value) * again
            case _:
                return _working_days_later(self._before(row), int(value) * again, self.spec)

    def _before(self, row: Row) -> datetime:
        earlier = [one for one in self.rows if one.nth < row.nth]
        return self._instant(earlier[-1], 0) if earlier else self.clock.due_at


def _hours(value: Decimal) -> timedelta:
    return timedelta(hours=float(value))


def _working_days_later(moment: datetime, days: int, spec: hours.CalendarSpec) -> datetime:
    """The same time of day on the n-th working day after; where nothing works, on the n-th day."""
    wall = moment.astimezone(spec.zone)
    today = wall.toordinal()
    found = spec.workdays.find(spec.workdays.before(today + 1) + days)
    ordinal = found[0] if found is not None else today + days
    later = datetime.combine(date.fromordinal(ordinal), wall.time(), spec.zone)
    return later.astimezone(moment.tzinfo)


def fault(rows: Sequence[Row]) -> str:
    """毛病: what is wrong with a plan's steps, in order; empty when nothing is."""
    kinds = [row.at_kind for row in rows]
    shares = [row.at_value for row in rows if row.at_kind == StepAt.SHARE]
    if not rows or kinds[-1] not in REPEATED:
        return _("最后一步要是“此后每几小时”或“此后每几个工作日”，否则时钟会没有下一步。")
    if any(kind in REPEATED for kind in kinds[:-1]):
        return _("重复的步骤只能是最后一步。")
    if shares != sorted(set(shares)) or shares[-1:] != [Decimal(100)]:
        return _("百分数要一步比一步大，最后一个要是 100（到期）。")
    if kinds[: len(shares)] != [StepAt.SHARE] * len(shares):
        return _("到期前的步骤（百分数）要排在到期后的步骤前面。")
    if any(row.at_value != int(row.at_value) for row in rows if row.at_kind == REPEATED[1]):
        return _("工作日要填整数。")
    if any(row.at_value < LEAST_HOURS for row in rows if row.at_kind == REPEATED[0]):
        return _("重复的步骤至少隔四分之一小时（0.25）。")
    after = [row.at_value for row in rows if row.at_kind == StepAt.AFTER_HOURS]
    if after != sorted(set(after)):
        return _("到期后的小时数要一步比一步大。")
    return ""
