"""督办: the list of those under way, and the paper of one."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid
from tickets import boards, papers, supervisions
from tickets.views.doors import find, person_of, reading
from tickets.views.paper import sent
from tickets.views.ticket import nav

OPEN, ENDED = boards.OPEN, boards.ENDED


@reading
def show(request: HttpRequest) -> HttpResponse:
    """督办列表: what is due first; the lifted ones in a list of their own."""
    person, at = person_of(request), clock.now()
    supervisions.require(person, at=at)
    tab = request.GET.get("tab", OPEN)
    if tab not in (OPEN, ENDED):
        raise Invalid(_("没有这个列表，请从“督办”进入。"), field="tab")
    is_ended = tab == ENDED
    page = boards.page(
        supervisions.listed(person, at=at, is_ended=is_ended),
        supervisions.order_of(is_ended=is_ended),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    words = {
        "tab": tab, "taken": {"tab": tab}, "rows": supervisions.told(person, page.rows, at=at),
        "previous_url": _url(tab, before=page.previous) if page.previous else "",
        "next_url": _url(tab, after=page.next) if page.next else "",
        **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/supervisions.html", words)


@reading
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """督办单 as PDF; `of` names one that is not the latest."""
    person, at = person_of(request), clock.now()
    asked = request.GET.get("of", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise Invalid(_("没有这张督办单，请从列表打开。"), field="of")
    ticket = find(person, number, at=at)
    found = supervisions.paper(ticket, person, at=at, pk=int(asked) if asked else None)
    made = papers.pdf_of(found, printed_by=person.name, at=at)
    return sent(made, f"supervision-{ticket.number}.pdf")


def _url(tab: str, **more: str) -> str:
    return f"{reverse('supervisions')}?{urlencode({'tab': tab} | more)}"
