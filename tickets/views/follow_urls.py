"""Doors behind a follow key."""

from django.urls import path

from tickets.views import attachment, follow

urlpatterns = [
    path("<slug:token>/", follow.page, name="follow"),
    path(
        "<slug:token>/attachments/<int:pk>/",
        attachment.follow_attachment,
        name="follow_attachment",
    ),
    path("<slug:token>/<slug:verb>/", follow.act, name="follow_verb"),
]
