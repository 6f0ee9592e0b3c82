"""巡查情况 as a file: every point of a day, with each visit or none."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common import clock
from grids.models import Person
from tickets import patrolled
from tickets.exporting.lists import Columns, Rows, cells
from tickets.exporting.making import Listing
from tickets.models import CheckIn
from tickets.models.export import ExportOf
from tickets.patrolled import Line, Told


@dataclass(frozen=True)
class Seen:
    """一行: a point with one visit, or with none."""

    day: date
    is_today: bool
    line: Line
    visit: CheckIn | None
    visible: frozenset[int]

    @property
    def stand(self) -> str:
        """情况."""
        if self.line.is_visited:
            return _("去过")
        return _("还没去") if self.is_today else _("没去")

    @property
    def found(self) -> str:
        """发现的问题: its number where this person may open it."""
        ticket = self.visit.ticket if self.visit else None
        if ticket is None:
            return _("无异常") if self.visit else ""
        return ticket.number if ticket.pk in self.visible else _("发现问题")

    @property
    def is_far(self) -> str:
        """偏远: where a position tells."""
        if self.visit is None or self.visit.is_far is None:
            return ""
        return _("是") if self.visit.is_far else _("否")


COLUMNS: Columns = (
    (gettext_lazy("日期"), lambda row: f"{row.day:%Y-%m-%d}"),
    (gettext_lazy("网格"), lambda row: str(row.line.point.division)),
    (gettext_lazy("代码"), lambda row: row.line.point.code),
    (gettext_lazy("巡查点"), lambda row: row.line.point.name),
    (gettext_lazy("情况"), lambda row: row.stand),
    (gettext_lazy("最晚"), lambda row: f"{row.line.until:%Y-%m-%d}" if row.line.until else ""),
    (gettext_lazy("到访"), lambda row: row.visit and row.visit.visited_at),
    (gettext_lazy("收到"), lambda row: row.visit and row.visit.at),
    (gettext_lazy("人员"), lambda row: str(row.visit.person) if row.visit else ""),
    (gettext_lazy("方式"), lambda row: row.visit.get_way_display() if row.visit else ""),
    (pgettext_lazy("metres", "距离（米）"), lambda row: row.visit and row.visit.metres),
    (pgettext_lazy("metres", "误差（米）"), lambda row: row.visit and row.visit.accuracy_m),
    (gettext_lazy("偏远"), lambda row: row.is_far),
    (gettext_lazy("发现问题"), lambda row: row.found),
)


def of_patrol(person: Person, day: date, grid: str, *, at: datetime) -> Listing:
    """巡查情况: of that day and grid, all of it. Raises NotYours for others."""
    patrolled.require(person, at=at)
    asked = {"day": f"{day:%Y-%m-%d}", **({"grid": grid} if grid else {})}
    return Listing(ExportOf.PATROL, COLUMNS, lambda: _rows(person, day, grid, at), asked)


def _rows(person: Person, day: date, grid: str, at: datetime) -> Rows:
    found: Told = patrolled.told(person, day, at=at, grid=grid, most=None)
    is_today = day == clock.local(at).date()
    for line in found.lines:
        visits: list[CheckIn | None] = [*line.visits] or [None]
        for visit in visits:
            yield cells(COLUMNS, Seen(day, is_today, line, visit, found.visible))
