"""消息: what I was told, and marking it read."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid
from common.pages import is_htmx
from grids.login.gate import after_factor
from grids.models import Person
from notices import inbox as notices
from tickets import boards, inbox, tallies
from tickets.views.doors import person_of, posting, reading
from tickets.views.ticket import nav

ALL, UNREAD = "all", "unread"
LARGEST = 2**63 - 1


@reading
def show(request: HttpRequest) -> HttpResponse:
    """消息列表: the newest first, unread ones marked."""
    person, at = person_of(request), clock.now()
    tab = request.GET.get("tab", ALL)
    if tab not in (ALL, UNREAD):
        raise Invalid(_("没有这个列表，请从“消息”进入。"), field="tab")
    pulse = notices.pulse(person)
    if is_htmx(request) and request.GET.get("known") == pulse:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    rows = notices.unread(person) if tab == UNREAD else notices.of(person)
    page = boards.page(
        rows, inbox.BY_TIME,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    words = {
        "tab": tab, "news": inbox.told(person, page.rows, at=at),
        "newest": max((row.pk for row in page.rows), default=0),
        "is_first": not page.previous, "live_url": _url(tab, known=pulse),
        "seconds": settings.HUBIN_INBOX_SECONDS,
        "previous_url": _url(tab, before=page.previous) if page.previous else "",
        "next_url": _url(tab, after=page.next) if page.next else "",
        **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/inbox.html", words)


@after_factor
@login_not_required
@reading
def count(request: HttpRequest) -> HttpResponse:
    """未读数: for the badge of an open page; nothing at all where it stands as the page knows it.

    Whose login ended is told nothing either: what they are typing stays until they send it.
    """
    person = request.user
    if not isinstance(person, Person):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    told = tallies.tally(person, clock.now(), tallies.UNREAD)[tallies.UNREAD]
    if request.GET.get("known", "") == told:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "components/nav_count.html", live(told))


def live(told: str) -> dict[str, Any]:
    """徽标: how many, and where to ask whether they are more."""
    return {"count": "" if told == "0" else told, "url": f"{reverse('inbox_count')}?known={told}",
            "seconds": settings.HUBIN_INBOX_SECONDS}  # fmt: skip


@posting
def read(request: HttpRequest) -> HttpResponse:
    """标为已读: one by `id`, or all up to the newest that was shown by `upto`."""
    person, at = person_of(request), clock.now()
    one, upto = _number(request, "id"), _number(request, "upto")
    if one is None and upto is None:
        raise Invalid(_("请写明哪一条消息（id），或到哪一条为止（upto）。"), field="id")
    notices.mark_read(person, at=at, ids=None if one is None else [one], upto=upto)
    tab = request.POST.get("tab", ALL)
    return redirect(_url(tab if tab in (ALL, UNREAD) else ALL))


def _url(tab: str, **more: str) -> str:
    asked = ({} if tab == ALL else {"tab": tab}) | more
    return f"{reverse('inbox')}?{urlencode(asked)}" if asked else reverse("inbox")


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.POST.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and int(given[:20]) <= LARGEST):
        raise Invalid(_("消息的编号读不出来，请从消息页面的按钮操作。"), field=name)
    return int(given)
