"""数据: the same numbers as on the pages, for the same people."""

from datetime import date, datetime
from typing import Any, ClassVar, cast

from django.forms import ChoiceField
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, links
from common.openapi import Operation
from grids.models import Person
from tickets import boards
from tickets.api import shapes_figures as shapes
from tickets.api.filters import PageFilter, fit, queries
from tickets.figures import behind, counting, facts, reports, showing
from tickets.figures import scope as scopes
from tickets.figures.behind import Line
from tickets.figures.counting import CATEGORY, STREET, UNIT, Cells, Counted
from tickets.figures.facts import Measure
from tickets.figures.scope import Scope
from tickets.forms.figures import FigureForm, ReportForm
from tickets.rates import Rate
from tickets.views.doors import person_of

SCOPE = "figures:read"
GROUPS = {"streets": STREET, "units": UNIT, "categories": CATEGORY}


class BehindFilter(FigureForm, PageFilter):
    """明细筛选: which number, and which part of it."""

    m = ChoiceField(
        label=_("指标"), required=False, choices=[("", ""), *facts.LABELS.items()],
        help_text=_("默认 resolve。"),
    )  # fmt: skip
    part = ChoiceField(
        label=_("哪一部分"), required=False,
        choices=[("", ""), *((one, one) for one in facts.PARTS)],
        help_text=_("到期的（默认）、做到的、没有做到的。"),
    )  # fmt: skip


class Figures(ApiView):
    """数据."""

    scope = SCOPE
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "get_figures", _("数据"), "figures", {200: shapes.FiguresShown},
            about=_("四个承诺和三率，连同上期；默认近四周。只对领导、督查员、审计员和值班长开放。"),
            query=queries(FigureForm), refusals=(422,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = _watching(request)
        form = fit(FigureForm(request.query_params, person=person, at=at), request)
        return Response(_figures(form.scope(), counting.count(form.scope())))


class PeriodReport(ApiView):
    """报告."""

    scope = SCOPE
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "get_report", _("数据报告"), "figures", {200: shapes.ReportShown},
            about=_("日报、周报、月报，连同上期、去年同期；月报还有封存的数。不含反映工作人员的工单。"),
            query=queries(ReportForm), refusals=(422,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = _watching(request)
        form = fit(ReportForm(request.query_params, person=person, at=at), request)
        asked, period = form.scope(), form.period
        made = reports.report(asked, period)
        year, kept = period.last_year, made.kept
        told: shapes.ReportShown = {
            **_figures(reports.scope_of(asked, period), made.found),
            "kind": period.kind.value,
            "is_running": made.is_running,
            "last_year": _span(year.first, year.last, made.then.now)
            if year and made.then else None,
            "kept": None if kept is None else {
                "made_at": kept.made_at, "is_intact": kept.is_intact, "rates": _rates(kept.cells),
                "composite": None if kept.composite is None else float(kept.composite),
            },
        }  # fmt: skip
        return Response(told)


class Behind(ApiView):
    """明细."""

    scope = SCOPE
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_behind", _("数据明细"), "figures", {200: shapes.BehindPage},
            about=_("一个数背后的时限或评价，条数与那个数相同；最近的在前。"),
            query=queries(BehindFilter), refusals=(422,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = _watching(request)
        form = fit(BehindFilter(request.query_params, person=person, at=at), request)
        wanted = form.cleaned_data
        measure, part = Measure(wanted["m"] or Measure.RESOLVE), wanted["part"] or facts.DUE
        rows = behind.rows(form.scope(), measure, part)
        page = boards.page(rows, behind.order_of(measure), **form.paging())
        lines = behind.told(person, page.rows, measure, at=at)
        return Response(
            {
                "results": [_line(one) for one in lines],
                **links(request, previous=page.previous, next=page.next),
            }
        )


def _watching(request: Request) -> tuple[Person, datetime]:
    person, at = person_of(request._request), clock.now()
    scopes.require(person, at=at)
    return person, at


def _figures(scope: Scope, found: Counted) -> shapes.FiguresShown:
    before = scope.before
    groups: dict[str, Any] = {
        name: [
            _group(dimension, key, cells, found.by_before[dimension].get(key, {}))
            for key, cells in sorted(found.by[dimension].items(), key=lambda one: one[0] or 0)
        ]
        for name, dimension in GROUPS.items()
    }
    told = {
        "now": _span(scope.first, scope.last, found.now),
        "before": _span(before.first, before.last, found.before),
        **groups,
    }
    return cast("shapes.FiguresShown", told)


def _span(first: date, last: date, cells: Cells) -> shapes.SpanShown:
    return {
        "since": first, "until": last, "rates": _rates(cells),
        "composite": counting.composite(cells),
    }  # fmt: skip


def _group(dimension: str, key: int | None, now: Cells, before: Cells) -> shapes.GroupShown:
    name, code = showing.named(dimension, key)
    return {"code": code, "name": name, "rates": _rates(now), "before": _rates(before)}


def _rates(cells: Cells) -> list[shapes.RateShown]:
    return [_rate(measure, cells.get(measure, Rate(0, 0))) for measure in Measure]


def _rate(measure: Measure, rate: Rate) -> shapes.RateShown:
    return {
        "measure": measure.value, "label": str(facts.LABELS[measure]), "value": rate.value,
        "met": float(rate.met), "due": rate.due,
    }  # fmt: skip


def _line(line: Line) -> shapes.BehindShown:
    ticket = line.ticket
    return {
        "ticket": ticket.number, "state": ticket.state,
        "category": ticket.category.code if ticket.category else None,
        "unit": line.unit.code if line.unit else None, "is_met": line.is_met,
        "due_at": line.due_at, "done_at": line.done_at, "said": line.said,
        "summary": line.summary if line.is_readable else None,
    }  # fmt: skip
