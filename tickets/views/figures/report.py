"""日报、周报、月报: one period on a page to be printed, against the one before and last year's."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common import clock
from tickets.figures import facts, reports, showing
from tickets.figures import scope as scopes
from tickets.figures.periods import Kind, Period, latest, of
from tickets.forms.figures import KINDS, ReportForm
from tickets.views.doors import person_of, reading
from tickets.views.figures.overview import status_of
from tickets.views.ticket import nav


@reading
def report(request: HttpRequest) -> HttpResponse:
    """报告."""
    person, at = person_of(request), clock.now()
    scopes.require(person, at=at)
    form = ReportForm(request.GET, person=person, at=at)
    asked, period = form.scope(), form.period
    made = reports.report(asked, period)
    scope = reports.scope_of(asked, period)
    kept = form.chosen() if form.is_valid() else {}
    words = {
        "form": form, "report": made, "title": reports.title(period), "at": at,
        "first": period.first, "last": period.last, "year": period.last_year,
        "composites": [showing.points(one) for one in made.composites],
        "tables": reports.tables(scope, made.found), "measures": facts.LABELS.values(),
        "asked": {**kept, "kind": period.kind.value, "on": period.first.isoformat()},
        "chosen": _chosen(form), **_ways(kept, period, clock.local(at).date()),
        **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/figures/report.html", words, status=status_of(form))


def _chosen(form: ReportForm) -> list[tuple[str, str]]:
    hidden = {str(form.fields[name].label) for name in ("kind", "on")}
    return [one for one in form.told() if one[0] not in hidden]


def _ways(kept: dict[str, str], period: Period, today: date) -> dict[str, Any]:
    """Where to from here: the other kinds, the periods beside, no further than today's."""

    def way(one: Period) -> str:
        return "?" + urlencode(kept | {"kind": one.kind.value, "on": one.first.isoformat()})

    others = [
        {
            "text": text, "is_here": kind == period.kind,
            "url": way(_beside(Kind(kind), period, today)),
        }
        for kind, text in KINDS
    ]  # fmt: skip
    return {
        "kinds": others, "previous_url": way(period.before),
        "next_url": way(period.next) if period.next.first <= today else "",
    }  # fmt: skip


def _beside(kind: Kind, period: Period, today: date) -> Period:
    """Of another kind: the one in which this one ends, if that is over; else the last that is."""
    if kind == period.kind:
        return period
    found = of(kind, period.last)
    return found if found.last < today else latest(kind, today)
