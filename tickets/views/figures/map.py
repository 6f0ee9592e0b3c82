"""地图: up to 20,000 tickets in clusters or as heat, and the same ones as a list."""

from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tickets import boards
from tickets.figures import mapping, showing
from tickets.views.doors import reading
from tickets.views.figures.overview import asked, frame, status_of
from tickets.views.queue import rows_for
from tickets.views.ticket import nav


@reading
def show(request: HttpRequest) -> HttpResponse:
    """地图和列表."""
    person, at, form = asked(request)
    scope, shown = form.scope(), mapping.shown_of(request.GET)
    page = boards.page(
        mapping.tickets(scope, shown), mapping.NEWEST, dressed=boards.listed,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    here = showing.query(scope, show=shown)
    words = {
        "points_url": f"{reverse('figures_points')}?{urlencode(here)}",
        "rows": rows_for(person, page.rows, at), "names_people": True, "shown": shown,
        "most": settings.HUBIN_MAP_MOST, "choices": _choices(scope.asked, shown),
        "previous_url": f"?{urlencode({**here, 'before': page.previous})}" if page.previous else "",
        "next_url": f"?{urlencode({**here, 'after': page.next})}" if page.next else "",
        **frame(form, scope, show=shown), **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/figures/map.html", words, status=status_of(form))


@reading
def points(request: HttpRequest) -> HttpResponse:
    """点: asked by the map; nothing is sent where nothing changed."""
    _person, _at, form = asked(request)
    form.check()
    body = mapping.points(form.scope(), mapping.shown_of(request.GET))
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match", "") == tag:
        answer = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        answer = HttpResponse(content_type="application/json")
        packs = "gzip" in request.headers.get("Accept-Encoding", "")
        answer.content = mapping.packed(body) if packs else body
        if packs:
            answer["Content-Encoding"] = "gzip"
    answer["ETag"] = tag
    answer["Vary"] = "Accept-Encoding, Cookie"
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _choices(kept: dict[str, str], shown: str) -> list[dict[str, object]]:
    texts = {
        mapping.NOW: _("在办"), mapping.LATE: _("现在超期"), mapping.PERIOD: _("时段内上报"),
    }  # fmt: skip
    return [
        {"text": text, "is_here": name == shown, "url": "?" + urlencode(kept | {"show": name})}
        for name, text in texts.items()
    ]
