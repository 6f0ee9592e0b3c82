"""日报、周报、月报: a period against the one before and the same of last year."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from tickets.figures import counting, months, showing
from tickets.figures.counting import CATEGORY, STREET, UNIT, Cells, Counted
from tickets.figures.facts import Measure
from tickets.figures.months import Frozen
from tickets.figures.periods import Kind, Period
from tickets.figures.scope import Scope
from tickets.figures.showing import Number
from tickets.rates import Rate

BY = (STREET, UNIT, CATEGORY)


@dataclass(frozen=True)
class Line:
    """一项指标: now, before, a year ago; as it was kept, where that is another number."""

    now: Number
    before: Number
    last_year: Number | None
    kept: Number | None
    """封存的, of a month that is kept."""
    has_moved: bool


@dataclass(frozen=True)
class Report:
    """一期报告."""

    period: Period
    found: Counted
    then: Counted | None
    """去年同期."""
    kept: Frozen | None
    lines: list[Line]
    is_running: bool

    @property
    def composites(self) -> list[float | None]:
        """综合得分: now, before, a year ago."""
        then = self.then.now if self.then else {}
        return [counting.composite(one) for one in (self.found.now, self.found.before, then)]


def scope_of(asked: Scope, period: Period) -> Scope:
    """本期的范围: without reports about staff, so that all who look at a division see the same."""
    return replace(
        asked, first=period.first, last=period.last, before_first=period.before.first,
        is_plain=True,
    )  # fmt: skip


def report(asked: Scope, period: Period) -> Report:
    """报告: five statements for a month, four for the others."""
    scope = scope_of(asked, period)
    found = counting.count(scope)
    year = period.last_year
    then_scope = _then(asked, year) if year else None
    then = counting.count(then_scope) if then_scope else None
    kept = months.frozen(scope) if period.kind == Kind.MONTH else None
    now = showing.numbers(scope, found.now, found.before)
    before = showing.numbers(scope.before, found.before)
    last = showing.numbers(then_scope, then.now) if then_scope and then else []
    was = showing.numbers(scope, kept.cells) if kept else []
    lines = [
        Line(
            now[nth], before[nth], last[nth] if last else None, was[nth] if was else None,
            has_moved=kept is not None and moved(kept.cells, found.now, one.measure),
        )
        for nth, one in enumerate(now)
    ]  # fmt: skip
    return Report(period, found, then, kept, lines, is_running=scope.until < scope.end)


def _then(asked: Scope, year: Period) -> Scope:
    """Nothing is asked about the time before it."""
    return replace(scope_of(asked, year), before_first=year.first)


def moved(kept: Cells, now: Cells, measure: Measure) -> bool:
    """变了: since it was kept."""
    was, told = kept.get(measure, Rate(0, 0)), now.get(measure, Rate(0, 0))
    return (was.met, was.due) != (told.met, told.due)


def tables(scope: Scope, found: Counted) -> list[dict[str, Any]]:
    """分组: by street, unit and category, each row against the time before."""
    titles = {STREET: _("按街道"), UNIT: _("按单位"), CATEGORY: _("按类别")}
    made = []
    for name in BY:
        rows = showing.table(scope, found, name)
        if rows:
            made.append({"name": name, "title": titles[name], "rows": rows})
    return made


def title(period: Period) -> str:
    """报告名."""
    if period.kind == Kind.DAY:
        return _("日报 %(day)s") % {"day": period.first.isoformat()}
    if period.kind == Kind.WEEK:
        days = {"first": f"{period.first:%Y-%m-%d}", "last": f"{period.last:%m-%d}"}
        return _("周报 %(first)s – %(last)s") % days
    return _("月报 %(month)s") % {"month": f"{period.first:%Y-%m}"}
