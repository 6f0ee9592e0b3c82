"""大屏: a page for the wall that looks again by itself."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common import clock
from grids.models import Person
from tickets.figures import scope as scopes
from tickets.figures import wall as wall_
from tickets.views.doors import person_of, polled, reading


@reading
def show(request: HttpRequest) -> HttpResponse:
    """大屏."""
    person, at = person_of(request), clock.now()
    scopes.require(person, at=at)
    return render(request, "tickets/figures/wall.html", _words(person, at))


@polled("tickets/figures/_wall_over.html")
def part(request: HttpRequest) -> HttpResponse:
    """再看一次: whose login has ended is told so and asks no more."""
    person, at = person_of(request), clock.now()
    scopes.require(person, at=at)
    return render(request, "tickets/figures/_wall.html", _words(person, at))


def _words(person: Person, at: datetime) -> dict[str, Any]:
    return {"wall": wall_.wall(person, at), "at": at, "seconds": settings.HUBIN_WALL_SECONDS}
