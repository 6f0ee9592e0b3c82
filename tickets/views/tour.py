"""导览: for whoever sees the demo for the first time; a real district has no such page."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grids.pages import has_demo_people
from tickets.demo import tour


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Which account to use for what."""
    if not has_demo_people():
        raise Http404(_("正式系统没有导览。"))
    stops, password = tour.shown(), tour.password_of_all()
    return render(request, "tickets/tour.html", {"stops": stops, "password": password})
