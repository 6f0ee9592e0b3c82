"""附件的门: one file of one ticket, for staff and for whoever holds a follow key."""

from typing import Any

from django.http import HttpRequest

from common import clock
from tickets.attachments import showing
from tickets.attachments.serving import serve
from tickets.views.doors import find, only, person_of, reading
from tickets.views.follow import door, known_key


@reading
def attachment(request: HttpRequest, number: str, pk: int) -> Any:
    """附件: of a ticket this person may see, if its photos are theirs to see."""
    person, at = person_of(request), clock.now()
    ticket = find(person, number, at=at)
    row = showing.find_inside(ticket, person, pk, at=at)
    return serve(request, row, is_outside=showing.is_outsider(person, ticket, at=at))


@door
@only("GET", "HEAD")
def follow_attachment(request: HttpRequest, token: str, pk: int) -> Any:
    """附件 behind a follow key: one's own, and what shows the outcome once it was answered."""
    key, _ticket = known_key(request, token, at=clock.now())
    return serve(request, showing.find_outside(key, pk), is_outside=True)
