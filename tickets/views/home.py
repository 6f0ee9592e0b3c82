"""首页: each to the page they work on all day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from common import clock
from tickets import desks, workloads
from tickets.figures import scope
from tickets.views.doors import person_of
from tickets.views.field.doors import is_afield

FACES = (
    ("desk", desks.serves),
    ("field", is_afield),
    ("unit", workloads.serves),
    ("figures", scope.may_see),
)
"""The first that opens; who may see several finds the others in the navigation (DESIGN §6)."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Whoever comes in without having asked for a page; others begin with what is theirs to do."""
    person, at = person_of(request), clock.now()
    return redirect(next((name for name, opens in FACES if opens(person, at=at)), "queue"))
