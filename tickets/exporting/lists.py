"""What stands in an exported list: columns, and rows as one person may read them.

Read page by page with the keyset of the list itself; `sees` is asked for every row, and what it
has to look up is looked up once a page.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.cells import Cell
from grids.models import Person
from notices.models import Incident, Notice
from tickets import boards, inbox, law, permits, standing, supervisions
from tickets.boards import Order
from tickets.models import Approval, Assist, Supervision, Ticket
from tickets.models.queries import TicketQuerySet
from tickets.standing import Group
from tickets.walks import Walk
from tickets.workloads import ledger

PAGE = 1000
Rows = Iterator[Sequence[Cell]]


Known = dict[tuple[str, Any], str]
"""Names and labels that were told already: the same few, row after row."""


@dataclass(frozen=True, slots=True)
class Seen:
    """一张工单 as one person may read it."""

    ticket: Ticket
    can_read: bool
    is_inside: bool
    said: str
    known: Known

    def label(self, field: str) -> str:
        """取值的名称: of a closed list."""
        key = (field, getattr(self.ticket, field))
        if key not in self.known:
            self.known[key] = str(getattr(self.ticket, f"get_{field}_display")())
        return self.known[key]

    def name(self, field: str) -> str:
        """名称 of what the ticket points to."""
        key = (field, getattr(self.ticket, f"{field}_id"))
        if key not in self.known:
            self.known[key] = _name(getattr(self.ticket, field))
        return self.known[key]

    @property
    def text(self) -> str:
        """诉求内容, or that it is for others."""
        return self.said if self.can_read else _("内容限定人员可见")


Columns = tuple[tuple[Any, Callable[[Any], Cell]], ...]
TICKET: Columns = (
    (gettext_lazy("编号"), lambda row: row.ticket.number),
    (gettext_lazy("状态"), lambda row: row.label("state")),
    (gettext_lazy("轮到"), lambda row: row.label("turn")),
    (gettext_lazy("诉求类型"), lambda row: row.label("nature")),
    (gettext_lazy("类别"), lambda row: row.name("category")),
    (gettext_lazy("紧急程度"), lambda row: row.label("urgency")),
    (gettext_lazy("来源"), lambda row: row.label("source")),
    (gettext_lazy("由谁提出"), lambda row: row.label("origin")),
    (gettext_lazy("街道"), lambda row: row.name("subdistrict")),
    (gettext_lazy("社区"), lambda row: row.name("community")),
    (gettext_lazy("区划"), lambda row: row.name("division")),
    (gettext_lazy("地址"), lambda row: row.ticket.address if row.can_read else ""),
    (gettext_lazy("诉求内容"), lambda row: row.text),
    (gettext_lazy("承办单位"), lambda row: row.name("unit")),
    (gettext_lazy("处置人员"), lambda row: _name(row.ticket.handler) if row.is_inside else ""),
    (gettext_lazy("有待批"), lambda row: _yes(row.is_inside and row.ticket.has_request)),
    (gettext_lazy("敏感"), lambda row: _yes(row.ticket.is_sensitive)),
    (gettext_lazy("上报时间"), lambda row: row.ticket.reported_at),
    (gettext_lazy("派单时间"), lambda row: row.ticket.dispatched_at),
    (gettext_lazy("办结时间"), lambda row: row.ticket.resolved_at),
    (gettext_lazy("答复时间"), lambda row: row.ticket.replied_at),
    (gettext_lazy("到期"), lambda row: row.ticket.due_at),
    (gettext_lazy("结束时间"), lambda row: row.ticket.ended_at),
)
SUSPENDED: Columns = (
    (gettext_lazy("工单"), lambda row: row.ticket.number),
    (gettext_lazy("类别"), lambda row: row.name("category")),
    (gettext_lazy("街道"), lambda row: row.name("subdistrict")),
    (gettext_lazy("社区"), lambda row: row.name("community")),
    (gettext_lazy("地址"), lambda row: row.ticket.address if row.can_read else ""),
    (gettext_lazy("诉求内容"), lambda row: row.text),
    (gettext_lazy("承办单位"), lambda row: row.name("unit")),
    (gettext_lazy("处置人员"), lambda row: _name(row.ticket.handler) if row.is_inside else ""),
    (gettext_lazy("挂账原因"), lambda row: law.reason_text("suspend", _granted(row, "reason"))),
    (gettext_lazy("申请人"), lambda row: _granted(row, "asker") if row.is_inside else ""),
    (gettext_lazy("批准人"), lambda row: _granted(row, "by") if row.is_inside else ""),
    (gettext_lazy("挂账自"), lambda row: row.ticket.suspended_at),
    (gettext_lazy("恢复时间"), lambda row: row.ticket.resume_at),
)
APPROVAL: Columns = (
    (gettext_lazy("工单"), lambda row: row[0].ticket.number),
    (gettext_lazy("审批种类"), lambda row: row[0].get_kind_display()),
    (pgettext_lazy("request", "状态"), lambda row: row[0].get_state_display()),
    (gettext_lazy("理由"), lambda row: law.reason_text(row[0].kind, row[0].asks.get("reason", ""))),
    (gettext_lazy("说明"), lambda row: (row[0].words or "") if row[1].can_read else ""),
    (gettext_lazy("诉求内容"), lambda row: row[1].text),
    (gettext_lazy("类别"), lambda row: _name(row[0].ticket.category)),
    (gettext_lazy("承办单位"), lambda row: _name(row[0].ticket.unit)),
    (gettext_lazy("申请人"), lambda row: _name(row[0].asked_by)),
    (gettext_lazy("申请时间"), lambda row: row[0].asked_at),
    (gettext_lazy("会签人"), lambda row: _name(row[0].countersigned_by)),
    (gettext_lazy("会签时间"), lambda row: row[0].countersigned_at),
    (gettext_lazy("决定人"), lambda row: _name(row[0].decider)),
    (gettext_lazy("决定时间"), lambda row: row[0].decided_at),
    (gettext_lazy("审批到期"), lambda row: row[0].due_at),
)
SUPERVISED: Columns = (
    (gettext_lazy("工单"), lambda row: row.supervision.ticket.number),
    (gettext_lazy("状态"), lambda row: row.supervision.get_state_display()),
    (gettext_lazy("督办要求"), lambda row: row.demand or _("内容限定人员可见")),
    (gettext_lazy("类别"), lambda row: _name(row.supervision.ticket.category)),
    (gettext_lazy("承办单位"), lambda row: _name(row.supervision.ticket.unit)),
    (gettext_lazy("处置人员"), lambda row: _name(row.supervision.ticket.handler)),
    (gettext_lazy("督办人"), lambda row: _name(row.supervision.opened_by)),
    (gettext_lazy("督办时间"), lambda row: row.supervision.opened_at),
    (gettext_lazy("反馈期限"), lambda row: row.supervision.due_at),
    (gettext_lazy("反馈时间"), lambda row: row.supervision.answered_at),
    (gettext_lazy("销号时间"), lambda row: row.supervision.lifted_at),
)
NEWS: Columns = (
    (gettext_lazy("时间"), lambda row: row.notice.at),
    (gettext_lazy("工单"), lambda row: row.ticket.number if row.ticket else ""),
    (gettext_lazy("消息"), lambda row: row.title if row.ticket else _("工单不再对您开放")),
    (gettext_lazy("操作者"), lambda row: row.who),
    (gettext_lazy("说明"), lambda row: "\n".join(row.details)),
    (gettext_lazy("因何告知"), lambda row: row.role),
    (gettext_lazy("已读时间"), lambda row: row.notice.read_at),
)
ASSIST: Columns = (
    (gettext_lazy("工单"), lambda row: row.ticket.number),
    (gettext_lazy("协办单位"), lambda row: _name(row.unit)),
    (gettext_lazy("状态"), lambda row: row.get_state_display()),
    (gettext_lazy("提出时间"), lambda row: row.asked_at),
    (gettext_lazy("到期"), lambda row: row.due_at),
    (gettext_lazy("反馈人"), lambda row: _name(row.answered_by)),
    (gettext_lazy("结束时间"), lambda row: row.ended_at),
)
INCIDENT: Columns = (
    (gettext_lazy("类别"), lambda row: row.kind),
    (gettext_lazy("对象"), lambda row: row.subject),
    (gettext_lazy("说明"), lambda row: row.detail),
    (gettext_lazy("次数"), lambda row: row.count),
    (gettext_lazy("首次"), lambda row: row.first_at),
    (gettext_lazy("最近"), lambda row: row.last_at),
    (gettext_lazy("结束"), lambda row: row.ended_at),
    (gettext_lazy("处理说明"), lambda row: row.note),
)


def supervised(person: Person, rows: QuerySet[Supervision], order: Order, *, at: datetime) -> Rows:
    """督办: as the list tells them."""
    for page in _pages(rows, order):
        yield from (cells(SUPERVISED, one) for one in supervisions.told(person, page, at=at))


def tickets(person: Person, rows: Walk | TicketQuerySet, order: Order, *, at: datetime) -> Rows:
    """工单: in the order of the list."""
    known: Known = {}
    for page in _pages(rows, order, dressed=_with_text):
        yield from _told(person, page, known, at)


def found(person: Person, rows: TicketQuerySet, ids: Sequence[int], *, at: datetime) -> Rows:
    """查找结果: `ids` in their order, of `rows`."""
    known: Known = {}
    for start in range(0, len(ids), PAGE):
        wanted = ids[start : start + PAGE]
        there = {row.pk: row for row in _with_text(rows.filter(pk__in=wanted))}
        yield from _told(person, [there[pk] for pk in wanted if pk in there], known, at)


def approvals(person: Person, rows: QuerySet[Approval], order: Order, *, at: datetime) -> Rows:
    """审批: with the words of request and report where `sees` allows."""
    for page in _pages(boards.with_request(rows), order):
        standing.remember(person, [row.ticket for row in page], at=at)
        for row in page:
            yield cells(APPROVAL, (row, seen(person, row.ticket, row.summary, {}, at=at)))


def suspended(person: Person, rows: Walk, order: Order, *, at: datetime) -> Rows:
    """挂账台账: with reason and dates."""
    known: Known = {}
    for page in _pages(rows, order, dressed=lambda found: ledger(found).with_text()):
        standing.remember(person, page, at=at)
        for ticket in page:
            yield cells(SUSPENDED, seen(person, ticket, ticket.text, known, at=at))


def news(person: Person, rows: QuerySet[Notice], *, at: datetime) -> Rows:
    """消息: as the inbox tells them."""
    for page in _pages(rows, inbox.BY_TIME):
        for one in inbox.told(person, page, at=at):
            yield cells(NEWS, one)


def assists(rows: QuerySet[Assist], order: Order) -> Rows:
    """协办: of tickets this person sees as staff."""
    for page in _pages(rows.select_related("ticket", "answered_by"), order):
        yield from (cells(ASSIST, row) for row in page)


def incidents(rows: QuerySet[Incident], order: Order) -> Rows:
    """异常: no personal data stands in them."""
    for page in _pages(rows, order):
        yield from (cells(INCIDENT, row) for row in page)


def header(columns: Columns) -> list[str]:
    """表头."""
    return [str(label) for label, _cell in columns]


def cells(columns: Columns, row: Any) -> list[Cell]:
    """一行."""
    return [cell(row) for _label, cell in columns]


def seen(person: Person, ticket: Ticket, said: str | None, known: Known, *, at: datetime) -> Seen:
    """可读: `sees` and standing were remembered for the page."""
    can_read = Group.WORDS in standing.sees(person, ticket, at=at)
    return Seen(ticket, can_read, permits.is_inside(person, ticket, at=at), said or "", known)


def _told(person: Person, page: list[Any], known: Known, at: datetime) -> Rows:
    standing.remember(person, page, at=at)
    for ticket in page:
        yield cells(TICKET, seen(person, ticket, ticket.text, known, at=at))


def _with_text(rows: TicketQuerySet) -> TicketQuerySet:
    return boards.listed(rows).with_text()


def _pages(rows: Walk | QuerySet[Any], order: Order, **more: Any) -> Iterator[list[Any]]:
    after = ""
    while True:
        page = boards.page(rows, order, after=after, size=PAGE, **more)
        yield page.rows
        after = page.next
        if not after:
            return


def _name(named: Any) -> str:
    return str(named) if named is not None else ""


def _granted(row: Seen, name: str) -> str:
    told: dict[str, str] = getattr(row.ticket, "suspended", None) or {}
    return told.get(name) or ""


def _yes(so: bool) -> str:
    return _("是") if so else ""
