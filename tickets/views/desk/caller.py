"""来电: what this caller has reported before, while the report is taken down."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common import clock
from common.secrets import phone
from tickets import desks, phones
from tickets.views.doors import person_of, posting

DIGITS = 11
SHOWN = 5


@posting
def earlier(request: HttpRequest) -> HttpResponse:
    """来电人此前的工单: by `phone`, logged like every look-up; nothing while it is half typed."""
    person, at = person_of(request), clock.now()
    desks.require(person, at=at)
    number = phone(request.POST.get("phone", ""))
    if len(number) < DIGITS:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    found = phones.find(number, by=person, at=at, reason=_("代报来电"), allowance=phones.CALLS)
    words = {
        "lines": desks.told(found[:SHOWN], person, at), "more": len(found) > SHOWN,
    }  # fmt: skip
    return render(request, "tickets/desk/_caller.html", words)
