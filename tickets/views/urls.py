"""Doors of the staff pages."""

from django.urls import path

from tickets.views import (
    approvals,
    attachment,
    export,
    health,
    inbox,
    incidents,
    queue,
    report,
    reveal,
    ringing,
    search,
    suggest,
    supervisions,
    ticket,
    verbs,
)

urlpatterns = [
    path("healthz/sweeps", health.sweeps, name="healthz_sweeps"),
    path("metrics", health.figures, name="metrics"),
    path("", queue.queue, name="queue"),
    path("next/", queue.next_one, name="next"),
    path("report/", report.report, name="report"),
    path("search/", search.search, name="search"),
    path("search/phone/", search.phone, name="search_phone"),
    path("export/<slug:what>/", export.export, name="export"),
    path("inbox/", inbox.show, name="inbox"),
    path("inbox/read/", inbox.read, name="inbox_read"),
    path("incidents/", incidents.show, name="incidents"),
    path("incidents/<int:pk>/end/", incidents.end, name="incident_end"),
    path("supervisions/", supervisions.show, name="supervisions"),
    path("ringing/", ringing.rings, name="ringing"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/<slug:decision>/", approvals.decide, name="decide"),
    path("suggest/buildings/", suggest.buildings, name="suggest_buildings"),
    path("suggest/people/", suggest.people, name="suggest_people"),
    path("shapes.json", suggest.shapes, name="shapes"),
    path("tickets/<str:number>/attachments/<int:pk>/", attachment.attachment, name="attachment"),
    path("t/<str:number>/", ticket.ticket, name="ticket"),
    path("t/<str:number>/reveal/", reveal.reveal, name="reveal"),
    path("t/<str:number>/supervision.pdf", supervisions.paper, name="supervision_paper"),
    path("t/<str:number>/<slug:verb>/", verbs.act, name="verb"),
]
