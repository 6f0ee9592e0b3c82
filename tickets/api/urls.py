"""Doors of the chain for programs, under /api/v1/."""

from django.urls import path

from tickets.api import tickets, verbs

urlpatterns = [
    path("tickets/", tickets.Tickets.as_view(), name="api_tickets"),
    path("tickets/<str:number>/", tickets.OneTicket.as_view(), name="api_ticket"),
    path("tickets/<str:number>/events/", tickets.Events.as_view(), name="api_events"),
    path("tickets/<str:number>/reveal/", tickets.Reveal.as_view(), name="api_reveal"),
    *(
        path(f"tickets/<str:number>/{verb}/", view.as_view(), name=f"api_{verb}")
        for verb, view in verbs.VIEWS.items()
    ),
]
