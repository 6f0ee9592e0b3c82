"""Pages of the field: one's tasks and reports, slim enough to be kept on a telephone."""

from datetime import datetime
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grids.models import Person
from tickets import dossier, fieldwork, lights, patrols, permits, standing, timeline
from tickets.attachments import showing
from tickets.forms.report import PatrolForm
from tickets.forms.verbs import VerbForm, verb_form
from tickets.models import Ticket
from tickets.models.checklist import CheckAnswer
from tickets.standing import Group
from tickets.views.doors import find
from tickets.views.field.doors import afield, signed
from tickets.views.report import CALLS
from tickets.views.ticket import Action

LAST = 5
MAY_LISTEN = "geolocation=(self), camera=(self), microphone=(self)"
"""For a voice memo; no other page asks for the microphone."""
MAY_BE_HEARD = {"media-src": [SELF, "blob:"]}
"""What was recorded on the page, before it is sent; nowhere else."""
MINE = 40
VERBS = ("verify", "rework", "confirm", "note", "attach")
"""What is done out there on somebody else's ticket."""


@afield
def home(request: HttpRequest, person: Person, at: datetime) -> HttpResponse:
    """网格端: one big button, and what waits."""
    words = {
        "waiting": len(fieldwork.tasks(person, at)),
        "rows": fieldwork.reported(person, at, LAST),
        "to_visit": patrols.due(person, at),
    }
    return render(request, "tickets/field/home.html", words)


@csp_update(MAY_BE_HEARD)
@afield
def report(request: HttpRequest, person: Person, at: datetime) -> HttpResponse:
    """上报: photo, place, what, send."""
    form = PatrolForm()
    photos = [form[name] for name in ("before_photos", "after_photos")]
    words = {
        "form": form, "calls": CALLS, "settle_photos": photos,
        "memo_seconds": settings.HUBIN_AUDIO_SECONDS, "check_answers": CheckAnswer.choices,
    }  # fmt: skip
    answer = render(request, "tickets/field/report.html", words)
    answer["Permissions-Policy"] = MAY_LISTEN
    return answer


@afield
def tasks(request: HttpRequest, person: Person, at: datetime) -> HttpResponse:
    """任务: by due date as they come, by distance once the telephone knows where it is."""
    return render(request, "tickets/field/tasks.html", {"rows": fieldwork.tasks(person, at)})


@afield
def mine(request: HttpRequest, person: Person, at: datetime) -> HttpResponse:
    """我报的, and what became of it."""
    rows = fieldwork.reported(person, at, MINE)
    return render(request, "tickets/field/mine.html", {"rows": rows})


@afield
def ticket(request: HttpRequest, person: Person, at: datetime, number: str) -> HttpResponse:
    """工单: without its reporter, since a copy stays on the telephone."""
    found = find(person, number, at=at, with_text=True)
    groups = standing.sees(person, found, at=at)
    can_read = Group.WORDS in groups
    steps = [event for event in dossier.record(found) if event.verb in timeline.PUBLIC_VERBS]
    files = showing.inside(found, person, at=at) if Group.PHOTOS in groups else []
    words = {
        "ticket": found,
        "text": getattr(found, "text", "") or "" if can_read else "",
        "can_read": can_read,
        "has_point": can_read and not found.is_sensitive and found.lat is not None,
        "light": lights.of_ticket(found, at=at),
        "became": fieldwork.became(found),
        "photos": [one for one in files if one.row.is_photo and not one.row.is_erased],
        "steps": [(event.at, timeline.title_of(event)) for event in steps],
        "doings": _doings(found, person, at),
    }
    return render(request, "tickets/field/ticket.html", words)


@signed
def queue(request: HttpRequest) -> HttpResponse:
    """待发送: drawn by the telephone from what it keeps; open to whoever is logged in."""
    return render(request, "tickets/field/queue.html")


def _doings(ticket: Ticket, person: Person, at: datetime) -> list[Any]:
    allowed = {move.verb: move for move in permits.allowed(person, ticket, at=at)}
    return [
        Action(allowed[verb], _form(verb, ticket, person, at), verb == VERBS[0])
        for verb in VERBS
        if verb in allowed
    ]


def _form(verb: str, ticket: Ticket, person: Person, at: datetime) -> VerbForm:
    """表单: what has to be filled in is said on the telephone, too, in the server's words."""
    form = verb_form(verb, ticket, person, at=at)
    for one in form.fields.values():
        if one.required:
            one.widget.attrs["data-lacking"] = str(one.error_messages["required"])
    return form
