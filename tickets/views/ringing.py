"""响铃: asked for every few seconds by the pages of the desk."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common import clock
from tickets import ringing
from tickets.views.doors import person_of, polled


@polled("tickets/_ringing_over.html")
def rings(request: HttpRequest) -> HttpResponse:
    """响铃: nothing new is no content; whoever was logged out meanwhile is told so."""
    person, at = person_of(request), clock.now()
    ringing.require(person, at=at)
    rows = ringing.rings(person, at=at)
    digest = ringing.digest(rows)
    if request.GET.get("known") == digest:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "tickets/_ringing.html", {"rings": rows, "digest": digest})
