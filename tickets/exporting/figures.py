"""Figures as a file: each number with what it is made of, and the rows behind one number."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.cells import Cell
from grids.models import Person
from tickets import boards
from tickets.exporting.lists import PAGE, Columns, Rows, cells
from tickets.exporting.making import Listing
from tickets.figures import behind, counting, facts, reports, showing
from tickets.figures.behind import Asked, Line
from tickets.figures.counting import CATEGORY, STREET, UNIT, WEEK
from tickets.figures.facts import Measure
from tickets.figures.periods import Period
from tickets.figures.scope import Scope
from tickets.models.export import ExportOf
from tickets.rates import Rate

Told = tuple[str, str, dict[Measure, Rate]]
BY = {
    STREET: gettext_lazy("街道"), UNIT: gettext_lazy("单位"), CATEGORY: gettext_lazy("类别"),
    WEEK: gettext_lazy("周"),
}  # fmt: skip


def _cell(measure: Measure, part: str) -> Callable[[Told], Cell]:
    def read(row: Told) -> Cell:
        rate = row[2].get(measure, Rate(0, 0))
        if part == "value":
            return "" if rate.value is None else round(rate.value, 4)
        return float(rate.met) if part == "met" else rate.due

    return read


def columns() -> Columns:
    """列: of each measure the rate, what was kept, and of how many."""
    found: list[Any] = [
        (gettext_lazy("分组"), lambda row: row[0]),
        (gettext_lazy("名称"), lambda row: row[1]),
    ]
    for measure in Measure:
        label = str(facts.LABELS[measure])
        found += [
            (label, _cell(measure, "value")),
            (_("%(rate)s：做到") % {"rate": label}, _cell(measure, "met")),
            (_("%(rate)s：总数") % {"rate": label}, _cell(measure, "due")),
        ]
    return tuple(found)


LINES: Columns = (
    (gettext_lazy("编号"), lambda row: row.ticket.number),
    (gettext_lazy("状态"), lambda row: str(row.ticket.get_state_display())),
    (gettext_lazy("类别"), lambda row: str(row.ticket.category or "")),
    (gettext_lazy("街道"), lambda row: str(row.ticket.subdistrict or "")),
    (gettext_lazy("责任单位"), lambda row: str(row.unit or "")),
    (gettext_lazy("做到"), lambda row: _("是") if row.is_met else _("否")),
    (gettext_lazy("到期"), lambda row: row.due_at),
    (gettext_lazy("完成时间"), lambda row: row.done_at),
    (gettext_lazy("评价"), lambda row: row.said),
    (
        gettext_lazy("诉求内容"),
        lambda row: row.summary if row.is_readable else _("内容限定人员可见"),
    ),
)


def of_figures(scope: Scope) -> Listing:
    """数据: as the page shows it, every row of every table."""
    return Listing(ExportOf.FIGURES, columns(), lambda: _figures(scope), showing.query(scope))


def of_behind(person: Person, scope: Scope, measure: Asked, part: str) -> Listing:
    """明细: all pages."""
    asked = showing.query(scope, m=measure, part=part)
    return Listing(ExportOf.BEHIND, LINES, lambda: _lines(person, scope, measure, part), asked)


def of_report(asked: Scope, period: Period) -> Listing:
    """报告: as the page shows it, with the period before and last year's, and what was kept."""
    told = {**asked.asked, "kind": period.kind.value, "on": period.first.isoformat()}
    return Listing(ExportOf.REPORT, columns(), lambda: _report(asked, period), told)


def _report(asked: Scope, period: Period) -> Rows:
    made, columns_ = reports.report(asked, period), columns()
    scope = reports.scope_of(asked, period)
    wholes = [(_("本期"), reports.title(period), made.found.now)]
    if made.kept:
        wholes.append((_("封存的数"), _moment(made.kept.made_at), made.kept.cells))
    wholes.append((_("上期"), reports.title(period.before), made.found.before))
    if made.then and period.last_year:
        wholes.append((_("去年同期"), reports.title(period.last_year), made.then.now))
    for row in wholes:
        yield cells(columns_, row)
    for name in reports.BY:
        for told, rates in showing.named_cells(scope, made.found, name):
            yield cells(columns_, (str(BY[name]), told, rates))


def _moment(at: datetime) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}"


def _figures(scope: Scope) -> Rows:
    found = counting.count(scope)
    made = columns()
    yield cells(made, (_("全部"), "", found.now))
    yield cells(made, (_("上期"), showing.before_told(scope), found.before))
    for name, label in BY.items():
        for told, rates in showing.named_cells(scope, found, name):
            yield cells(made, (str(label), told, rates))


def _lines(person: Person, scope: Scope, measure: Asked, part: str) -> Rows:
    for line in _told(person, scope, measure, part):
        yield cells(LINES, line)


def _told(person: Person, scope: Scope, measure: Asked, part: str) -> Iterator[Line]:
    rows, after = behind.rows(scope, measure, part), ""
    while True:
        page = boards.page(rows, behind.order_of(measure), after=after, size=PAGE)
        yield from behind.told(person, page.rows, measure, at=scope.at)
        after = page.next
        if not after:
            return
