"""Doors of the chain for programs, under /api/v1/."""

from django.urls import path

from tickets.api import (
    approvals,
    assists,
    attachments,
    clients,
    deadlines,
    exports,
    figures,
    inbox,
    incidents,
    me,
    patrol,
    reference,
    suggestions,
    tickets,
    verbs,
)

urlpatterns = [
    path("tickets/", tickets.Tickets.as_view(), name="api_tickets"),
    path(
        "tickets/by-external/<str:theirs>/",
        clients.ByExternal.as_view(),
        name="api_ticket_by_external",
    ),
    path("tickets/export/", exports.Tickets.as_view(), name="api_export_tickets"),
    path("tickets/<str:number>/", tickets.OneTicket.as_view(), name="api_ticket"),
    path("tickets/<str:number>/events/", tickets.Events.as_view(), name="api_events"),
    path(
        "tickets/<str:number>/attachments/",
        attachments.Attachments.as_view(),
        name="api_attachments",
    ),
    path(
        "tickets/<str:number>/attachments/<int:id>/",
        attachments.OneAttachment.as_view(),
        name="api_attachment",
    ),
    path("tickets/<str:number>/deadlines/", deadlines.Deadlines.as_view(), name="api_deadlines"),
    path("tickets/<str:number>/reveal/", tickets.Reveal.as_view(), name="api_reveal"),
    *(
        path(f"tickets/<str:number>/{verb}/", view.as_view(), name=f"api_{verb}")
        for verb, view in verbs.VIEWS.items()
    ),
    path("approvals/", approvals.Approvals.as_view(), name="api_approvals"),
    path("approvals/export/", exports.Approvals.as_view(), name="api_export_approvals"),
    *(
        path(f"approvals/<int:id>/{decision}/", view.as_view(), name=f"api_{decision}_approval")
        for decision, view in approvals.VIEWS.items()
    ),
    path("assists/", assists.Assists.as_view(), name="api_assists"),
    path("assists/export/", exports.Assists.as_view(), name="api_export_assists"),
    *(
        path(f"assists/<int:id>/{name}/", view.as_view(), name=f"api_{name}_one_assist")
        for name, view in assists.VIEWS.items()
    ),
    path("incidents/", incidents.Incidents.as_view(), name="api_incidents"),
    path("incidents/export/", exports.Incidents.as_view(), name="api_export_incidents"),
    path("patrol/", patrol.Patrol.as_view(), name="api_patrol"),
    path("patrol/check-ins/", patrol.CheckIns.as_view(), name="api_check_ins"),
    path("figures/", figures.Figures.as_view(), name="api_figures"),
    path("figures/report/", figures.PeriodReport.as_view(), name="api_figures_report"),
    path("figures/behind/", figures.Behind.as_view(), name="api_figures_behind"),
    path("categories/", reference.Categories.as_view(), name="api_categories"),
    path("divisions/", reference.Divisions.as_view(), name="api_divisions"),
    path("units/", reference.Units.as_view(), name="api_units"),
    path("buildings/", suggestions.Buildings.as_view(), name="api_buildings"),
    path("people/", suggestions.People.as_view(), name="api_people"),
    path("me/", me.Myself.as_view(), name="api_me"),
    path("me/turns/", me.Turns.as_view(), name="api_turns"),
    path("me/inbox/", inbox.Inbox.as_view(), name="api_inbox"),
    path("me/inbox/export/", exports.Inbox.as_view(), name="api_export_inbox"),
    path("me/inbox/read/", inbox.InboxRead.as_view(), name="api_inbox_read"),
]
