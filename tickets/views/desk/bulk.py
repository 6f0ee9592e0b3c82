"""批量办理: what was ticked in the list, with a result for each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common import clock
from tickets import bulk, deeds, desks
from tickets.views import bulks
from tickets.views.desk import pane
from tickets.views.doors import person_of, posting
from tickets.views.ticket import nav


@posting
def perform(request: HttpRequest) -> HttpResponse:
    """办理: `verb` on every `row` (number:version), at most fifty."""
    person, at = person_of(request), clock.now()
    desks.require(person, at=at)
    verb, found = bulks.perform(request, bulk.DESK, person, at=at)
    words = {
        "outcomes": found, "done": sum(not one.refused for one in found),
        "verb": deeds.done(verb), "back": pane.address(pane.sent_tab(request), ""),
        "to_ticket": f"{reverse('desk')}?t=",
    }  # fmt: skip
    if not pane.is_asked(request, person, at=at):
        return render(request, "tickets/bulk.html", {**words, **nav(person, at)})
    answer = render(request, "tickets/bulk.html", {**words, "frame": pane.BARE})
    answer["HX-Trigger"] = pane.MOVED
    return answer
