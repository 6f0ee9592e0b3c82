"""在看: asked for every few seconds by the open page of a ticket."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common import clock
from tickets import lookings
from tickets.views.doors import find, person_of, polled


@polled("tickets/_looking_over.html")
def show(request: HttpRequest, number: str) -> HttpResponse:
    """在看的人: nothing new is no content."""
    person, at = person_of(request), clock.now()
    names = lookings.look(find(person, number, at=at), person, at=at)
    known = lookings.digest(names)
    if request.GET.get("known") == known:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    words = {
        "number": number, "names": names, "known": known,
        "seconds": settings.HUBIN_LOOKING_SECONDS,
    }  # fmt: skip
    return render(request, "tickets/_looking.html", words)
