"""异常: what somebody has to look at, and ending it with a word of what was done."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock, pages
from common.errors import Invalid
from notices import incidents as rules
from tickets import boards, incidents
from tickets.forms.incidents import EndForm
from tickets.views.doors import person_of, posting, reading
from tickets.views.ticket import nav

OPEN, ENDED = boards.OPEN, boards.ENDED


@reading
def show(request: HttpRequest) -> HttpResponse:
    """异常列表: the latest first."""
    return _page(request)


@posting
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """结束: what is missing comes back beside what was typed."""
    person, at = person_of(request), clock.now()
    form = EndForm(request.POST, pk=pk)
    try:
        with transaction.atomic():
            row = rules.close_incident(pk, by=person, at=at, note=form.data.get("note", ""))
    except Invalid as refused:
        if form.is_valid():
            form.refuse(refused)
        pages.stands_at(request, reverse("incidents"))
        return _page(request, told=form)
    title = incidents.title_of(row.kind)
    messages.success(request, _("已结束异常：%(title)s。") % {"title": title})
    return redirect("incidents")


def _page(request: HttpRequest, told: EndForm | None = None) -> HttpResponse:
    person, at = person_of(request), clock.now()
    rules.require(person, at=at)
    tab = request.GET.get("tab", OPEN)
    if tab not in (OPEN, ENDED):
        raise Invalid(_("没有这个列表，请从“异常”进入。"), field="tab")
    page = boards.page(
        rules.listed(is_ended=tab == ENDED).select_related("ended_by"), incidents.BY_LAST,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    shown = incidents.told(person, page.rows, at=at)
    words = {
        "tab": tab,
        "rows": [(one, _form(one.incident.pk, told)) for one in shown],
        "previous_url": _url(tab, before=page.previous) if page.previous else "",
        "next_url": _url(tab, after=page.next) if page.next else "",
        **nav(person, at),
    }
    return render(request, "tickets/incidents.html", words, status=422 if told else 200)


def _form(pk: int, told: EndForm | None) -> EndForm:
    return told if told is not None and told.pk == pk else EndForm(pk=pk)


def _url(tab: str, **more: str) -> str:
    return f"{reverse('incidents')}?{urlencode({'tab': tab} | more)}"
