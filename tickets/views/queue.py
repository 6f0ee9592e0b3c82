"""我的待办: what is to be done, what is under way, what has ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.errors import Invalid
from grids.models import Person
from tickets import boards, choices, lights, standing, tallies
from tickets import search as searching
from tickets.forms.fields import NUMBER
from tickets.forms.filters import FilterForm
from tickets.lights import Light
from tickets.models import Ticket
from tickets.standing import Group
from tickets.turns import TAKERS
from tickets.views.doors import person_of, reading
from tickets.walks import Walk

EMPTY = {
    boards.MINE: (gettext_lazy("没有待办"), gettext_lazy("轮到您的工单都已处理。")),
    boards.OPEN: (gettext_lazy("没有在办的工单"), gettext_lazy("换个筛选条件，或看看已结束的。")),
    boards.ENDED: (gettext_lazy("没有已结束的工单"), gettext_lazy("换个筛选条件再看。")),
}

NO_TURN = (gettext_lazy("没有待办"), gettext_lazy("您的岗位不轮办工单，请看“全部在办”。"))


@dataclass(frozen=True)
class Row:
    """一行: a ticket with what this person may read of it."""

    ticket: Ticket
    summary: str
    is_readable: bool
    light: Light | None


@reading
def queue(request: HttpRequest) -> HttpResponse:
    """我的待办: tabs, filters, pages; the same number of statements however many rows."""
    person, at = person_of(request), clock.now()
    form = FilterForm(request.GET)
    asked = tab_of(request.GET)
    is_valid = form.is_valid()
    found = {name: boards.tickets_of(person, name, at) for name in boards.TABS}
    shown, is_capped = _chosen(form, found, asked, person, at)
    if form.chosen():
        beside, counted = tallies.tally_and_counts(person, at, (*tallies.NAV,), shown)
    else:
        beside = counted = tallies.tally(person, at, *boards.TABS, *tallies.SIDE)
    has_turn = _takes_turns(person, at) or beside[boards.MINE] != "0"
    first = boards.MINE if has_turn else boards.OPEN
    tab = asked or (first if first in shown else next(iter(shown)))
    page = boards.Page([])
    if is_valid:
        page = boards.page(
            shown[tab], boards.order_of(tab), dressed=boards.listed,
            after=request.GET.get("after", ""), before=request.GET.get("before", ""),
        )  # fmt: skip
    words = {
        "tab": tab, "tabs": _tabs(form, counted), "form": form, "chosen": form.told(),
        "is_capped": is_capped,
        "rows": rows_for(person, page.rows, at), "units": choices.unit_options(),
        "empty": _empty(person, tab, at),
        **tallies.nav(beside),
        "names_people": standing.is_staff(person, at=at),
        **_neighbours(form, tab, page),
    }  # fmt: skip
    status = HTTPStatus.OK if is_valid else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "tickets/queue.html", words, status=status)


@reading
def next_one(request: HttpRequest) -> HttpResponse:
    """下一张: the most pressing ticket of my turn that is not the one I come from."""
    person, at = person_of(request), clock.now()
    rows = boards.tickets_of(person, boards.MINE, at)
    here = request.GET.get("from", "")
    if NUMBER.fullmatch(here):
        rows = rows.exclude(number=here)
    found = boards.page(rows, boards.BY_DUE).rows
    if not found:
        messages.info(request, _("没有别的待办了。"))
        return redirect("queue")
    return redirect("ticket", number=found[0].number)


def tab_of(given: Mapping[str, Any]) -> str:
    """列表: which tab was asked for, empty for none; `Invalid` when there is no such tab."""
    asked = str(given.get("tab", ""))
    if asked and asked not in boards.TABS:
        raise Invalid(_("没有这个列表，请从“我的待办”进入。"), field="tab")
    return asked


def rows_for(person: Person, tickets: list[Ticket], at: datetime) -> list[Row]:
    """行: each ticket with its light and, where `sees` allows, its summary."""
    standing.remember(person, tickets, at=at)
    rows = []
    for ticket in tickets:
        can_read = Group.WORDS in standing.sees(person, ticket, at=at)
        summary = getattr(ticket, "summary", "") or ""
        rows.append(
            Row(ticket, summary if can_read else "", can_read, lights.of_ticket(ticket, at=at))
        )
    return rows


def _chosen(
    form: FilterForm, found: dict[str, Walk], tab: str, person: Person, at: datetime
) -> tuple[dict[str, Walk], bool]:
    """筛选后的列表; where words are looked for only the one that is shown, and is it complete?"""
    wanted = form.cleaned_data if form.is_valid() else {}
    shown = {name: boards.filtered(rows, wanted, at) for name, rows in found.items()}
    question = form.question if wanted else ""
    if not question:
        return shown, False
    here = tab or (boards.MINE if _takes_turns(person, at) else boards.OPEN)
    rows, is_capped = searching.within(shown[here], person, question, at=at)
    return {here: rows}, is_capped


def _takes_turns(person: Person, at: datetime) -> bool:
    return any(post.kind in TAKERS for post in person.posts_at(at))


def _empty(person: Person, tab: str, at: datetime) -> tuple[Any, Any]:
    is_watching = standing.is_staff(person, at=at) and not _takes_turns(person, at)
    return NO_TURN if tab == boards.MINE and is_watching else EMPTY[tab]


def _tabs(form: FilterForm, counted: dict[str, str]) -> list[dict[str, Any]]:
    names = {boards.MINE: _("我的待办"), boards.OPEN: _("全部在办"), boards.ENDED: _("已结束")}
    return [
        {"tab": tab, "text": text, "count": counted.get(tab, ""), "url": _url(form, tab)}
        for tab, text in names.items()
    ]


def _neighbours(form: FilterForm, tab: str, page: boards.Page) -> dict[str, str]:
    return {
        "previous_url": _url(form, tab, before=page.previous) if page.previous else "",
        "next_url": _url(form, tab, after=page.next) if page.next else "",
    }


def _url(form: FilterForm, tab: str, **more: str) -> str:
    return f"{reverse('queue')}?{urlencode({'tab': tab, **form.chosen(), **more})}"
