"""查看联系方式: POST with a reason; shown once, in the answer to that post."""

from django.http import HttpRequest, HttpResponse

from common import clock
from common.errors import Invalid, Refused
from tickets import reveals
from tickets.forms.decisions import RevealForm
from tickets.views.desk import pane
from tickets.views.doors import find, person_of, posting
from tickets.views.ticket import Told


@posting
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """查看: logged, then shown; the address can not be opened again without a new reason."""
    person, at = person_of(request), clock.now()
    ticket = find(person, number, at=at)
    form = RevealForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        contact = reveals.reveal(ticket, by=person, at=at, reason=reason)
    except Refused as refused:
        if isinstance(refused, Invalid) and not form.errors:
            form.refuse(refused)
        return pane.answer(request, ticket, person, at=at, told=Told(refused=refused, reveal=form))
    return pane.answer(request, ticket, person, at=at, told=Told(contact=contact))
