"""批量签收: what was ticked in the list, with a result for each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common import clock
from common.pages import is_htmx
from tickets import bulk, deeds, workloads
from tickets.views import bulks
from tickets.views.desk.pane import BARE
from tickets.views.doors import person_of, posting
from tickets.views.ticket import nav

MOVED = "unit:moved"
"""What the list beside it listens to."""


@posting
def perform(request: HttpRequest) -> HttpResponse:
    """签收: every `row` (number:version), at most fifty."""
    person, at = person_of(request), clock.now()
    workloads.require(person, at=at)
    verb, found = bulks.perform(request, bulk.UNIT, person, at=at)
    words = {
        "outcomes": found, "done": sum(not one.refused for one in found),
        "verb": deeds.done(verb), "back": f"{reverse('unit')}?tab={workloads.NEW}",
    }  # fmt: skip
    if not is_htmx(request):
        return render(request, "tickets/bulk.html", {**words, **nav(person, at)})
    answer = render(request, "tickets/bulk.html", {**words, "frame": BARE})
    answer["HX-Trigger"] = MOVED
    return answer
