"""Whether our arithmetic comes out at the dates another house promised: pure but for the file."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common.errors import Invalid
from common.listing import listed
from grids import hours
from grids.dates import parse
from grids.hours import Budget, CalendarSpec, Kind
from tickets.importing.profile import Profile
from tickets.importing.table import Row
from tickets.importing.times import moment

ENOUGH = Decimal("0.99")
SHOWN = 5
PARTS = {
    "calendar": {"slots", "weekdays", "cut_off", "day_start"},
    "targets": {"column", "by", "opened", "seconds", "work_days"},
}


@dataclass(frozen=True, slots=True)
class Targets:
    """承诺规则: rows of these kinds, opened within these hours, are due so many workdays later."""

    calendar: CalendarSpec
    column: str
    by: str
    opened: tuple[int, int]
    within: timedelta
    budgets: dict[str, Budget]


@dataclass(frozen=True, slots=True, order=True)
class Miss:
    """偏差: by how much ours comes later (or earlier) than theirs."""

    size: timedelta
    line: int
    kind: str = field(compare=False)
    opened: datetime = field(compare=False)
    theirs: datetime = field(compare=False)
    ours: datetime = field(compare=False)


@dataclass
class Checked:
    """对照结果: `outside` are rows of those kinds opened at other hours, told but not judged."""

    total: int = 0
    within: int = 0
    outside: int = 0
    outside_within: int = 0
    unreadable: int = 0
    worst: list[Miss] = field(default_factory=list)

    @property
    def share(self) -> Decimal:
        """命中率."""
        return Decimal(self.within) / self.total if self.total else Decimal(0)

    @property
    def is_enough(self) -> bool:
        return self.share >= ENOUGH


def read(profile: Profile) -> Targets:
    """承诺规则 of a profile's [calendar] and [targets]; raises `Invalid` with what is wrong."""
    try:
        for part, known in PARTS.items():
            if unknown := set(profile.more.get(part, {})) - known:
                raise ValueError(_("不认识 %(keys)s") % {"keys": listed(sorted(unknown))})
        return _targets(profile.more["targets"], profile.more["calendar"], profile.times.zone)
    except KeyError as missing:
        why = _("缺少 %(key)s") % {"key": missing}
    except InvalidOperation:
        why = _("work_days 要写天数")
    except (TypeError, ValueError, AttributeError) as wrong:
        why = str(wrong)
    raise Invalid(
        _("来源格式“%(name)s”的 [calendar] 或 [targets] 不能用来对照：%(why)s。")
        % {"name": profile.name, "why": why},
        field="profile",
    )


def with_targets(profile: Profile, targets: Targets) -> Profile:
    """The same profile, whose file must also have the columns of the targets."""
    return replace(profile, text=(*profile.text, targets.column, targets.by))


def check(rows: Iterable[Row], profile: Profile, targets: Targets) -> Checked:
    """对照: every row of those kinds that has a date of theirs."""
    found = Checked()
    for miss in _compared(rows, profile, targets, found):
        is_near = miss.size <= targets.within
        if _is_judged(miss.opened, targets):
            found.total, found.within = found.total + 1, found.within + is_near
            found.worst = heapq.nlargest(SHOWN, [*found.worst, miss])
        else:
            found.outside += 1
            found.outside_within += is_near
    return found


def _compared(
    rows: Iterable[Row], profile: Profile, targets: Targets, found: Checked
) -> Iterator[Miss]:
    for row in rows:
        budget = targets.budgets.get(row.cells.get(targets.by, ""))
        if row.fault or budget is None:
            found.unreadable += bool(row.fault)
            continue
        try:
            opened, theirs = (
                moment(row.cells[name], name, profile.times)
                for name in (profile.times.reported, targets.column)
            )
        except Invalid:
            found.unreadable += 1
            continue
        if opened is None or theirs is None:
            continue
        ours = hours.add(opened, budget, targets.calendar)
        yield Miss(abs(ours - theirs), row.line, row.cells[targets.by], opened, theirs, ours)


def _is_judged(opened: datetime, targets: Targets) -> bool:
    wall = opened.astimezone(targets.calendar.zone)
    first, last = targets.opened
    is_open = first <= wall.hour * 60 + wall.minute < last
    return is_open and bool(targets.calendar.on(wall.date()))


def _targets(found: dict[str, Any], calendar: dict[str, Any], zone: ZoneInfo) -> Targets:
    opened = parse(str(found["opened"]))
    if opened is None or len(opened) != 1:
        raise ValueError(_("opened 要写成 8:00-17:00 的样子"))
    budgets = {
        str(kind): Budget(Decimal(str(days)), Kind.WORK_DAY)
        for kind, days in found["work_days"].items()
    }
    if not budgets:
        raise ValueError(_("work_days 至少要有一类"))
    within = timedelta(seconds=float(found.get("seconds", 60)))
    columns = str(found["column"]), str(found["by"])
    return Targets(_calendar(calendar, zone), *columns, opened[0], within, budgets)


def _calendar(found: dict[str, Any], zone: ZoneInfo) -> CalendarSpec:
    slots = parse(str(found["slots"]))
    if not slots:
        raise ValueError(_("slots 要写成 8:30-12:00 13:30-17:30 的样子"))
    week = {int(day) - 1: slots for day in found["weekdays"]}
    if not week:
        raise ValueError(_("weekdays 至少要有一天，1 是星期一"))
    cut_off, day_start = (_minutes(found.get(key)) for key in ("cut_off", "day_start"))
    return CalendarSpec("targets", zone, week, cut_off=cut_off, day_start=day_start)


def _minutes(text: Any) -> int | None:
    if text is None:
        return None
    found = time.fromisoformat(str(text))
    return found.hour * 60 + found.minute
