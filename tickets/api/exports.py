"""导出: the lists of the API as files, with the same filters."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, ClassVar

from django.forms import ChoiceField
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from common import clock
from common.api import ApiView
from common.openapi import Operation
from grids.models import Person
from notices import incidents as incident_rules
from tickets.api import assists, inbox, incidents
from tickets.api.filters import (
    ApprovalFilter,
    AssistFilter,
    IncidentFilter,
    PageFilter,
    TicketFilter,
    queries,
    read,
)
from tickets.api.needs import unfit
from tickets.exporting import listings
from tickets.exporting.answering import TYPES, answer
from tickets.exporting.making import FORMS, Listing, make
from tickets.models.export import ExportForm
from tickets.views.doors import person_of
from tickets.walks import Walk

FILE = {"type": "string", "format": "binary"}


def _format() -> ChoiceField:
    return ChoiceField(
        label=_("格式"), required=False, choices=[("", ""), *((one, one.label) for one in FORMS)],
        help_text=_("csv（默认）或 xlsx。"),
    )  # fmt: skip


class TicketExport(TicketFilter):
    """工单筛选, of all pages at once."""

    limit = after = before = None  # type: ignore[assignment]
    format = _format()


class ApprovalExport(ApprovalFilter):
    """审批筛选, of all pages at once."""

    limit = after = before = None  # type: ignore[assignment]
    format = _format()


class AssistExport(AssistFilter):
    """协办筛选, of all pages at once."""

    limit = after = before = None  # type: ignore[assignment]
    format = _format()


class InboxExport(inbox.InboxFilter):
    """消息筛选, of all pages at once."""

    limit = after = before = None  # type: ignore[assignment]
    format = _format()


class IncidentExport(IncidentFilter):
    """异常筛选, of all pages at once."""

    limit = after = before = None  # type: ignore[assignment]
    format = _format()


class Exporting(ApiView, ABC):
    """导出: one list."""

    scope = "exports:read"
    shape: ClassVar[type[PageFilter]]

    def get(self, request: Request) -> HttpResponseBase:
        person, at = person_of(request._request), clock.now()
        form = read(self.shape, request)
        wanted = ExportForm(form.cleaned_data["format"] or ExportForm.CSV)
        listing = self.listing(form, person, at)
        return answer(make(listing, wanted, by=person, at=at))

    @abstractmethod
    def listing(self, form: Any, person: Person, at: datetime) -> Listing:
        """哪些行: those of the filter."""


def _asked(form: PageFilter) -> dict[str, str]:
    """条件, as they are kept: what was said and is not empty."""
    return {name: str(said) for name in form.fields if (said := form.data.get(name))}


def _operation(id: str, summary: Any, tag: str, shape: type[PageFilter]) -> dict[str, Operation]:
    return {
        "GET": Operation(
            id, summary, tag, {200: FILE},
            about=_(
                "全部页，不含联系方式；行数有上限，Hubin-Capped 头说明是否还有更多。"
                "每次导出都会记录，每小时有次数限制。"
            ),
            query=queries(shape), refusals=(422,),
            media_types=tuple(TYPES[one] for one in FORMS),
        )
    }  # fmt: skip


class Tickets(Exporting):
    """导出工单."""

    shape = TicketExport
    operations = _operation("export_tickets", _("导出工单"), "tickets", TicketExport)

    def listing(self, form: TicketExport, person: Person, at: datetime) -> Listing:
        rows, asked = form.rows(person, at), _asked(form)
        assert isinstance(rows, Walk)
        question = form.cleaned_data["text"]
        if not question:
            return listings.of_tickets(
                person, rows, form.order, asked, at=at, is_cut=form.is_capped
            )
        with unfit(q="text"):
            return listings.of_found(person, rows.rows(), question, asked, at=at)


class Approvals(Exporting):
    """导出审批."""

    shape = ApprovalExport
    operations = _operation("export_approvals", _("导出审批"), "approvals", ApprovalExport)

    def listing(self, form: ApprovalExport, person: Person, at: datetime) -> Listing:
        is_mine = form.cleaned_data["role"] == "asker"
        return listings.of_approvals(person, is_mine=is_mine, at=at)


class Assists(Exporting):
    """导出协办."""

    shape = AssistExport
    operations = _operation("export_assists", _("导出协办"), "assists", AssistExport)

    def listing(self, form: AssistExport, person: Person, at: datetime) -> Listing:
        return listings.of_assists(*assists.asked(person, form, at=at), _asked(form))


class Inbox(Exporting):
    """导出消息."""

    shape = InboxExport
    operations = _operation("export_inbox", _("导出消息"), "me", InboxExport)

    def listing(self, form: InboxExport, person: Person, at: datetime) -> Listing:
        return listings.of_news(person, inbox.asked(person, form), _asked(form), at=at)


class Incidents(Exporting):
    """导出异常."""

    shape = IncidentExport
    operations = _operation("export_incidents", _("导出异常"), "incidents", IncidentExport)

    def listing(self, form: IncidentExport, person: Person, at: datetime) -> Listing:
        incident_rules.require(person, at=at)
        rows = incidents.asked(form)
        return listings.of_incidents(rows, incidents.BY_LAST, _asked(form))
