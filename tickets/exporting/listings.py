"""The lists there are, each ready to be exported; doors say which rows and by which filter."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from grids.models import Person
from notices.models import Incident, Notice
from tickets import boards, supervisions
from tickets.boards import Order
from tickets.exporting import lists
from tickets.exporting.lists import Rows
from tickets.exporting.making import Listing
from tickets.models import Approval, Assist
from tickets.models.export import ExportOf
from tickets.models.queries import TicketQuerySet
from tickets.search import check, search
from tickets.walks import Walk

Asked = dict[str, Any]


def of_tickets(
    person: Person, rows: Walk | TicketQuerySet, order: Order, asked: Asked, *, at: datetime,
    is_cut: bool = False,
) -> Listing:  # fmt: skip
    """工单列表; `is_cut`: words were looked for, and more was found than `rows` holds."""
    return Listing(
        ExportOf.TICKETS, lists.TICKET, lambda: lists.tickets(person, rows, order, at=at), asked,
        lambda: is_cut,
    )  # fmt: skip


def of_supervisions(person: Person, *, is_ended: bool, at: datetime) -> Listing:
    """督办列表: those under way, or those lifted. Raises NotYours for whoever is not staff."""
    supervisions.require(person, at=at)
    rows = supervisions.listed(person, at=at, is_ended=is_ended)
    order = supervisions.order_of(is_ended=is_ended)
    return Listing(
        ExportOf.SUPERVISED, lists.SUPERVISED,
        lambda: lists.supervised(person, rows, order, at=at),
        {"tab": boards.ENDED if is_ended else boards.OPEN},
    )  # fmt: skip


def of_suspended(person: Person, rows: Walk, order: Order, *, at: datetime) -> Listing:
    """挂账台账."""
    return Listing(
        ExportOf.SUSPENDED, lists.SUSPENDED,
        lambda: lists.suspended(person, rows, order, at=at), {},
    )  # fmt: skip


def of_found(
    person: Person, rows: TicketQuerySet, question: str, asked: Asked, *, at: datetime
) -> Listing:
    """查找结果: of `rows`, best first. Raises `Invalid` for what nothing can be found by."""
    check(question)
    cut = False

    def found() -> Rows:
        nonlocal cut
        matches = search(rows, person, question, at=at)
        cut = matches.is_capped
        return lists.found(person, rows, matches.ids, at=at)

    return Listing(ExportOf.SEARCH, lists.TICKET, found, asked, lambda: cut)


def of_approvals(person: Person, *, is_mine: bool, at: datetime) -> Listing:
    """审批列表: what waits for this person, or what this person asked for."""
    rows: QuerySet[Approval] = (
        boards.asked_by(person, at) if is_mine else boards.to_decide(person, at)
    )
    order = boards.BY_ASKED if is_mine else boards.BY_DUE
    return Listing(
        ExportOf.APPROVALS, lists.APPROVAL,
        lambda: lists.approvals(person, rows, order, at=at),
        {"role": "asker" if is_mine else "decider"},
    )  # fmt: skip


def of_news(person: Person, rows: QuerySet[Notice], asked: Asked, *, at: datetime) -> Listing:
    """消息列表."""
    return Listing(ExportOf.INBOX, lists.NEWS, lambda: lists.news(person, rows, at=at), asked)


def of_assists(rows: QuerySet[Assist], order: Order, asked: Asked) -> Listing:
    """协办列表."""
    return Listing(ExportOf.ASSISTS, lists.ASSIST, lambda: lists.assists(rows, order), asked)


def of_incidents(rows: QuerySet[Incident], order: Order, asked: Asked) -> Listing:
    """异常列表."""
    return Listing(ExportOf.INCIDENTS, lists.INCIDENT, lambda: lists.incidents(rows, order), asked)
