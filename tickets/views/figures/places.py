"""现在超期 and 反复发生: what needs somebody today."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common import clock
from tickets import boards
from tickets.figures import facts, repeat
from tickets.figures import late as late_
from tickets.figures import scope as scopes
from tickets.views.doors import person_of, reading
from tickets.views.queue import rows_for
from tickets.views.ticket import nav


@reading
def late(request: HttpRequest) -> HttpResponse:
    """现在超期: with whom it lies, and the tickets, those that wait longest first."""
    person, at = person_of(request), clock.now()
    scopes.require(person, at=at)
    key = request.GET.get("with", "")
    page = boards.page(
        late_.held(person, at, key), boards.BY_DUE, dressed=boards.listed,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    holders = late_.holders(person, at)
    words = {
        "holders": holders, "count": sum(one.count for one in holders), "key": key,
        "taken": {"with": key},
        "rows": rows_for(person, page.rows, at), "names_people": True,
        "previous_url": _url(key, before=page.previous) if page.previous else "",
        "next_url": _url(key, after=page.next) if page.next else "",
        **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/figures/late.html", words)


@reading
def repeated(request: HttpRequest) -> HttpResponse:
    """反复发生: the same matter at the same place."""
    person, at = person_of(request), clock.now()
    scopes.require(person, at=at)
    words = {
        "places": repeat.places(person, at), "times": int(facts.rule("repeat_times")),
        "days": int(facts.rule("repeat_days")), "metres": int(facts.rule("repeat_metres")),
        **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/figures/repeat.html", words)


def _url(key: str, **more: str) -> str:
    asked = {"with": key} if key else {}
    return f"{reverse('figures_late')}?{urlencode(asked | more)}"
