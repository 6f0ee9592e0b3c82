"""导出: a list of a page with its filter as a file; posted, since it is counted and kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from common import clock
from common.errors import NotVisible
from grids.models import Person
from notices import inbox as notices
from notices import incidents as rules
from tickets import boards, workloads
from tickets import search as searching
from tickets.exporting import figures, listings, rounds, scores
from tickets.exporting.answering import answer
from tickets.exporting.making import Listing, form_of, make
from tickets.figures import late
from tickets.figures import scope as scopes
from tickets.figures.scope import Scope
from tickets.forms.figures import FigureForm, ReportForm
from tickets.forms.filters import FilterForm
from tickets.forms.unit import UnitFilterForm
from tickets.incidents import BY_LAST
from tickets.models import Ticket
from tickets.views.doors import person_of, posting
from tickets.views.figures.overview import measure_of, part_of
from tickets.views.inbox import UNREAD
from tickets.views.patrol import day_of
from tickets.views.queue import tab_of
from tickets.views.search import staff
from tickets.views.unit import page as unit


@posting
def export(request: HttpRequest, what: str) -> Any:
    """导出: `what` names the list; the filter is the one of its page."""
    person, at = person_of(request), clock.now()
    if what not in LISTS:
        raise NotVisible(_("没有这个列表，请从列表页面的“导出”进入。"))
    form = form_of(request.POST.get("format", ""))
    listing = LISTS[what](request.POST, person, at)
    return answer(make(listing, form, by=person, at=at))


def _tickets(given: QueryDict, person: Person, at: datetime) -> Listing:
    tab = tab_of(given) or boards.MINE
    form = FilterForm(given)
    form.check()
    rows = boards.filtered(boards.tickets_of(person, tab, at), form.cleaned_data, at)
    rows, is_cut = searching.within(rows, person, form.question, at=at)
    asked = {"tab": tab, **form.chosen()}
    order = boards.order_of(tab)
    return listings.of_tickets(person, rows, order, asked, at=at, is_cut=is_cut)


def _search(given: QueryDict, person: Person, at: datetime) -> Listing:
    staff(person, at)
    question = given.get("q", "")
    rows = Ticket.objects.visible_to(person, at)
    return listings.of_found(person, rows, question, {"q": question}, at=at)


def _approvals(given: QueryDict, person: Person, at: datetime) -> Listing:
    return listings.of_approvals(person, is_mine=given.get("role") == "asker", at=at)


def _inbox(given: QueryDict, person: Person, at: datetime) -> Listing:
    is_unread = given.get("tab") == UNREAD
    rows = notices.unread(person) if is_unread else notices.of(person)
    return listings.of_news(person, rows, {"tab": given.get("tab", "")[:20]}, at=at)


def _incidents(given: QueryDict, person: Person, at: datetime) -> Listing:
    rules.require(person, at=at)
    tab = boards.ENDED if given.get("tab") == boards.ENDED else boards.OPEN
    rows = rules.listed(is_ended=tab == boards.ENDED)
    return listings.of_incidents(rows, BY_LAST, {"status": tab})


def _figures(given: QueryDict, person: Person, at: datetime) -> Listing:
    return figures.of_figures(_scope(given, person, at))


def _behind(given: QueryDict, person: Person, at: datetime) -> Listing:
    scope = _scope(given, person, at)
    return figures.of_behind(person, scope, measure_of(given), part_of(given))


def _report(given: QueryDict, person: Person, at: datetime) -> Listing:
    scopes.require(person, at=at)
    form = ReportForm(given, person=person, at=at)
    form.check()
    return figures.of_report(form.scope(), form.period)


def _cards(given: QueryDict, person: Person, at: datetime) -> Listing:
    return scores.of_cards(_scope(given, person, at))


def _patrol(given: QueryDict, person: Person, at: datetime) -> Listing:
    return rounds.of_patrol(person, day_of(given, at), given.get("grid", "")[:20], at=at)


def _late(given: QueryDict, person: Person, at: datetime) -> Listing:
    scopes.require(person, at=at)
    key = given.get("with", "")
    rows = late.held(person, at, key)
    asked = {"list": "late", **({"with": key} if key else {})}
    return listings.of_tickets(person, rows, boards.BY_DUE, asked, at=at)


def _supervisions(given: QueryDict, person: Person, at: datetime) -> Listing:
    is_ended = given.get("tab") == boards.ENDED
    return listings.of_supervisions(person, is_ended=is_ended, at=at)


def _unit(given: QueryDict, person: Person, at: datetime) -> Listing:
    workloads.require(person, at=at)
    form = UnitFilterForm(given)
    form.check()
    tab = form.cleaned_data["tab"] or workloads.TODO
    rows, is_cut = unit.found(form, tab, person, at)
    asked = {"list": "unit", "tab": tab, **form.conditions()}
    order = workloads.order_of(tab)
    return listings.of_tickets(person, rows, order, asked, at=at, is_cut=is_cut)


def _scope(given: QueryDict, person: Person, at: datetime) -> Scope:
    scopes.require(person, at=at)
    form = FigureForm(given, person=person, at=at)
    form.check()
    return form.scope()


def _suspended(given: QueryDict, person: Person, at: datetime) -> Listing:
    workloads.require(person, at=at)
    rows = workloads.walk(workloads.SUSPENDED, person, at)
    return listings.of_suspended(person, rows, boards.BY_DUE, at=at)


LISTS: dict[str, Callable[[QueryDict, Person, datetime], Listing]] = {
    "tickets": _tickets, "search": _search, "approvals": _approvals, "inbox": _inbox,
    "incidents": _incidents, "figures": _figures, "behind": _behind, "report": _report,
    "suspended": _suspended, "cards": _cards, "patrol": _patrol,
    "late": _late, "supervisions": _supervisions, "unit": _unit,
}  # fmt: skip
