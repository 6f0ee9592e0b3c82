"""新上报: a form by post; for a resident, the follow link is shown once at the end."""

from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.errors import Refused
from grids.models import Person
from tickets import actions
from tickets.forms.report import PatrolForm, ReportForm, report_form
from tickets.models import Ticket
from tickets.views.doors import only, person_of
from tickets.views.link import link_of
from tickets.views.ticket import nav
from tickets.words import Origin

CALLS = (
    ("119", gettext_lazy("火警、燃气泄漏、救援")),
    ("110", gettext_lazy("报警")),
    ("120", gettext_lazy("急救")),
    ("96333", gettext_lazy("电梯困人")),
)


@only("GET", "HEAD", "POST")
def report(request: HttpRequest) -> HttpResponse:
    """新上报: GET shows an empty form with a fresh key, POST sends it once."""
    person, at = person_of(request), clock.now()
    shape = report_form(person, at=at)
    if request.method != "POST":
        return _form(request, shape(), person, at, HTTPStatus.OK)
    form = shape(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, person, at, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        ticket, token = _send(form, person, at)
    except Refused as refused:
        form.refuse(refused)
        return _form(request, form, person, at, refused.status)
    if ticket.origin == Origin.RESIDENT:
        return _receipt(request, ticket, token, person, at)
    messages.success(request, _("已上报，编号 %(number)s。") % {"number": ticket.number})
    return redirect("ticket", number=ticket.number)


def _send(form: ReportForm, person: Person, at: datetime) -> tuple[Ticket, str]:
    if isinstance(form, PatrolForm) and form.cleaned_data["is_settled"]:
        return actions.settle(by=person, at=at, **form.settlement()), ""
    return actions.report(by=person, at=at, **form.arguments(person))


def _form(
    request: HttpRequest, form: ReportForm, person: Person, at: datetime, status: HTTPStatus
) -> HttpResponse:
    words = {
        "form": form, "calls": CALLS,
        "shown_lat": form["lat"].value() if not form["lat"].errors else None,
        "shown_lng": form["lng"].value() if not form["lng"].errors else None,
        **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/report.html", words, status=status)


def _receipt(
    request: HttpRequest, ticket: Ticket, token: str, person: Person, at: datetime
) -> HttpResponse:
    words = {
        "ticket": ticket, "calls": CALLS, **link_of(request, token),
        "is_dangerous": bool(ticket.category and ticket.category.is_dangerous),
        **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/receipt.html", words)
