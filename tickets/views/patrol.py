"""巡查情况: what was visited on a day and what was missed."""

from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid
from tickets import patrolled
from tickets.figures import scope
from tickets.patrols import WEEK
from tickets.views.doors import person_of, reading
from tickets.views.ticket import nav


@reading
def show(request: HttpRequest) -> HttpResponse:
    """巡查情况: of today, or of a day of the last week; `grid` narrows it to one."""
    person, at = person_of(request), clock.now()
    today = clock.local(at).date()
    grid = request.GET.get("grid", "")
    told = patrolled.told(person, day_of(request.GET, at), at=at, grid=grid)
    asked = {"day": f"{told.day:%Y-%m-%d}", "grid": grid}
    words = {"told": told, "today": today, "grid": grid, "asked": asked, **nav(person, at)}
    words["sees_figures"] = scope.may_see(person, at=at)
    return render(request, "tickets/patrol.html", words)


def day_of(given: QueryDict, at: datetime) -> date:
    """哪一天: of the last week, today unless it says otherwise. Raises `Invalid`."""
    asked, today = given.get("day", ""), clock.local(at).date()
    days = [today - timedelta(days=back) for back in range(WEEK)]
    found = next((day for day in days if f"{day:%Y-%m-%d}" == asked), today if not asked else None)
    if found is None:
        raise Invalid(_("只能看最近七天，请从“巡查情况”进入。"), field="day")
    return found
