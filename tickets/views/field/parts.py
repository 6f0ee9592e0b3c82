"""What the pages of the field fetch: whose session it is, and what a device carries along."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid
from grids.datum import require_point
from grids.login import entering
from grids.models import Person
from tickets import fieldwork
from tickets.views.doors import person_of, reading
from tickets.views.field.doors import is_afield, signed

KEPT = "private, no-cache"


@login_not_required
@reading
def session(request: HttpRequest) -> HttpResponse:
    """会话: who is logged in here now, a fresh token, and the time that counts."""
    person = request.user if isinstance(request.user, Person) else None
    told = {
        "person": person.actor_ref if person is not None else None,
        "name": person.name if person is not None else "",
        "csrf": get_token(request),
        "now": clock.now().isoformat(),
        "needs_factor": person is not None and entering.lacks_factor(request),
    }
    return JsonResponse(told)


@signed
def kit(request: HttpRequest) -> HttpResponse:
    """随身包: the same as last time costs nothing."""
    person, at = person_of(request), clock.now()
    if not is_afield(person, at=at):
        return JsonResponse({}, status=HTTPStatus.FORBIDDEN)
    tag = fieldwork.kit_tag(person, at)
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        answer = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        answer = JsonResponse(fieldwork.kit(person, at), json_dumps_params={"ensure_ascii": False})
    answer["ETag"] = tag
    answer["Cache-Control"] = KEPT
    return answer


@reading
def where(request: HttpRequest) -> HttpResponse:
    """这是哪里: grid, community and the nearest buildings of a point, also outside one's grids."""
    person, at = person_of(request), clock.now()
    if not is_afield(person, at=at):
        return JsonResponse({}, status=HTTPStatus.FORBIDDEN)
    try:
        lat, lng = (float(request.GET.get(name, "")) for name in ("lat", "lng"))
    except ValueError:
        raise Invalid(_("请用 lat 和 lng 写明位置，如 lat=30.2571&lng=120.1642。")) from None
    require_point(lat, lng)
    told = fieldwork.where(person, lat, lng, at)
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
