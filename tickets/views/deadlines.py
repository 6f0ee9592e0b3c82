"""时限说明: how each due date of a ticket came about, in the panel of its page or alone."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common import clock
from tickets import dossier, explaining, permits
from tickets.models import Clock
from tickets.views.doors import find, person_of, reading
from tickets.views.ticket import nav


@dataclass(frozen=True)
class Told:
    """一个时限 and the sentences that lead to its date."""

    clock: Clock
    lines: list[str]


@reading
def deadlines(request: HttpRequest, number: str) -> HttpResponse:
    """时限说明."""
    person, at = person_of(request), clock.now()
    ticket = find(person, number, at=at)
    found = dossier.deadlines(ticket, inside=permits.is_inside(person, ticket, at=at))
    told = [Told(one.clock, explaining.explain(one.clock, one.pauses, at=at)) for one in found]
    if request.headers.get("HX-Request"):
        return render(request, "tickets/_deadlines.html", {"deadlines": told})
    words = {"ticket": ticket, "deadlines": told, **nav(person, at)}
    return render(request, "tickets/deadlines.html", words)
