"""工单 as PDF, to be printed and filed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from common import clock
from tickets import ticket_paper
from tickets.exporting import making
from tickets.models import Export
from tickets.models.export import ExportForm, ExportOf
from tickets.views.doors import find, person_of, reading


@reading
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """纸质件: who took it out of the house is kept like any export."""
    person, at = person_of(request), clock.now()
    ticket = find(person, number, at=at, with_text=True)
    making.count("paper", settings.HUBIN_PAPERS_AN_HOUR, by=person, at=at)
    made = ticket_paper.pdf_of(ticket, person, at=at)
    if request.method == "GET":
        Export.objects.create(
            person=person, what=ExportOf.PAPER, form=ExportForm.PDF, rows=1, at=at,
            asked={"ticket": number},
        )  # fmt: skip
    return sent(made, f"ticket-{number}.pdf")


def sent(made: bytes, name: str) -> HttpResponse:
    """A PDF to look at; kept by nobody on the way."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
