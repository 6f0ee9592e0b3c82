"""查找: by words and number, by a reporter's telephone."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid, NotYours
from common.pages import stands_at
from common.secrets import phone as plain_phone
from grids.login.phone import MOBILE
from grids.models import Person
from tickets import boards, phones, standing, tallies
from tickets import search as searching
from tickets.forms.fields import NUMBER, SHORT_NUMBER
from tickets.forms.search import PhoneForm, SearchForm
from tickets.highlight import Part, marked, snippets
from tickets.models import Ticket
from tickets.ranking import Hit
from tickets.search import Found
from tickets.views.doors import person_of, posting, reading
from tickets.views.queue import Row, rows_for
from tickets.views.ticket import nav


@dataclass(frozen=True)
class FoundRow:
    """一条结果: a ticket with the pieces of text it was found by, as far as they may be read."""

    row: Row
    number: list[Part]
    address: list[Part]
    text: list[Part]


@reading
def search(request: HttpRequest) -> HttpResponse:
    """查找: pages within the newest 1,000 matches; a whole number leads to its ticket."""
    person, at = person_of(request), clock.now()
    staff(person, at)
    question = request.GET.get("q", "")
    form = SearchForm(request.GET if "q" in request.GET else None)
    if not question:
        return _show(request, person, at, form=form)
    rows = Ticket.objects.visible_to(person, at)
    number = _number(rows, question)
    if number:
        return redirect("ticket", number=number)
    try:
        told = _told(rows, person, question, _page(request), at)
    except Invalid as refused:
        form.refuse(refused)
        told = {}
    return _show(request, person, at, form=form, **told)


@posting
def found(request: HttpRequest) -> HttpResponse:
    """边写边找: a piece of that page. Posted, so that what is typed stands in no address or log."""
    person, at = person_of(request), clock.now()
    staff(person, at)
    form = SearchForm(request.POST)
    question = request.POST.get("q", "").strip()
    words: dict[str, Any] = {
        "form": form, "names_people": True, "by_phone": None,
        "may_phone": phones.may_look(person, at=at),
        "is_phone": bool(MOBILE.fullmatch(plain_phone(question))),
    }  # fmt: skip
    if question and not words["is_phone"]:
        try:
            rows = Ticket.objects.visible_to(person, at)
            words |= _told(rows, person, question, 1, at)
        except Invalid as refused:
            words["told"] = refused.sentence
    return render(request, "tickets/_results.html", words)


def _told(rows: Any, person: Person, question: str, page: int, at: datetime) -> dict[str, Any]:
    """One page of what was found."""
    found = searching.search(rows, person, question, at=at)
    first = (page - 1) * boards.PAGE
    hits = found.hits[first : first + boards.PAGE]
    return {
        "found": found, "count": tallies.capped(len(found.hits)),
        "rows": _rows(rows, person, hits, found, at),
        **_neighbours(question, page, len(found.hits)),
    }  # fmt: skip


@posting
def phone(request: HttpRequest) -> HttpResponse:
    """按电话查找: logged, then shown once, in the answer to that post."""
    stands_at(request, reverse("search"))
    person, at = person_of(request), clock.now()
    staff(person, at)
    if not phones.may_look(person, at=at):
        raise NotYours(_("只有受理员、值班长和督查员可以按电话查找。"))
    form = PhoneForm(request.POST)
    try:
        given = form.cleaned_data if form.is_valid() else {}
        found = (
            phones.find(given["phone"], by=person, at=at, reason=given["reason"]) if given else None
        )
    except Invalid as refused:
        form.refuse(refused)
        found = None
    by_phone = None if found is None else rows_for(person, found, at)
    return _show(request, person, at, phone_form=form, by_phone=by_phone)


def staff(person: Person, at: datetime) -> None:
    """只对工作人员, else `NotYours`."""
    if not standing.is_staff(person, at=at):
        raise NotYours(_("查找只对工作人员开放。您自己的诉求在“我的待办”里。"))


def _show(request: HttpRequest, person: Person, at: datetime, **more: Any) -> HttpResponse:
    words = {
        "form": SearchForm(), "found": None, "by_phone": None,
        "names_people": True, "may_phone": phones.may_look(person, at=at),
        "phone_form": PhoneForm(auto_id="phone-%s"), **more, **nav(person, at),
    }  # fmt: skip
    is_wrong = words["form"].errors or words["phone_form"].errors
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return render(request, "tickets/search.html", words, status=status)


def _number(rows: Any, question: str) -> str:
    """The whole number of a ticket this person may know of, else empty."""
    asked = question.strip()
    if SHORT_NUMBER.fullmatch(asked):
        asked = searching.whole_number(asked)
    if NUMBER.fullmatch(asked) and rows.filter(number=asked).exists():
        return asked
    return ""


def _rows(rows: Any, person: Person, hits: list[Hit], found: Found, at: datetime) -> list[FoundRow]:
    texts = {hit.ticket_id: hit.texts for hit in hits}
    tickets = {row.pk: row for row in boards.listed(rows.filter(pk__in=texts))}
    shown = rows_for(person, [tickets[pk] for pk in texts if pk in tickets], at)
    words = found.asked
    return [
        FoundRow(
            row,
            marked(row.ticket.number, words),
            marked(row.ticket.address, words) if row.is_readable else [],
            snippets(texts[row.ticket.pk] or (row.summary,), words) if row.is_readable else [],
        )
        for row in shown
        if row.is_readable or not texts[row.ticket.pk]
    ]


def _page(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    last = searching.CAP // boards.PAGE
    if not (given.isascii() and given.isdigit() and len(given) < 4 and 1 <= int(given) <= last):
        raise Invalid(_("没有这一页，请从第一页翻起。"), field="page")
    return int(given)


def _neighbours(question: str, page: int, count: int) -> dict[str, str]:
    def url(number: int) -> str:
        return f"{reverse('search')}?{urlencode({'q': question, 'page': number})}"

    return {
        "previous_url": url(page - 1) if page > 1 else "",
        "next_url": url(page + 1) if page * boards.PAGE < count else "",
    }
