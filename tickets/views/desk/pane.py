"""右侧: one ticket beside the list; what is done there is answered there."""

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.pages import is_htmx, stands_at
from grids.models import Person
from tickets import because, desks, standard
from tickets.because import Preview
from tickets.forms.fields import NUMBER
from tickets.models import Ticket
from tickets.views import ticket as whole
from tickets.views.doors import find
from tickets.views.ticket import Told

TARGET = "pane"
BARE = "tickets/desk/_bare.html"
"""What stands in for the frame of a page."""
MOVED = "desk:moved"
"""What the list beside it listens to."""


def is_asked(request: HttpRequest, person: Person, *, at: datetime) -> bool:
    """在右侧: the desk's page asked for what goes into its pane."""
    is_pane = is_htmx(request) and request.headers.get("HX-Target") == TARGET
    return is_pane and desks.serves(person, at=at)


def answer(
    request: HttpRequest, ticket: Ticket, person: Person, *, at: datetime,
    told: Told | None = None,
) -> HttpResponse:  # fmt: skip
    """应答: where it was asked for: in the pane, or the ticket's own page."""
    shown = show if is_asked(request, person, at=at) else whole.show
    return shown(request, ticket, person, at=at, told=told)


def show(
    request: HttpRequest, ticket: Ticket, person: Person, *, at: datetime,
    told: Told | None = None,
) -> HttpResponse:  # fmt: skip
    """显示: the pane alone."""
    told = told or Told()
    tab = sent_tab(request) if request.method == "POST" else tab_of(request.GET)
    shown = words(request, ticket, person, at=at, tab=tab, told=told)
    status = told.refused.status if told.refused else HTTPStatus.OK
    return render(request, "tickets/desk/_pane.html", shown, status=status)


def words(
    request: HttpRequest, ticket: Ticket, person: Person, *, at: datetime, tab: str,
    told: Told | None = None,
) -> dict[str, Any]:  # fmt: skip
    """内容: the ticket, and what the desk wants to know before it decides."""
    stands_at(request, address(tab, ticket.number))
    shown = whole.told_of(ticket, person, at=at, told=told or Told())
    for action in (*shown["leading"], *shown["others"]):
        action.offers = standard.offers(ticket, action.move.verb)
    return {
        **shown,
        "because": _foretold(ticket, shown["leading"], at),
        "tab": tab,
        "is_pane": True,
        "vals": json.dumps({"tab": tab}),
        "similar": desks.similar(ticket, person, at=at),
        "earlier": desks.earlier(ticket, person, at=at),
    }


def onward(request: HttpRequest, ticket: Ticket, person: Person, *, at: datetime) -> HttpResponse:
    """往下: the same ticket while its next step is still the desk's, else the next of the list."""
    tab = sent_tab(request)
    is_mine = Ticket.objects.my_turn(person, at).filter(pk=ticket.pk).exists()
    number = ticket.number if is_mine else _next(request, ticket, person, at, tab)
    if number:
        row = find(person, number, at=at)
        shown = words(request, row, person, at=at, tab=tab)
        done = render(request, "tickets/desk/_pane.html", shown)
    else:
        done = render(request, "tickets/desk/_done.html", {"tab": tab})
    done["HX-Trigger"] = MOVED
    done["HX-Push-Url"] = address(tab, number)
    return done


def address(tab: str, number: str) -> str:
    """地址 of the page with this list and this ticket."""
    asked = {name: value for name, value in (("tab", tab), ("t", number)) if value}
    return f"{reverse('desk')}?{urlencode(asked)}" if asked else reverse("desk")


def tab_of(given: Mapping[str, Any]) -> str:
    """哪一栏: empty for none; `Invalid` when there is no such list."""
    asked = str(given.get("tab", ""))
    if asked and asked not in desks.TABS:
        raise Invalid(_("没有这个列表，请从“受理台”进入。"), field="tab")
    return asked


def _foretold(ticket: Ticket, actions: list[whole.Action], at: datetime) -> Preview | None:
    """派单预告 beside acceptance and dispatch; the unit it names stands in the form already."""
    forms = {action.move.verb: action.form for action in actions}
    if not {"accept", "dispatch"} & forms.keys():
        return None
    found = because.preview(ticket, at=at)
    unit = forms["dispatch"].fields["unit"] if "dispatch" in forms else None
    if unit is not None and unit.initial is None and not found.by_hand:
        unit.initial = found.unit
    return found


def sent_tab(request: HttpRequest) -> str:
    """哪一栏 a form came from; beside what was done a list that is none is worth no refusal."""
    asked = request.POST.get("tab", "")
    return asked if asked in desks.TABS else ""


def _next(request: HttpRequest, ticket: Ticket, person: Person, at: datetime, tab: str) -> str:
    """The one below it on the page, if it is still there; else the most pressing."""
    wanted = str(request.POST.get("next", ""))
    if NUMBER.fullmatch(wanted) and wanted != ticket.number:
        visible = Ticket.objects.visible_to(person, at)
        if visible.filter(number=wanted, ended_at=None).exists():
            return wanted
    return desks.following(tab or desks.NEW, ticket.number, person, at)
