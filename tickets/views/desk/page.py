"""受理台: the list on one side, the ticket to decide on beside it."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid
from grids.models import Person
from tickets import desks, tallies
from tickets.views.desk import pane
from tickets.views.doors import find, person_of, polled, reading

LARGEST = 2**63 - 1
BULK = {desks.NEW: "accept", desks.DISPATCH: "dispatch"}
"""What can be done with many of a list at once."""


@reading
def index(request: HttpRequest) -> HttpResponse:
    """受理台: `tab` names the list, `t` the ticket in the pane; under htmx the pane alone."""
    person, at = person_of(request), clock.now()
    desks.require(person, at=at)
    number = request.GET.get("t", "")
    ticket = find(person, number, at=at) if number else None
    if ticket is not None and pane.is_asked(request, person, at=at):
        return pane.show(request, ticket, person, at=at)
    nav, counts = tallies.desk(person, at)
    tab = pane.tab_of(request.GET) or _busiest(counts)
    words = {
        **listed(tab, counts, person, at), "number": number, **tallies.nav(nav),
        **(pane.words(request, ticket, person, at=at, tab=tab) if ticket else {"tab": tab}),
    }  # fmt: skip
    return render(request, "tickets/desk/index.html", words)


@polled("tickets/desk/_over.html")
def rows(request: HttpRequest) -> HttpResponse:
    """列表: nothing new is no content; whose login ended is told so and asked for no more."""
    person, at = person_of(request), clock.now()
    desks.require(person, at=at)
    tab = pane.tab_of(request.GET) or desks.NEW
    _nav, counts = tallies.desk(person, at)
    words = listed(tab, counts, person, at)
    if request.GET.get("known") == words["digest"]:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    newest = _number(request.GET, "newest")
    words["arrived"] = sum(one.ticket.pk > newest for one in words["rows"]) if newest else 0
    return render(request, "tickets/desk/_news.html", words)


def listed(tab: str, counts: Mapping[str, str], person: Person, at: datetime) -> dict[str, Any]:
    """列表内容: rows of one tab with the counts of all."""
    lines, is_more = desks.lines(tab, person, at)
    return {
        "tab": tab, "bulk_verb": BULK.get(tab, ""), "bulk_key": uuid4().hex,
        "rows": lines, "is_more": is_more, "size": desks.SIZE,
        "tabs": [(name, text, counts[name]) for name, text in desks.TABS.items()],
        "digest": desks.digest(lines, counts),
        "newest": max((one.ticket.pk for one in lines), default=0),
        "seconds": settings.HUBIN_DESK_SECONDS,
    }  # fmt: skip


def _busiest(counts: Mapping[str, str]) -> str:
    """The first list that holds anything."""
    return next((tab for tab, count in counts.items() if count != "0"), desks.NEW)


def _number(given: Mapping[str, Any], name: str) -> int:
    text = str(given.get(name, "")) or "0"
    if not (text.isascii() and text.isdecimal() and int(text[:20]) <= LARGEST):
        raise Invalid(_("列表的位置读不出来，请重新打开受理台。"), field=name)
    return int(text)
